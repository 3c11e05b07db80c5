"""What corrections changed downstream: marked by whoever corrects, worked out by a worker (DOMAIN.md §7, §8).

Aggregates follow at once, so their cells are told before and after. Released figures, rankings and results rest on
editions: what still shows the old figure is named, and waits for the next release.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from config.wake import wake, wake_after_commit
from factors import public as factors
from interventions import public as interventions
from monitoring.aggregation import Cell, Combined, Line, touched
from monitoring.consequences import Moved, moved
from monitoring.measures import MEASURES
from monitoring.models import CorrectionEffect, OfferingFact, OutcomeReport, OutcomeReportHistory, ReleasedCell
from monitoring.models.report import ReportBase
from monitoring.periods import school_year_of, year_of
from monitoring.services.aggregation.cell_numbers import Subject, subjects_of
from monitoring.services.aggregation.lines import COUNTED, current_facts, line_of, lines_of
from monitoring.services.geography.area_tree import AreaTree, tree_of
from monitoring.services.locks import hold_if_free

STORE = "monitoring"
WORK_OUT = "monitoring.tasks.work_out_corrections"
AT_ONCE = 20
LISTED = 500
"""Most moved cells that are told of one correction; `cell_count` says how many there were."""


class Corrected(NamedTuple):
    """A report that has a new version: whose, which, and the version it got."""

    municipality_code: str
    organisation_code: str
    id: UUID | str
    version: int


def note(corrected: Sequence[OutcomeReport | Corrected], *, receipt_id: UUID | None = None) -> None:
    """Say that these reports have a new version; call it in the transaction that gives it to them.

    receipt_id: of the delivery that did; None: they were withdrawn.
    """
    owners: dict[tuple[str, str], list[OutcomeReport | Corrected]] = {}
    for report in corrected:
        owners.setdefault((report.municipality_code, report.organisation_code), []).append(report)
    CorrectionEffect.objects.bulk_create(
        CorrectionEffect(
            municipality_code=city, organisation_code=organisation, receipt_id=receipt_id,
            report_ids=[report.id for report in own], versions=[report.version for report in own],
        )
        for (city, organisation), own in owners.items()
    )  # fmt: skip
    if owners:
        wake_after_commit(WORK_OUT, store=STORE)


def work_out() -> int:
    """Work out what waits, one correction per transaction; returns how many. Raises StoreAway, and then all waits.

    A few at a time and by one worker at a time: the working aggregates must not wait behind it. The rest gets its turn.
    """
    done = 0
    while done < AT_ONCE and _one():
        done += 1
    if done == AT_ONCE:
        wake(WORK_OUT)
    return done


def _one() -> bool:
    with transaction.atomic(using=STORE):
        if not hold_if_free("corrections", "all"):
            return False
        waiting = CorrectionEffect.objects.filter(worked_out_at__isnull=True).order_by("made_at", "id")
        effect = waiting.select_for_update(skip_locked=True).first()
        if effect is None:
            return False
        _fill(effect)
        effect.worked_out_at = Now()
        effect.save()
    return True


def _fill(effect: CorrectionEffect) -> None:
    tree, facts = tree_of(effect.municipality_code), current_facts(effect.municipality_code)
    before, after = _versions(effect)
    known = {offering: facts[offering] for offering in {r.offering_code for r in after.values()} if offering in facts}
    found = _moved(before, after, facts, known, tree)
    effect.cell_count, effect.cells = len(found), [_told(one) for one in found[:LISTED]]
    effect.released = _released(effect.municipality_code, {one.cell for one in found})
    effect.results = [
        {"resultId": one.result_id, "planId": one.plan_id, "offeringCode": one.offering_code}
        for one in interventions.results_of_offerings(
            municipality_code=effect.municipality_code, offering_codes=sorted(known)
        )
    ]
    areas = sorted({one.cell.area for one in found})
    effect.rankings = [
        {"definitionCode": one.code, "areaCode": one.area_code, "rankingId": one.ranking_id}
        for one in factors.local_rankings(municipality_code=effect.municipality_code, area_codes=areas)
    ]


Versions = Mapping[UUID, ReportBase]


def _versions(effect: CorrectionEffect) -> tuple[Versions, Versions]:
    """Report → the version it got, and the one before that; a later correction does not change the answer."""
    got = dict(zip(effect.report_ids, effect.versions, strict=True))
    current = {report.id: report for report in OutcomeReport.objects.filter(id__in=got)}
    history: dict[tuple[UUID, int], OutcomeReportHistory] = {
        (old.report_id, old.version): old for old in OutcomeReportHistory.objects.filter(report_id__in=got)
    }
    after = {pk: current[pk] if current[pk].version == version else history[pk, version] for pk, version in got.items()}
    return {pk: history[pk, version - 1] for pk, version in got.items()}, after


def _moved(
    before: Versions, after: Versions, facts: dict[str, OfferingFact], known: dict[str, OfferingFact], tree: AreaTree
) -> list[Moved]:
    old, new = _counting(before.values(), known, tree), _counting(after.values(), known, tree)
    changed = {_key(line) for line in (*old, *new)}
    if not changed:
        return []
    subjects = set[Subject]().union(*(subjects_of(fact) for fact in known.values()))
    nearby = {code: fact for code, fact in facts.items() if not subjects.isdisjoint(subjects_of(fact))}
    measures = {line.measure for line in (*old, *new)}
    first, last = min(line.period.start for line in (*old, *new)), max(line.period.end for line in (*old, *new))
    years = min(year_of(first).start, school_year_of(first).start), max(year_of(last).end, school_year_of(last).end)
    lines = lines_of(nearby, tree, measures=measures, between=years)
    return list(moved(before=old, after=new, others=[line for line in lines if _key(line) not in changed]))


def _counting(reports: Collection[Any], known: dict[str, OfferingFact], tree: AreaTree) -> list[Line]:
    return [
        line_of(report, known[report.offering_code], tree)
        for report in reports
        if report.status in COUNTED and report.offering_code in known
    ]


def _key(line: Line) -> tuple[Any, ...]:
    return line.offering, line.measure, line.area, line.period


def _told(one: Moved) -> dict[str, Any]:
    cell = one.cell
    return {
        "subjectKind": cell.subject_kind, "subjectCode": cell.subject, "measure": cell.measure, "areaCode": cell.area,
        "period": cell.period.iso, "periodKind": cell.period.kind, "before": _counts(cell, one.before),
        "after": _counts(cell, one.after),
    }  # fmt: skip


def _counts(cell: Cell, combined: Combined | None) -> dict[str, int | None] | None:
    return None if combined is None else MEASURES[cell.measure].named(combined.counts)


def _released(municipality_code: str, cells: Collection[Cell]) -> list[int]:
    """Numbers of the releases with a cell that moved."""
    own = [cell for cell in cells if cell.subject_kind == "intervention"]
    if not own:
        return []
    keys = {(c.subject, c.measure, c.area, c.period.kind, c.period.start) for c in own}
    stood = ReleasedCell.objects.filter(
        release__municipality_code=municipality_code, intervention_code__in={c.subject for c in own},
        measure__in={c.measure for c in own}, area_code__in={c.area for c in own},
    )  # fmt: skip
    fields = ("intervention_code", "measure", "area_code", "period_kind", "period_start", "release__number")
    return sorted({number for *key, number in stood.values_list(*fields) if tuple(key) in keys})


def own_cells(effect: CorrectionEffect, report: OutcomeReport) -> list[dict[str, Any]]:
    """The moved cells that a report counts in."""
    fact = OfferingFact.objects.filter(current=True, offering_code=report.offering_code).first()
    if fact is None:
        return []
    line = line_of(report, fact, tree_of(report.municipality_code))
    own = {(c.subject_kind, c.subject, c.measure, c.area, c.period.kind, c.period.iso) for c in touched(line)}
    names = ("subjectKind", "subjectCode", "measure", "areaCode", "periodKind", "period")
    return [cell for cell in effect.cells if tuple(cell[name] for name in names) in own]
