"""What people enter: every fault at once, then the same services that every write goes through."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from config.errors import Conflict, Fault, NotFound, Refusal
from config.stores import StoreAway
from factors import public as factors
from interventions import services
from interventions.models import (
    Agreement,
    Intervention,
    InterventionDatabase,
    Offering,
    Organisation,
    ServiceType,
)
from interventions.services.announcing import STORE
from monitoring import public as monitoring

Values = dict[str, Any]


class AlreadyThere(Conflict):
    code = "already-exists"


def enter_organisation(*, values: Values, faults: Iterable[Fault], new: bool, actor: str) -> Organisation:
    """Create (new) or replace an organisation. Raises Refusal with the faults given, AlreadyThere."""
    return _enter(Organisation, values, list(faults), new, lambda one: services.save_organisation(
        organisation=one, actor=actor))  # fmt: skip


def enter_offering(
    *, values: Values, faults: Iterable[Fault], new: bool, actor: str, municipalities: Collection[str]
) -> Offering:
    """Create or replace an offering of one of these municipalities. Raises NotFound for any other."""
    _own(values, municipalities)
    found = [*faults, *_references(values, OFFERING_REFERENCES), *_backwards(values, "starts_on", "ends_on", "endsOn")]
    if not values.get("city_wide") and not values.get("area_codes"):
        found.append(Fault("#/areaCodes", "nowhere", _("Noem minstens één gebied, of de hele stad.")))
    found += _areas(values)
    return _enter(Offering, values, found, new, lambda one: services.save_offering(offering=one, actor=actor))


def enter_agreement(
    *, values: Values, faults: Iterable[Fault], new: bool, actor: str, municipalities: Collection[str]
) -> Agreement:
    """Create or replace an agreement of one of these municipalities. Raises NotFound for any other."""
    _own(values, municipalities)
    found = [*faults, *_backwards(values, "valid_from", "valid_until", "validUntil")]
    city = values.get("municipality_code")
    if "offering_id" in values and not Offering.objects.filter(pk=values["offering_id"], municipality_code=city):
        found.append(_unknown("#/offeringCode", values["offering_id"]))
    return _enter(Agreement, values, found, new, lambda one: services.save_agreement(agreement=one, actor=actor))


def enter_intervention(*, values: Values, faults: Iterable[Fault], new: bool, actor: str) -> Intervention:
    """Create or replace an intervention with its factors and its history of ladder levels."""
    links = values.pop("factors", {}).get("all", [])
    listings = values.pop("recognitions", {}).get("all", [])
    found = [*faults, *_domains(values), *_links(values.get("code", ""), links), *_listings(listings)]

    def save(one: Intervention) -> None:
        services.save_intervention(intervention=one, actor=actor)
        services.save_factors(intervention=one, links=[services.FactorLink(**link) for link in links], actor=actor)
        made = [
            services.Listing(level=given.pop("level_id"), database_code=given.pop("database_id"), **given)
            for given in map(dict, listings)
        ]
        services.save_recognitions(intervention=one, listings=made, actor=actor)

    return _enter(Intervention, values, found, new, save)


OFFERING_REFERENCES: tuple[tuple[str, str, type[models.Model]], ...] = (
    ("organisation_id", "organisationCode", Organisation),
    ("intervention_id", "interventionCode", Intervention),
    ("service_type_id", "serviceType", ServiceType),
)


def _enter(model: type[Any], values: Values, faults: list[Fault], new: bool, save: Any) -> Any:
    """Columns that nobody may enter (such as `demo`) keep what they were."""
    if faults:
        raise Refusal("", faults)
    with transaction.atomic(using=STORE):
        known = model.objects.filter(pk=values["code"]).first()
        if new and known is not None:
            detail = _("Deze code is al in gebruik.")
            raise AlreadyThere(detail, [Fault("#/code", AlreadyThere.code, detail, value=values["code"])])
        thing = known or model(code=values["code"])
        for name, value in values.items():
            setattr(thing, name, value)
        save(thing)
    return thing


def _own(values: Values, municipalities: Collection[str]) -> None:
    if "municipality_code" in values and values["municipality_code"] not in municipalities:
        raise NotFound()


def _unknown(location: str, value: str) -> Fault:
    return Fault(location, "unknown-code", _("Deze code kennen wij niet."), value=value)


def _references(values: Values, references: Iterable[tuple[str, str, type[models.Model]]]) -> list[Fault]:
    return [
        _unknown(f"#/{shown}", values[name])
        for name, shown, model in references
        if name in values and not model._default_manager.filter(pk=values[name]).exists()
    ]


def _backwards(values: Values, start: str, end: str, shown: str) -> list[Fault]:
    if values.get(start) and values.get(end) and values[end] < values[start]:
        return [Fault(f"#/{shown}", "ends-before-start", _("Het einde ligt voor het begin."))]
    return []


def _areas(values: Values) -> list[Fault]:
    """Areas the city does not have in the year the offering starts; not checked while monitoring is away."""
    if not values.get("area_codes") or not {"municipality_code", "starts_on"} <= set(values):
        return []
    city, year = values["municipality_code"], values["starts_on"].year
    try:
        places = monitoring.city_places(municipality_code=city, year=year)
    except StoreAway:
        return []
    known = {code for place in places for code in (place.code, *place.above)}
    detail = _("Dit gebied had deze gemeente in dat jaar niet.")
    return [
        Fault(f"#/areaCodes/{number}", "unknown-area", detail, value=code)
        for number, code in enumerate(values["area_codes"])
        if code not in known
    ]


def _domains(values: Values) -> list[Fault]:
    known = {domain.code for pillar in factors.pillars() for domain in pillar.domains}
    return [
        _unknown(f"#/domainCodes/{number}", code)
        for number, code in enumerate(values.get("domain_codes", ()))
        if code not in known
    ]


def _links(code: str, links: list[Values]) -> list[Fault]:
    """Factors no published model has, unless the link is there already; and factors named twice."""
    asked = [link["factor_code"] for link in links]
    linked = Intervention.objects.filter(code=code).values_list("factors__factor_code", flat=True)
    known = {*factors.factor_labels(codes=asked), *linked}
    twice = _("Deze factor staat er al.")
    return [_unknown(f"#/factors/{n}/factorCode", one) for n, one in enumerate(asked) if one not in known] + [
        Fault(f"#/factors/{n}/factorCode", "twice", twice, value=one) for n, one in enumerate(asked) if one in asked[:n]
    ]


def _listings(listings: list[Values]) -> list[Fault]:
    databases = set(InterventionDatabase.objects.values_list("code", flat=True))
    found = []
    for number, one in enumerate(listings):
        here = f"#/recognitions/{number}"
        if one["database_id"] and one["database_id"] not in databases:
            found.append(_unknown(f"{here}/databaseCode", one["database_id"]))
        if one["valid_until"] and one["valid_until"] <= one["valid_from"]:
            found.append(Fault(f"{here}/validUntil", "ends-before-start", _("Het einde ligt voor het begin.")))
        if one["valid_from"] in [other["valid_from"] for other in listings[:number]]:
            found.append(Fault(f"{here}/validFrom", "twice", _("Op deze dag begint al een andere trede.")))
    return found
