"""Keeping the working aggregates: claim what is stale, recompute those cells from their reports (DOMAIN.md §8).

One writer per municipality at a time (advisory lock). Marks are deleted in the transaction that writes the cells: a
worker that dies leaves both as they were.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connections, transaction
from django.db.models import F, Sum

from config.loading import LoadReport
from monitoring.models import AggregateMark, OfferingFact, OutcomeReport
from monitoring.services.aggregation import cell_rebuild, cells
from monitoring.services.locks import hold

STORE = "monitoring"
CLAIMED_AT_ONCE = 20_000
ALIKE = ("municipality_code", "offering_code", "measure", "period_kind", "period_start")


def mark(reports: Iterable[OutcomeReport]) -> None:
    """Say that the cells of these reports are stale; call it in the transaction that changes the reports."""
    areas: dict[tuple[Any, ...], list[str]] = {}
    for report in reports:
        areas.setdefault(tuple(getattr(report, name) for name in ALIKE), []).append(report.area_code)
    AggregateMark.objects.bulk_create(
        AggregateMark(**dict(zip(ALIKE, shared, strict=True)), area_codes=codes) for shared, codes in areas.items()
    )


def mark_around(fact: OfferingFact) -> None:
    """Say that every cell of what the offering counts for is stale: who is expected to deliver there has changed."""
    subjects = cells.subjects_of(fact)
    facts = OfferingFact.objects.filter(current=True, municipality_code=fact.municipality_code)
    near = [one.offering_code for one in facts if not subjects.isdisjoint(cells.subjects_of(one))]
    mark(OutcomeReport.objects.filter(municipality_code=fact.municipality_code, offering_code__in=near))


def mark_for_new_areas(loaded: LoadReport) -> None:
    """Say that every cell is stale if areas came or changed, or how they lie in each other.

    Call it in the transaction that loads them.
    """
    if loaded.created or loaded.updated:
        alike = ", ".join(ALIKE)
        with connections[STORE].cursor() as cursor:
            cursor.execute(f"""
                INSERT INTO monitoring_aggregatemark ({alike}, area_codes)
                SELECT {alike}, array_agg(area_code) FROM monitoring_outcomereport GROUP BY {alike}
            """)  # noqa: S608 - the columns are ours


def refresh() -> int:
    """Recompute until nothing is stale; returns how many reports were worked off."""
    done = 0
    while municipality := AggregateMark.objects.order_by("id").values_list("municipality_code", flat=True).first():
        claimed = refresh_some(municipality_code=municipality)
        if not claimed:  # somebody else holds what is left
            break
        done += claimed
    return done


def refresh_some(*, municipality_code: str, limit: int = CLAIMED_AT_ONCE) -> int:
    """One bite: claim marks of a municipality and recompute the cells they touch, in one transaction.

    limit: how many reports, or a few more: a mark is claimed whole. When so much is stale that all cells are computed
    sooner than those, all marks are claimed.
    """
    with transaction.atomic(using=STORE):
        hold("aggregates", [municipality_code])
        claimed = _claim(municipality_code, limit)
        waiting = len(claimed) + (_left(municipality_code) if len(claimed) >= limit else 0)
        if claimed and not cells.recompute(municipality_code, claimed, waiting=waiting):
            claimed += _claim(municipality_code, None)
            cell_rebuild.rebuild_all(municipality_code)
    return len(claimed)


def _claim(municipality_code: str, limit: int | None) -> list[cells.Mark]:
    """(offering, measure, area, period kind, period start) of the reports of the marks taken, oldest first."""
    sql = """
        WITH free AS (
            SELECT id, cardinality(area_codes) AS reports FROM monitoring_aggregatemark WHERE municipality_code = %s
            ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
        ), counted AS (
            SELECT id, sum(reports) OVER (ORDER BY id) - reports AS older FROM free
        ), taken AS (
            DELETE FROM monitoring_aggregatemark AS mark USING counted
            WHERE mark.id = counted.id AND (counted.older < %s) IS NOT FALSE
            RETURNING mark.*
        )
        SELECT offering_code, measure, unnest(area_codes), period_kind, period_start FROM taken
    """
    with connections[STORE].cursor() as cursor:
        cursor.execute(sql, [municipality_code, limit, limit])
        return list(cursor.fetchall())


def _left(municipality_code: str) -> int:
    """How many reports are marked still."""
    left = AggregateMark.objects.filter(municipality_code=municipality_code)
    return left.aggregate(count=Sum(F("area_codes__len")))["count"] or 0


def rebuild(*, municipality_code: str) -> int:
    """Compute every cell from scratch; returns how many rows changed. Zero says the incremental state was right."""
    with transaction.atomic(using=STORE):
        hold("aggregates", [municipality_code])
        AggregateMark.objects.filter(municipality_code=municipality_code).delete()
        return cell_rebuild.rebuild_all(municipality_code)


def verify(*, municipality_code: str) -> int:
    """Work off what is marked, then rebuild; returns how many cells the incremental state had wrong."""
    with transaction.atomic(using=STORE):
        hold("aggregates", [municipality_code])
        while claimed := _claim(municipality_code, CLAIMED_AT_ONCE):
            cells.recompute(municipality_code, claimed)
        return cell_rebuild.rebuild_all(municipality_code)
