"""Marking rankings as stale; written in the transaction of what makes them so."""

from django.db import transaction

from config.wake import wake_after_commit
from factors.models import RankingDefinition, RankingMark
from factors.querysets import RankingDefinitionQuerySet

COMPUTE = "factors.tasks.compute_stale_rankings"
FOLLOWED = frozenset({"release.published", "observations.loaded"})
"""Kinds of events of the monitoring store that can change local figures."""


def mark(definitions: RankingDefinitionQuerySet, *, reason: str) -> int:
    """Mark definitions as stale and wake a worker after the commit. Returns how many."""
    with transaction.atomic(using="default"):
        marks = [RankingMark(definition_id=code, reason=reason) for code in definitions.values_list("code", flat=True)]
        RankingMark.objects.bulk_create(marks)
        if marks:
            wake_after_commit(COMPUTE, store="default")
    return len(marks)


def mark_local(*, kind: str) -> int:
    """Mark what an event of the monitoring store touches: the definitions of one area that use its figures."""
    if kind not in FOLLOWED:
        return 0
    return mark(RankingDefinition.objects.with_local_data(), reason=kind)
