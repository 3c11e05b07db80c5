"""Keeping monitoring's own dated copy of the offerings, from the default store's outbox."""

from datetime import date
from typing import Any

from django.db import transaction

from config.days import day_of
from config.ledger import outbox
from config.ledger.outbox import Event
from config.wake import wake_after_commit
from monitoring.models import MeasurementPlan, OfferingFact
from monitoring.services.aggregation import aggregates, cells
from monitoring.services.planning import agreed_plans, plans
from monitoring.services.planning.changed_service import follow_service

STORE = "monitoring"
READER = "offering-facts"
REFRESH = "monitoring.tasks.refresh_aggregates"


def follow_default() -> int:
    """Take over what happened to offerings, and what was agreed on measuring them; returns how many events were read.

    One reader for both, so that an offering is known before anything is agreed about it.
    """
    return outbox.follow(source="default", target=STORE, reader=READER, handle=_take_over_event)


def _take_over_event(event: Event) -> None:
    if event.kind == agreed_plans.KIND:
        agreed_plans.take_over_agreements(event.payload)
    else:
        take_over(event)


def take_over(event: Event) -> None:
    """Keep an offering's newest facts, let its plans follow, mark the cells it has a part in."""
    if event.kind != "offering.changed":
        return
    with transaction.atomic(using=STORE):
        before = OfferingFact.objects.filter(offering_code=event.payload["offeringCode"], current=True).first()
        if before is not None and (before.xid, before.position) > (event.xid, event.position):
            _keep_as_history(event)
            return
        if before is not None:
            OfferingFact.objects.filter(pk=before.pk).update(current=False)
        fact = OfferingFact.objects.create(xid=event.xid, position=event.position, **_fields(event.payload))
        if before is not None:
            _keep_plans(before, fact)
        if before is None:
            plans.propose_plans(fact)
        elif before.service_type != fact.service_type:
            follow_service(before, fact, day_of(fact.known_from))
        _mark(before, fact)


def _keep_as_history(event: Event) -> None:
    """What came in late was true once and is so no longer."""
    OfferingFact.objects.create(xid=event.xid, position=event.position, current=False, **_fields(event.payload))


def _keep_plans(before: OfferingFact, fact: OfferingFact) -> None:
    plans.follow_start(offering_code=fact.offering_code, before=before.starts_on, after=fact.starts_on)
    MeasurementPlan.objects.filter(offering_code=fact.offering_code).update(
        organisation_code=fact.organisation_code, municipality_code=fact.municipality_code
    )


def _mark(before: OfferingFact | None, fact: OfferingFact) -> None:
    """Who is expected where may have changed; an offering that moved to other subjects leaves its old cells."""
    if before is not None and _belongs(before) != _belongs(fact):
        for city in sorted({before.municipality_code, fact.municipality_code}):
            aggregates.rebuild(municipality_code=city)
    elif before is None or _expectation(before) != _expectation(fact):
        aggregates.mark_around(fact)
        wake_after_commit(REFRESH, store=STORE)


def _belongs(fact: OfferingFact) -> tuple[Any, ...]:
    return fact.municipality_code, fact.organisation_code, cells.subjects_of(fact)


def _expectation(fact: OfferingFact) -> tuple[Any, ...]:
    return fact.city_wide, sorted(fact.area_codes), fact.starts_on, fact.ends_on, fact.service_type


def _fields(payload: dict[str, Any]) -> dict[str, Any]:
    return {
        "offering_code": payload["offeringCode"],
        "municipality_code": payload["municipalityCode"],
        "organisation_code": payload["organisationCode"],
        "intervention_code": payload["interventionCode"],
        "service_type": payload["serviceType"],
        "city_wide": payload["cityWide"],
        "area_codes": payload["areaCodes"],
        "factor_codes": payload["factorCodes"],
        "domain_codes": payload.get("domainCodes", []),  # announcements of before 2026-11-26 have none
        "starts_on": date.fromisoformat(payload["startsOn"]),
        "ends_on": date.fromisoformat(payload["endsOn"]) if payload["endsOn"] else None,
        "agreements": payload["agreements"],
        "intended_reach": payload["intendedReach"],
        "demo": payload["demo"],
    }
