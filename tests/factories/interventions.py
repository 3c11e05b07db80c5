"""Organisations, interventions and offerings with fixed dates, saved through the services."""

from datetime import date
from typing import Any

from interventions.models import Agreement, Intervention, Offering, Organisation
from interventions.services import register

ACTOR = "test"
START = date(2024, 1, 1)


def organisation(code: str = "org-a", **given: Any) -> Organisation:
    thing = Organisation(code=code, **{"name": f"Organisatie {code}"} | given)
    register.save_organisation(organisation=thing, actor=ACTOR)
    return thing


def intervention(code: str = "method-a", *, factors: tuple[str, ...] = (), level: int | None = None,
                 **given: Any) -> Intervention:  # fmt: skip
    """level: held from START on; none: never listed."""
    given = {"name_nl": f"Aanpak {code}", "name_en": f"Approach {code}", "kind": "method"} | given
    thing = Intervention(code=code, **given)
    links = [register.FactorLink(factor, basis="test", direction="strengthen") for factor in factors]
    register.save_intervention(intervention=thing, actor=ACTOR)
    register.save_factors(intervention=thing, links=links, actor=ACTOR)
    if level is not None:
        listing = register.Listing(level=level, valid_from=START, database_code="youth-nji")
        register.save_recognitions(intervention=thing, listings=[listing], actor=ACTOR)
    return thing


def new_offering(code: str = "offering-a", **given: Any) -> Offering:
    """Not saved; in the whole of GM0363 unless areas are given."""
    usual = {
        "municipality_code": "GM0363",
        "organisation_id": "org-a",
        "intervention_id": "method-a",
        "service_type_id": "contact-moments",
        "name_nl": f"Aanbod {code}",
        "city_wide": not given.get("area_codes"),
        "starts_on": START,
    }
    return Offering(code=code, **usual | given)


def offering(code: str = "offering-a", **given: Any) -> Offering:
    """Saved, with the organisation and intervention it names if they are not there yet."""
    thing = new_offering(code, **given)
    if not Organisation.objects.filter(code=thing.organisation_id).exists():
        organisation(thing.organisation_id)
    if not Intervention.objects.filter(code=thing.intervention_id).exists():
        intervention(thing.intervention_id)
    register.save_offering(offering=thing, actor=ACTOR)
    return thing


def new_agreement(code: str = "agreement-a", **given: Any) -> Agreement:
    usual = {"municipality_code": "GM0363", "offering_id": "offering-a", "amount": 1000, "valid_from": START}
    return Agreement(code=code, **usual | given)


def agreement(code: str = "agreement-a", **given: Any) -> Agreement:
    thing = new_agreement(code, **given)
    register.save_agreement(agreement=thing, actor=ACTOR)
    return thing
