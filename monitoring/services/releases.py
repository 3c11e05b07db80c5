"""Making a release: a numbered, frozen edition of a municipality's safe figures (DOMAIN.md §8)."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

import orjson
from django.db import transaction

from config.ledger import jobs, outbox, records
from monitoring.aggregation import Cell, Combined, Expectation, aggregate, expected
from monitoring.disclosure import Slot, Table, protect
from monitoring.measures import MEASURES
from monitoring.models import Job, OutcomeReport, Release, ReleasedCell
from monitoring.models.report import ReportStatus
from monitoring.periods import Period
from monitoring.release_tables import TableKey, tables
from monitoring.services.area_tree import tree_of
from monitoring.services.lines import RELEASABLE, current_facts, expectations_of, lines_of
from monitoring.services.locks import hold, hold_if_free

STORE = "monitoring"
TASK, KIND = "monitoring.tasks.make_releases", "release"
Known = dict[TableKey, dict[Slot, int]]


def ask_for_release(*, municipality_code: str, actor: str, day: date, minimum: int) -> Job:
    """Queue a release of the figures up to `day`; a worker makes it."""
    given = {"day": day.isoformat(), "minimum": minimum}
    job: Job = jobs.ask(
        store=STORE, kind=KIND, task=TASK, requested_by=actor, municipality_code=municipality_code, given=given
    )
    return job


def make_asked_releases() -> int:
    """Make every release that was asked for, one at a time per municipality; returns how many jobs ended."""
    return jobs.work_off(store=STORE, kind=KIND, carry_out=_carry_out)


def _carry_out(job: Job) -> str:
    if not hold_if_free("release", job.municipality_code):
        raise jobs.NotNow
    release = create_release(
        municipality_code=job.municipality_code, actor=job.requested_by, day=date.fromisoformat(job.input["day"]),
        minimum=job.input["minimum"],
    )  # fmt: skip
    return f"/v1/releases/{release.id}"


def create_release(*, municipality_code: str, actor: str, day: date, minimum: int) -> Release:
    """Freeze the figures of all accepted reports over periods that have ended by `day`.

    minimum: the smallest count that may be shown. One release at a time per municipality; all or nothing.
    """
    with transaction.atomic(using=STORE):
        hold("release", [municipality_code])
        included = _acceptable(municipality_code, day)
        cells, demo = _cells(municipality_code, day, minimum)
        release = Release.objects.create(
            municipality_code=municipality_code, number=_next_number(municipality_code), released_by=actor,
            minimum=minimum, checksum=_checksum(cells), cell_count=len(cells), demo=demo,
            withheld_count=sum(any(cell.withheld) for cell in cells),
        )  # fmt: skip
        for cell in cells:
            cell.release = release
        ReleasedCell.objects.bulk_create(cells, batch_size=2000)
        _publish(included)
        _announce(release, actor)
    return release


def _acceptable(municipality_code: str, day: date) -> dict[UUID, int]:
    """The accepted reports that a release of that day takes in, with their versions."""
    reports = OutcomeReport.objects.filter(
        municipality_code=municipality_code, status=ReportStatus.ACCEPTED, period_end__lte=day
    )
    return dict(reports.values_list("id", "version"))


def _publish(included: dict[UUID, int]) -> None:
    """Accepted becomes published; one that was corrected meanwhile waits for the next release."""
    rows = OutcomeReport.objects.select_for_update().filter(id__in=included, status=ReportStatus.ACCEPTED)
    same = [pk for pk, version in rows.values_list("id", "version") if version == included[pk]]
    OutcomeReport.objects.filter(id__in=same).update(status=ReportStatus.PUBLISHED)


def _next_number(municipality_code: str) -> int:
    newest = Release.objects.filter(municipality_code=municipality_code).order_by("-number").first()
    return 1 if newest is None else newest.number + 1


def _announce(release: Release, actor: str) -> None:
    said = {"municipalityCode": release.municipality_code, "number": release.number, "releaseId": str(release.id)}
    outbox.write(store=STORE, kind="release.published", payload=said)
    records.audit(
        store=STORE, actor=actor, action="release.created", resource="releases", resource_code=str(release.id),
        municipality_code=release.municipality_code, after=said | {"checksum": release.checksum},
    )  # fmt: skip


def _cells(municipality_code: str, day: date, minimum: int) -> tuple[list[ReleasedCell], bool]:
    tree, facts = tree_of(municipality_code), current_facts(municipality_code)
    lines = [line for line in lines_of(facts, tree, statuses=RELEASABLE) if line.period.end <= day]
    working, due = aggregate(lines), expectations_of(facts, tree)
    found = []
    for key, table in tables(lines, tree.levels, _known(municipality_code)):
        found += list(_safe(key, table, protect(table, minimum), working, due))
    return found, bool(facts) and all(fact.demo for fact in facts.values())


def _known(municipality_code: str) -> Known:
    """Every number that earlier releases showed."""
    found: Known = defaultdict(dict)
    shown = ReleasedCell.objects.filter(release__municipality_code=municipality_code).order_by("release__number", "id")
    for cell in shown.iterator():
        key = TableKey(cell.intervention_code, cell.measure, cell.period_start.year)
        period = Period(cell.period_kind, cell.period_start, cell.period_end)  # type: ignore[arg-type]
        for (name, _parts), value in zip(MEASURES[cell.measure].shown, cell.counts, strict=True):
            if value is not None:
                found[key][Slot(cell.area_code, period, name)] = value
    return found


def _safe(
    key: TableKey,
    table: Table,
    withheld: frozenset[Slot],
    working: Mapping[Cell, Combined],
    due: Mapping[str, list[Expectation]],
) -> Iterator[ReleasedCell]:
    for area, period in sorted({(slot.area, slot.period) for slot in table.slots}):
        slots = [Slot(area, period, name) for name, _parts in MEASURES[key.measure].shown]
        cell = Cell("intervention", key.intervention, key.measure, area, period)
        offerings = working[cell].offerings
        yield ReleasedCell(
            intervention_code=key.intervention, measure=key.measure, area_code=area, period_kind=period.kind,
            period_start=period.start, period_end=period.end, withheld=[slot in withheld for slot in slots],
            counts=[table.value(s) if s in table.slots and s not in withheld else None for s in slots],
            deliverer_count=len(offerings), expected_count=expected(cell, offerings, due.get(key.measure, ())),
        )  # fmt: skip


def _checksum(cells: list[ReleasedCell]) -> str:
    """SHA-256 of the cells in canonical JSON: the same figures give the same sum."""
    rows = [
        [c.intervention_code, c.measure, c.area_code, c.period_kind, c.period_start.isoformat(), c.counts, c.withheld]
        for c in cells
    ]
    return hashlib.sha256(orjson.dumps(rows)).hexdigest()
