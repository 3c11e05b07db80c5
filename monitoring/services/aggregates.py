"""Keeping the working aggregates: claim what is stale, recompute those cells from their reports (DOMAIN.md §8).

One writer per municipality at a time (advisory lock). Marks are deleted in the transaction that writes the cells: a
worker that dies leaves both as they were.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connections, transaction
from django.db.models import QuerySet

from monitoring.aggregation import Cell, Combined, Expectation, Line, aggregate, expected, touched
from monitoring.models import Aggregate, AggregateMark, OfferingFact, OutcomeReport
from monitoring.periods import Period, month_of, quarter_of, school_year_of, year_of
from monitoring.services.area_tree import AreaTree, tree_of
from monitoring.services.lines import current_facts, expectations_of, lines_of
from monitoring.services.locks import hold

STORE = "monitoring"
CLAIMED_AT_ONCE = 1000
KEY = ("municipality_code", "subject_kind", "subject_code", "measure", "area_code", "period_kind", "period_start")
VALUES = ("organisation_code", "period_end", "counts", "lowest", "highest", "report_count", "deliverer_count",
          "expected_count")  # fmt: skip
PERIOD_OF = {"month": month_of, "quarter": quarter_of, "year": year_of, "school-year": school_year_of}

Mark = tuple[Any, ...]


def mark(reports: Iterable[OutcomeReport]) -> None:
    """Say that the cells of these reports are stale; call it in the transaction that changes the reports."""
    AggregateMark.objects.bulk_create(
        AggregateMark(municipality_code=r.municipality_code, offering_code=r.offering_code, measure=r.measure,
                      area_code=r.area_code, period_kind=r.period_kind, period_start=r.period_start)
        for r in reports
    )  # fmt: skip


def mark_intervention(municipality_code: str, intervention_code: str) -> None:
    """Say that every cell of an intervention is stale."""
    offerings = OfferingFact.objects.filter(current=True, intervention_code=intervention_code).values("offering_code")
    mark(OutcomeReport.objects.filter(municipality_code=municipality_code, offering_code__in=offerings))


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
    """One bite: claim marks of a municipality and recompute the cells they touch, in one transaction."""
    with transaction.atomic(using=STORE):
        hold("aggregates", [municipality_code])
        claimed = _claim(municipality_code, limit)
        if claimed:
            _recompute(tree_of(municipality_code), claimed)
    return len(claimed)


def _claim(municipality_code: str, limit: int) -> list[Mark]:
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


def _recompute(tree: AreaTree, claimed: list[Mark]) -> None:
    """The cells that the marked keys count in, from all reports that can count in them."""
    facts = current_facts(tree.municipality)
    stale = {cell for key in set(claimed) if key[0] in facts for cell in touched(_marked(key, facts, tree))}
    if not stale:
        return
    subjects, measures = {cell.subject for cell in stale}, {cell.measure for cell in stale}
    nearby = {c: f for c, f in facts.items() if c in subjects or f.intervention_code in subjects}
    first, last = min(cell.period.start for cell in stale), max(cell.period.end for cell in stale)
    lines = lines_of(nearby, tree, measures=measures, between=(first, last))
    stored = Aggregate.objects.filter(
        municipality_code=tree.municipality, subject_code__in=subjects, measure__in=measures, period_start__gte=first
    )
    keys = {_cell_key(tree.municipality, cell) for cell in stale}
    _write(_rows(aggregate(lines, only=stale), facts, tree), [row for row in stored if _key(row) in keys])


def _marked(key: Mark, facts: dict[str, OfferingFact], tree: AreaTree) -> Line:
    """A line without counts that lies where the mark lies."""
    offering, measure, area, kind, start = key
    fact, period = facts[offering], PERIOD_OF[kind](start)
    return Line(offering, fact.intervention_code, fact.organisation_code, measure, area, tree.places(area), period, ())


def rebuild(*, municipality_code: str) -> int:
    """Compute every cell from scratch; returns how many rows changed. Zero says the incremental state was right."""
    with transaction.atomic(using=STORE):
        hold("aggregates", [municipality_code])
        AggregateMark.objects.filter(municipality_code=municipality_code).delete()
        tree, facts = tree_of(municipality_code), current_facts(municipality_code)
        rows = _rows(aggregate(lines_of(facts, tree)), facts, tree)
        return _write(rows, Aggregate.objects.filter(municipality_code=municipality_code))


def _write(rows: Iterable[Aggregate], stored: QuerySet[Aggregate] | list[Aggregate]) -> int:
    """Make the stored rows equal to `rows`, writing only what differs; returns how many differed."""
    known, wanted = {_key(row): row for row in stored}, {_key(row): row for row in rows}
    gone = [row.pk for key, row in known.items() if key not in wanted]
    changed = [row for key, row in wanted.items() if key not in known or not _same(known[key], row)]
    if gone:
        Aggregate.objects.filter(pk__in=gone).delete()
    Aggregate.objects.bulk_create(
        changed, batch_size=2000, update_conflicts=True, unique_fields=KEY, update_fields=VALUES
    )
    return len(gone) + len(changed)


def _rows(cells: dict[Cell, Combined], facts: dict[str, OfferingFact], tree: AreaTree) -> Iterable[Aggregate]:
    expectations: dict[str, list[Expectation]] = expectations_of(facts, tree)
    for cell, combined in cells.items():
        fact = facts.get(cell.subject) if cell.subject_kind == "offering" else None
        yield Aggregate(
            municipality_code=tree.municipality, subject_kind=cell.subject_kind, subject_code=cell.subject,
            organisation_code=fact.organisation_code if fact else "", measure=cell.measure, area_code=cell.area,
            period_kind=cell.period.kind, period_start=cell.period.start, period_end=cell.period.end,
            counts=list(combined.counts), lowest=combined.lowest, highest=combined.highest,
            report_count=combined.reports, deliverer_count=len(combined.offerings),
            expected_count=expected(cell, combined.offerings, expectations.get(cell.measure, ())),
        )  # fmt: skip


def _key(row: Aggregate) -> tuple[Any, ...]:
    return tuple(getattr(row, field) for field in KEY)


def _cell_key(municipality_code: str, cell: Cell) -> tuple[Any, ...]:
    period: Period = cell.period
    return municipality_code, cell.subject_kind, cell.subject, cell.measure, cell.area, period.kind, period.start


def _same(stored: Aggregate, row: Aggregate) -> bool:
    return all(getattr(stored, field) == getattr(row, field) for field in VALUES)
