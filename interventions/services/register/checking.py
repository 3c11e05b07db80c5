"""Rules about what is entered, for one body and for all rows of a file alike.

Every check takes the values of rows by model field and yields the number of a row with what is wrong in it.
`fresh`: codes that the same file brings, by table; they count as known.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from config.errors import Fault
from config.stores import StoreAway
from config.tables import nearest
from factors import public as factors
from interventions.models import (
    Intervention,
    InterventionDatabase,
    InterventionFactor,
    Offering,
    Organisation,
    ServiceType,
)
from monitoring import public as monitoring

Values = Mapping[str, Any]
Found = Iterator[tuple[int, Fault]]
Fresh = Mapping[str, Collection[str]]
STAYING = {"organisation_id": "organisationCode", "municipality_code": "municipalityCode"}
MOST_HINTS = 25
"""Unknown codes per column for which the nearest known one is looked up; it takes milliseconds each."""


def offering_faults(rows: Sequence[Values], fresh: Fresh | None = None) -> Found:
    """What an offering refers to, its period and where it is."""
    brought = fresh or {}
    yield from _references(rows, "organisation_id", "organisationCode", Organisation, brought.get("organisations", ()))
    yield from _references(rows, "intervention_id", "interventionCode", Intervention, brought.get("interventions", ()))
    yield from _references(rows, "service_type_id", "serviceType", ServiceType)
    yield from _backwards(rows, "starts_on", "ends_on", "endsOn")
    for number, values in enumerate(rows):
        if not values.get("city_wide") and not values.get("area_codes"):
            yield number, Fault("#/areaCodes", "nowhere", _("Noem minstens één gebied, of de hele stad."))
    yield from _areas(rows)


def moved_faults(rows: Sequence[Values]) -> Found:
    """An offering that is there stays with its organisation and municipality: what was delivered of it is theirs."""
    asked = [values["code"] for values in rows if "code" in values]
    stored = {one["code"]: one for one in Offering.objects.filter(code__in=asked).values("code", *STAYING)}
    detail = _(
        "Wat over dit aanbod is geleverd, hoort bij zijn uitvoerder en gemeente. Laat het eindigen, en maak voor een "
        "andere uitvoerder of gemeente nieuw aanbod."
    )
    for number, values in enumerate(rows):
        was = stored.get(values.get("code", ""), {})
        for name, shown in STAYING.items():
            if was and values.get(name) not in (None, was[name]):
                yield number, Fault(f"#/{shown}", "cannot-move", detail, value=values[name], expected=was[name])


def agreement_faults(rows: Sequence[Values], fresh: Mapping[str, str] | None = None) -> Found:
    """The offering of an agreement is one of the same municipality. fresh: offering → municipality, from the file."""
    yield from _backwards(rows, "valid_from", "valid_until", "validUntil")
    asked = {values["offering_id"] for values in rows if "offering_id" in values}
    stored = dict(Offering.objects.filter(pk__in=asked).values_list("code", "municipality_code"))
    cities = stored | dict(fresh or {})
    wrong: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, values in enumerate(rows):
        code, city = values.get("offering_id"), values.get("municipality_code")
        if code is not None and city is not None and cities.get(code) != city:
            wrong[city].append((number, code))
    for city, ones in wrong.items():
        ours = Offering.objects.filter(municipality_code=city).values_list("code", flat=True)
        own = [*ours, *(code for code, its in (fresh or {}).items() if its == city)]
        hints = _hints(sorted({code for _number, code in ones}), lambda own=own: own)
        for number, code in ones:
            yield number, _unknown("#/offeringCode", code, hints.get(code))


def intervention_faults(rows: Sequence[Values]) -> Found:
    """Domains that are none of the nine, and a larger whole that does not exist."""
    parents = [{"parent_code": values.get("parent_code") or None} for values in rows]
    yield from _references(
        parents, "parent_code", "parentCode", Intervention, {str(values.get("code")) for values in rows}
    )
    known = {domain.code for pillar in factors.pillars() for domain in pillar.domains}
    for number, values in enumerate(rows):
        for place, code in enumerate(values.get("domain_codes", ())):
            if code not in known:
                yield number, _unknown(f"#/domainCodes/{place}", code, nearest(code, known))


def link_faults(rows: Sequence[Values]) -> Found:
    """Factors no published model has, unless the link is there already; and factors named twice."""
    asked = {values["factor_code"] for values in rows if "factor_code" in values}
    codes = {values.get("intervention_id", "") for values in rows}
    links = InterventionFactor.objects.filter(intervention__in=codes, factor_code__in=asked)
    linked = set(links.values_list("intervention_id", "factor_code"))
    known = factors.factor_labels(codes=asked)
    hints = _hints(sorted(asked - set(known)), factors.factor_codes) if asked - set(known) else {}
    for number, values in enumerate(rows):
        code = values.get("factor_code")
        if code is not None and code not in known and (values.get("intervention_id", ""), code) not in linked:
            yield number, _unknown("#/factorCode", code, hints.get(code))
    yield from twice(rows, ("intervention_id", "factor_code"), "factorCode", _("Deze factor staat er al."))


def listing_faults(rows: Sequence[Values]) -> Found:
    """Databases that do not exist, levels that end before they begin, two levels from the same day."""
    yield from _references(rows, "database_id", "databaseCode", InterventionDatabase)
    for number, values in enumerate(rows):
        start, end = values.get("valid_from"), values.get("valid_until")
        if start and end and end <= start:
            yield number, Fault("#/validUntil", "ends-before-start", _("Het einde ligt voor het begin."))
    yield from twice(rows, ("intervention_id", "valid_from"), "validFrom", _("Op deze dag begint al een andere trede."))


def owner_faults(rows: Sequence[Values], fresh: Fresh) -> Found:
    """Interventions that a row is about and that do not exist."""
    yield from _references(rows, "intervention_id", "interventionCode", Intervention, fresh.get("interventions", ()))


def twice(rows: Sequence[Values], key: Sequence[str], shown: str, detail: str) -> Found:
    """Rows with the same key as an earlier one; rows without a whole key are passed over."""
    seen = set()
    for number, values in enumerate(rows):
        identity = tuple(values.get(name, "") for name in key)
        if identity[-1] == "":
            continue
        if identity in seen:
            yield number, Fault(f"#/{shown}", "twice", detail, value=str(identity[-1]))
        seen.add(identity)


def _unknown(location: str, value: str, expected: str | None) -> Fault:
    """A code that does not exist, with the nearest that does."""
    return Fault(location, "unknown-code", _("Deze code kennen wij niet."), value=value, expected=expected)


def _references(
    rows: Sequence[Values], name: str, shown: str, model: type[models.Model], fresh: Collection[str] = ()
) -> Found:
    asked = {values[name] for values in rows if values.get(name) is not None} - set(fresh)
    stored = model._default_manager.filter(pk__in=asked).values_list("pk", flat=True)
    wrong = asked - set(stored)
    if not wrong:
        return
    hints = _hints(sorted(wrong), lambda: [*model._default_manager.values_list("pk", flat=True), *fresh])
    for number, values in enumerate(rows):
        if values.get(name) in wrong:
            yield number, _unknown(f"#/{shown}", values[name], hints.get(values[name]))


def _hints(wrong: Iterable[str], known: Any) -> dict[str, str | None]:
    every = known()
    return {code: nearest(code, every) for code in islice(wrong, MOST_HINTS)}


def _backwards(rows: Sequence[Values], start: str, end: str, shown: str) -> Found:
    for number, values in enumerate(rows):
        if values.get(start) and values.get(end) and values[end] < values[start]:
            yield number, Fault(f"#/{shown}", "ends-before-start", _("Het einde ligt voor het begin."))


def _areas(rows: Sequence[Values]) -> Found:
    """Areas the city does not have in the year the offering starts, unless the offering names them already.

    Not checked while monitoring is away.
    """
    asked: dict[tuple[str, int], list[int]] = defaultdict(list)
    for number, values in enumerate(rows):
        if values.get("area_codes") and {"municipality_code", "starts_on"} <= set(values):
            asked[values["municipality_code"], values["starts_on"].year].append(number)
    codes = [rows[number].get("code") for numbers in asked.values() for number in numbers]
    named = dict(Offering.objects.filter(code__in=codes).values_list("code", "area_codes")) if codes else {}
    for (city, year), numbers in asked.items():
        try:
            places = monitoring.city_places(municipality_code=city, year=year)
        except StoreAway:
            return
        known = {code for place in places for code in (place.code, *place.above)}
        wrong = {number: set(rows[number]["area_codes"]) - known - set(named.get(str(rows[number].get("code")), ()))
                 for number in numbers}  # fmt: skip
        hints = _hints(sorted(set().union(*wrong.values())), lambda known=known: known)
        for number in numbers:
            yield from ((number, fault) for fault in _places(rows[number]["area_codes"], wrong[number], hints))


def _places(codes: Sequence[str], wrong: Collection[str], hints: Mapping[str, str | None]) -> Iterator[Fault]:
    detail = _("Dit gebied had deze gemeente in dat jaar niet.")
    for place, code in enumerate(codes):
        if code in wrong:
            yield Fault(f"#/areaCodes/{place}", "unknown-area", detail, value=code, expected=hints.get(code))
