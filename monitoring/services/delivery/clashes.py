"""What right reports have against each other, or against what their sender calls by their name."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext as _

from config.errors import Fault
from config.languages import pick
from monitoring.aggregation import UNKNOWN
from monitoring.completeness import CALENDAR
from monitoring.free_text import safe
from monitoring.measure_words import SHEETS
from monitoring.models import OutcomeReport
from monitoring.periods import Period
from monitoring.received import Filled
from monitoring.services.delivery.known import Checked
from monitoring.services.delivery.overlaps import OVERLAPS, others, told_beside

Key = tuple[Any, ...]  # offering, measure, start and kind of period, area
IN_USE, OTHER_ID = "external-id-in-use", "known-by-other-id"
OWN_IDS_ONCE = "outcome_report_external_id_once"


def clashes(found: Mapping[int, Checked], path: str, file: Filled | None = None) -> Iterator[tuple[int, Fault]]:
    """What is wrong with reports of a delivery, each at its place in it; one fault each. file: that they stood in."""
    told = dict(_of_two_kinds(found, path))
    told |= _twice(found, path, file)
    yield from told.items()
    yield from _by_name({number: one for number, one in found.items() if number not in told}, path)


def _of_two_kinds(found: Mapping[int, Checked], path: str) -> Iterator[tuple[int, Fault]]:
    """Reports over periods of different kinds that share days: which was meant is not ours to say."""
    kinds: dict[tuple[str, str], set[Period]] = {}
    for one in {report.series for report in found.values()}:
        kinds.setdefault((one.fact.offering_code, one.measure.code), set()).add(one.period)
    mixed = {about for about, periods in kinds.items() if any(not periods.isdisjoint(others(one)) for one in periods)}
    told: dict[tuple[str, ...], dict[int, Period]] = {}
    for number, (series, area, *_counts) in found.items() if mixed else ():
        about = series.fact.offering_code, series.measure.code
        if about in mixed:
            told.setdefault((*about, area), {})[number] = series.period
    for periods in told.values():
        for number, period in periods.items():
            if shared := set(others(period)).intersection(periods.values()):
                yield number, Fault(f"{path.format(number)}/period", OVERLAPS, told_beside(shared), value=period.short)


def _twice(found: Mapping[int, Checked], path: str, file: Filled | None) -> dict[int, Fault]:
    """The same report more than once: the first is taken if all say the same, else none."""
    if len({one[:2] for one in found.values()}) == len(found):
        return {}
    places: dict[tuple[Any, ...], list[int]] = {}
    for number, report in found.items():
        places.setdefault(report[:2], []).append(number)
    faults = {}
    for same in places.values():
        alike = len({found[number] for number in same}) == 1
        for number in same[1:] if alike else same:
            where = _where(same[number == same[0]], path, file)
            faults[number] = Fault(path.format(number), "duplicate-report", _told_twice(where, alike=alike))
    return faults


def _told_twice(where: str, *, alike: bool) -> str:
    if alike:
        return _("Deze rapportage staat ook op %(place)s. Haal een van beide weg.") % {"place": where}
    return _(
        "Op %(place)s staat dezelfde rapportage met andere gegevens. Wij weten niet welke klopt: haal er een weg."
    ) % {"place": where}


def _where(number: int, path: str, file: Filled | None) -> str:
    """Where in a delivery a report stands, as its sender finds it."""
    if file is None:
        return path.format(number)
    place = file.place(number)
    words = _("regel %(row)d van werkblad %(sheet)s") if place.sheet else _("regel %(row)d")
    return words % {"row": place.row, "sheet": place.sheet}


def _by_name(found: Mapping[int, Checked], path: str) -> Iterator[tuple[int, Fault]]:
    """An own id that already names another report, and another own id for a report that has one: it keeps the id by
    which its sender knows it."""
    if not any(one.external_id for one in found.values()):
        return
    taken, named = _own_ids(found.values())
    for number, report in found.items():
        own_id, key = (report.series.fact.organisation_code, report.external_id), (*report.series.key, report.area_code)
        at = f"{path.format(number)}/externalId"
        if report.external_id and taken.setdefault(own_id, key) != key:
            yield number, Fault(at, IN_USE, _in_use_by(taken[own_id]), value=safe(report.external_id))
        elif report.external_id and named.get(key, report.external_id) != report.external_id:
            detail = _(
                "Deze rapportage is bij ons bekend onder kenmerk %(known)s. Dat blijft zo: noem dat, of geen kenmerk."
            )
            yield number, Fault(at, OTHER_ID, detail % {"known": named[key]}, value=safe(report.external_id),
                                expected=safe(named[key]))  # fmt: skip


def _own_ids(found: Iterable[Checked]) -> tuple[dict[tuple[str, str], Key], dict[Key, str]]:
    """(organisation, own id) → natural key, and the other way round: for the own ids of this delivery that are in use,
    and for its reports that have one. One query."""
    given = [report for report in found if report.external_id]
    owners, codes, measures, starts, areas, ids = map(set, zip(*(
        (one.series.fact.organisation_code, one.series.fact.offering_code, one.series.measure.code,
         one.series.period.start, one.area_code, one.external_id) for one in given), strict=True))  # fmt: skip
    same_id = Q(organisation_code__in=owners, external_id__in=ids)
    same_key = Q(offering_code__in=codes, measure__in=measures, period_start__in=starts, area_code__in=areas)
    reports = list(OutcomeReport.objects.filter(same_id | same_key).exclude(external_id=""))
    return {(r.organisation_code, r.external_id): _key(r) for r in reports}, {_key(r): r.external_id for r in reports}


def _in_use_by(key: Key) -> str:
    detail = _(
        "Dit kenmerk hoort al bij een andere rapportage: %(report)s. Kies een ander kenmerk, of trek die eerst in."
    )
    return detail % {"report": in_words(key)}


def in_words(key: Key) -> str:
    """A report as its sender knows it."""
    offering, measure, start, kind, area = key
    words = {"measure": pick(SHEETS[measure], measure), "offering": offering, "period": CALENDAR[kind](start).short}
    if area == UNKNOWN:
        return _("%(measure)s van %(offering)s over %(period)s, woonplaats onbekend") % words
    return _("%(measure)s van %(offering)s over %(period)s, gebied %(area)s") % (words | {"area": area})


def in_use_elsewhere(problem: IntegrityError) -> Fault:
    """For what the database refused; raises it again when it is something else. A sender that does not speak for its
    organisation in another municipality does not see the reports there, but they have own ids too."""
    if OWN_IDS_ONCE not in str(problem):
        raise problem
    detail = _("Een kenmerk gebruikt uw organisatie al voor een rapportage in een andere gemeente. Kies een ander.")
    return Fault("#", IN_USE, detail)


def _key(report: OutcomeReport) -> Key:
    return report.offering_code, report.measure, report.period_start, report.period_kind, report.area_code
