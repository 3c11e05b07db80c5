"""Marking rankings as stale; written in the transaction of what makes them so."""

from typing import Any

from django.db import transaction

from config.wake import wake_after_commit
from factors.models import RankingDefinition, RankingMark
from factors.querysets import RankingDefinitionQuerySet
from monitoring import public as monitoring

COMPUTE = "factors.tasks.compute_stale_rankings"
COUNTRY = "NL00"
"""What a municipality's own figures are held against."""


def mark(definitions: RankingDefinitionQuerySet, *, reason: str) -> int:
    """Mark definitions as stale and wake a worker after the commit. Returns how many."""
    with transaction.atomic(using="default"):
        marks = [RankingMark(definition_id=code, reason=reason) for code in definitions.values_list("code", flat=True)]
        RankingMark.objects.bulk_create(marks)
        if marks:
            wake_after_commit(COMPUTE, store="default")
    return len(marks)


def mark_local(*, kind: str, said: dict[str, Any]) -> int:
    """Mark what an event of another app touches: definitions of an area whose figures it can have changed.

    said: the event's payload; it names areas, or a municipality. A definition reads its own area, the municipality it
    lies in and the country, so only those of a named one are meant, and all when the country is, or nothing is named.
    A release, and which factors an intervention works on, are read only by those in which partners' scores weigh;
    loaded observations count only when an indicator of them says how often a factor occurs. Equal figures give the
    ranking that is there already.
    """
    local = _reading(kind, said)
    if local is None:
        return 0
    areas = {*said.get("areaCodes", ()), *filter(None, [said.get("municipalityCode")])}
    if areas and COUNTRY not in areas:
        local = local.filter(code__in=[row.code for row in local if areas & read_by(row)])
    return mark(local, reason=kind)


def _reading(kind: str, said: dict[str, Any]) -> RankingDefinitionQuerySet | None:
    """The definitions that read what this event changes, in any area; None when no ranking does."""
    if kind in ("release.published", "intervention-factors.changed"):
        return RankingDefinition.objects.with_partner_scores()
    if kind != "observations.loaded":
        return None
    loaded = said.get("indicatorCodes")
    if loaded is not None and not monitoring.tell_prevalence(indicator_codes=loaded):
        return None
    return RankingDefinition.objects.with_local_data()


def read_by(definition: RankingDefinition) -> set[str]:
    """Codes of the areas whose figures the definition reads."""
    area = monitoring.area(code=definition.area_code)
    return {definition.area_code, area.municipality_code or ""} if area else {definition.area_code}
