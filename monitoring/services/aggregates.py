"""Keeping the working aggregates: claim what is stale, recompute those cells from their reports (DOMAIN.md §8).

One writer per municipality at a time (advisory lock). Marks are deleted in the transaction that writes the cells: a
worker that dies leaves both as they were.
"""

from collections.abc import Iterable

from django.db import connections, transaction

from monitoring.models import AggregateMark, OfferingFact, OutcomeReport
from monitoring.services import cells
from monitoring.services.locks import hold

STORE = "monitoring"
CLAIMED_AT_ONCE = 5000


def mark(reports: Iterable[OutcomeReport]) -> None:
    """Say that the cells of these reports are stale; call it in the transaction that changes the reports."""
    AggregateMark.objects.bulk_create(
        AggregateMark(municipality_code=r.municipality_code, offering_code=r.offering_code, measure=r.measure,
                      area_code=r.area_code, period_kind=r.period_kind, period_start=r.period_start)
        for r in reports
    )  # fmt: skip


def mark_around(fact: OfferingFact) -> None:
    """Say that every cell of what the offering counts for is stale: who is expected to deliver there has changed."""
    subjects = cells.subjects_of(fact)
    facts = OfferingFact.objects.filter(current=True, municipality_code=fact.municipality_code)
    near = [one.offering_code for one in facts if not subjects.isdisjoint(cells.subjects_of(one))]
    mark(OutcomeReport.objects.filter(municipality_code=fact.municipality_code, offering_code__in=near))


def refresh() -> int:
    """Recompute until nothing is stale; returns how many marks were worked off."""
    done = 0
    while municipality := AggregateMark.objects.order_by("id").values_list("municipality_code", flat=True).first():
        claimed = refresh_some(municipality_code=municipality)
        if not claimed:  # somebody else holds what is left
            break
        done += claimed
    return done


def refresh_some(*, municipality_code: str, limit: int = CLAIMED_AT_ONCE) -> int:
    """One bite: claim marks of a municipality and recompute the cells they touch, in one transaction.

    When so much is stale that all cells are computed sooner than those, all marks are claimed.
    """
    with transaction.atomic(using=STORE):
        hold("aggregates", [municipality_code])
        claimed = _claim(municipality_code, limit)
        left = AggregateMark.objects.filter(municipality_code=municipality_code) if len(claimed) == limit else None
        waiting = len(claimed) + (left.count() if left is not None else 0)
        if claimed and not cells.recompute(municipality_code, claimed, waiting=waiting):
            claimed += _claim(municipality_code, None)
            cells.rebuild_all(municipality_code)
    return len(claimed)


def _claim(municipality_code: str, limit: int | None) -> list[cells.Mark]:
    """(offering, measure, area, period kind, period start) of the marks taken."""
    sql = """
        DELETE FROM monitoring_aggregatemark AS mark USING (
            SELECT id FROM monitoring_aggregatemark WHERE municipality_code = %s
            ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
        ) AS chosen WHERE mark.id = chosen.id
        RETURNING mark.offering_code, mark.measure, mark.area_code, mark.period_kind, mark.period_start
    """
    with connections[STORE].cursor() as cursor:
        cursor.execute(sql, [municipality_code, limit])
        return list(cursor.fetchall())


def rebuild(*, municipality_code: str) -> int:
    """Compute every cell from scratch; returns how many rows changed. Zero says the incremental state was right."""
    with transaction.atomic(using=STORE):
        hold("aggregates", [municipality_code])
        AggregateMark.objects.filter(municipality_code=municipality_code).delete()
        return cells.rebuild_all(municipality_code)


def verify(*, municipality_code: str) -> int:
    """Work off what is marked, then rebuild; returns how many cells the incremental state had wrong."""
    with transaction.atomic(using=STORE):
        hold("aggregates", [municipality_code])
        while claimed := _claim(municipality_code, CLAIMED_AT_ONCE):
            cells.recompute(municipality_code, claimed)
        return cells.rebuild_all(municipality_code)
