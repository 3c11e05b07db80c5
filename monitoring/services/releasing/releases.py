"""Making a release: a numbered, frozen edition of a municipality's safe figures (DOMAIN.md §8)."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction

from accounts import public as accounts
from config.days import start_of
from config.ledger import jobs, outbox, records
from monitoring.aggregation import Cell, Combined, Expectation, aggregate, expected
from monitoring.disclosure import Slot, Table, protect
from monitoring.measures import MEASURES
from monitoring.models import Job, OutcomeReport, Release, ReleasedCell
from monitoring.models.report import ReportStatus
from monitoring.periods import month_of, quarter_of, year_of
from monitoring.release_tables import Atom, TableKey, base_atoms, table_of
from monitoring.services.aggregation.lines import accepted_lines, current_facts, expectations_of
from monitoring.services.geography.area_tree import tree_of
from monitoring.services.locks import hold, hold_if_free
from monitoring.services.releasing.disclosure_minimums import Chosen, minimums_of
from monitoring.services.releasing.release_bases import earlier_editions, keep

STORE = "monitoring"
TASK, KIND = "monitoring.tasks.make_releases", "release"
SCHEDULE = "schedule"
PERIOD_OF = {"month": month_of, "quarter": quarter_of, "year": year_of}


def ask_for_release(*, municipality_code: str, actor: str, day: date, minimum: int) -> Job:
    """Queue a release of the figures up to `day`; a worker makes it."""
    given = {"day": day.isoformat(), "minimum": minimum}
    job: Job = jobs.ask(
        store=STORE, kind=KIND, task=TASK, requested_by=actor, municipality_code=municipality_code, given=given
    )
    return job


def ask_for_due_releases(*, day: date, every: str, delay: int, minimum: int) -> list[str]:
    """Ask for a release of each municipality that has none since the newest period was `delay` days over.

    every: month, quarter or year. Only where reports wait to be released. Returns the municipalities asked for.
    """
    ended = PERIOD_OF[every](day - timedelta(days=delay)).start
    due_since = ended + timedelta(days=delay)
    with transaction.atomic(using=STORE):
        hold("release-schedule", ["all"])
        waiting = OutcomeReport.objects.filter(status=ReportStatus.ACCEPTED, period_end__lte=ended)
        done = Release.objects.filter(released_at__gte=start_of(due_since)).values("municipality_code")
        asked = Job.objects.filter(kind=KIND, created_at__gte=start_of(due_since)).values("municipality_code")
        cities = waiting.exclude(municipality_code__in=done).exclude(municipality_code__in=asked)
        found = sorted(set(cities.values_list("municipality_code", flat=True)))
        for city in found:
            ask_for_release(municipality_code=city, actor=SCHEDULE, day=day, minimum=minimum)
    return found


def make_asked_releases() -> int:
    """Make every release that was asked for, one at a time per municipality; returns how many jobs ended."""
    return jobs.work_off(store=STORE, kind=KIND, carry_out=_carry_out, may=_may)


def _may(job: Job) -> bool:
    return accounts.still_may(actor=job.requested_by, scope="releases.write", municipality_code=job.municipality_code)


def _carry_out(job: Job) -> str:
    if not hold_if_free("release", job.municipality_code):
        raise jobs.NotNow
    release = create_release(
        municipality_code=job.municipality_code, actor=job.requested_by, day=date.fromisoformat(job.input["day"]),
        minimum=job.input["minimum"],
    )  # fmt: skip
    return f"/v1/releases/{release.id}"


def create_release(*, municipality_code: str, actor: str, day: date, minimum: int) -> Release:
    """Freeze the figures of all reports over periods that have ended by `day`, each as it was last accepted.

    minimum: the smallest count that may be shown where the municipality decided on no other. One release at a time per
    municipality; all or nothing.
    """
    with transaction.atomic(using=STORE):
        hold("release", [municipality_code])
        included = _acceptable(municipality_code, day)
        minimums = minimums_of(municipality_code, minimum)
        made = _make(municipality_code, day, minimums)
        release = Release.objects.create(
            municipality_code=municipality_code, number=_next_number(municipality_code), released_by=actor,
            minimum=minimum, minimums=_deviating(minimums, minimum), checksum=_checksum(made.cells),
            cell_count=len(made.cells), demo=made.demo,
            withheld_count=sum(any(cell.withheld) for cell in made.cells),
        )  # fmt: skip
        for cell in made.cells:
            cell.release = release
        ReleasedCell.objects.bulk_create(made.cells, batch_size=2000)
        keep(release, made.tables)
        _publish(included)
        _announce(release, actor)
    return release


def _deviating(minimums: Mapping[str, Chosen], default: int) -> list[dict[str, Any]]:
    return [
        {"measure": measure, "minimum": chosen.minimum, "reason": chosen.reason}
        for measure, chosen in minimums.items()
        if chosen.minimum != default
    ]


def _acceptable(municipality_code: str, day: date) -> dict[UUID, int]:
    """The accepted reports that a release of that day takes in, with their versions."""
    reports = OutcomeReport.objects.filter(
        municipality_code=municipality_code, status=ReportStatus.ACCEPTED, period_end__lte=day
    )
    return dict(reports.values_list("id", "version"))


def _publish(included: dict[UUID, int]) -> None:
    """Accepted becomes published; one that was corrected meanwhile waits for the next release.

    Deliveries of these organisations wait: two who lock the same reports, each in an order of its own, may deadlock.
    """
    organisations = OutcomeReport.objects.filter(id__in=included).values_list("organisation_code", flat=True)
    hold("delivery", organisations.distinct())
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


@dataclass(frozen=True)
class Made:
    """What goes into a release. tables: the true numbers behind the cells. demo: all of it is invented."""

    cells: list[ReleasedCell]
    tables: dict[TableKey, tuple[Atom, ...]]
    demo: bool


def _make(municipality_code: str, day: date, minimums: Mapping[str, Chosen]) -> Made:
    tree, facts = tree_of(municipality_code), current_facts(municipality_code)
    lines = accepted_lines(facts, tree, until=day)
    working, due = aggregate(lines), expectations_of(facts, tree)
    earlier, tables = earlier_editions(municipality_code), base_atoms(lines, tree.levels)
    cells: list[ReleasedCell] = []
    for key, atoms in tables.items():
        before, minimum = earlier.get(key, []), minimums[key.measure].minimum
        table = table_of(MEASURES[key.measure], atoms, tree.levels, before)
        withheld = before[-1].withheld_again(atoms, table, minimum) if before else None
        cells += _safe(key, table, protect(table, minimum) if withheld is None else withheld, working, due)
    return Made(cells, tables, bool(facts) and all(fact.demo for fact in facts.values()))


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
        combined = working[cell]
        offerings = combined.offerings
        yield ReleasedCell(
            intervention_code=key.intervention, measure=key.measure, area_code=area, period_kind=period.kind,
            period_start=period.start, period_end=period.end, withheld=[slot in withheld for slot in slots],
            counts=[table.value(s) if s in table.slots and s not in withheld else None for s in slots],
            unpaired=MEASURES[key.measure].unpaired(combined.counts, combined.paired),
            deliverer_count=len(offerings), expected_count=expected(cell, offerings, due.get(key.measure, ())),
        )  # fmt: skip


def _checksum(cells: list[ReleasedCell]) -> str:
    """SHA-256 of the cells in canonical JSON: the same figures give the same sum."""
    rows = [
        [c.intervention_code, c.measure, c.area_code, c.period_kind, c.period_start.isoformat(), c.counts, c.withheld,
         c.unpaired]
        for c in cells
    ]  # fmt: skip
    return hashlib.sha256(orjson.dumps(rows)).hexdigest()
