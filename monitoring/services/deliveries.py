"""Taking in a delivery: checked as a whole, stored once, answered with a receipt (DOMAIN.md §7)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID, uuid4

import structlog
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from config.errors import Fault, Refusal
from config.ledger import records
from config.wake import wake_after_commit
from monitoring.models import OutcomeReport, OutcomeReportHistory, Receipt
from monitoring.models.report import ReportBase, ReportStatus
from monitoring.outliers import usual_range
from monitoring.services import aggregates, corrections
from monitoring.services.intake import Checked, Sender, check, known_for, safe
from monitoring.services.lines import COUNTED
from monitoring.services.locks import hold
from monitoring.services.receipts import Place, Question, Row, left_out, make_receipt

STORE = "monitoring"
REFRESH = "monitoring.tasks.refresh_aggregates"
COPIED = [f.name for f in ReportBase._meta.get_fields() if hasattr(f, "attname")]
CHANGING = ("counts", "explanation", "external_id", "status", "version", "recorded_at", "recorded_by", "receipt_id")

Mode = Literal["refuse", "atomic", "perItem"]
PATHS = {"single": "#", "batch": "#/requests/{}", "file": "#/{}"}
Stored = dict[tuple[Any, ...], OutcomeReport]


class RejectedDelivery(Refusal):
    """Nothing was stored; holds every fault of every report."""


@dataclass(frozen=True)
class Judged:
    """One report of a delivery after the checks: without faults, or with all it has."""

    index: int
    checked: Checked | None
    faults: tuple[Fault, ...]


def deliver(
    *,
    raws: Sequence[Any],
    sender: Sender,
    day: date,
    channel: str = "single",
    mode: Mode = "refuse",
    places: Sequence[Place] = (),
    dry_run: bool = False,
) -> tuple[Receipt, bool]:
    """Store the reports and give the receipt and whether any report is new.

    raws: parsed JSON as received. day: today. mode: what faults do: `refuse` the call (RejectedDelivery), `atomic`
    store nothing and say so in the receipt, or `perItem` leave out the faulty reports. places: where in a file each
    report stands. A dry run does all the same in the same transaction and rolls back. Two equal deliveries at once
    wait for each other.
    """
    with transaction.atomic(using=STORE):
        hold("delivery", (organisation for _city, organisation in sender.speaks_for))
        judged = _judge(raws, sender, day, PATHS[channel])
        faults = [fault for one in judged for fault in one.faults]
        if faults and mode == "refuse":
            raise RejectedDelivery(_("Er is niets bewaard. Verbeter de fouten en stuur de levering opnieuw."), faults)
        receipt_id = uuid4()
        wanted = [] if faults and mode == "atomic" else judged
        settled = _settle([(one.index, one.checked) for one in wanted if one.checked], sender, receipt_id)
        rows = [settled.get(one.index) or left_out(one.index, one.faults) for one in judged]
        _store(list(settled.values()), sender)
        receipt = make_receipt(rows, sender, receipt_id, channel, places)
        if dry_run:
            transaction.set_rollback(True, using=STORE)
    return receipt, any(row.new for row in rows)


def _judge(raws: Sequence[Any], sender: Sender, day: date, path: str) -> list[Judged]:
    known = known_for(raws, sender)
    judged = [Judged(i, *check(raw, known=known, day=day, path=path.format(i))) for i, raw in enumerate(raws)]
    clashes = dict(_clashes({one.index: one.checked for one in judged if one.checked}, path))
    return [Judged(one.index, None, (clashes[one.index],)) if one.index in clashes else one for one in judged]


def _clashes(found: Mapping[int, Checked], path: str) -> Iterator[tuple[int, Fault]]:
    """The same report twice in one delivery, and an own id that already names another report."""
    seen = set()
    taken = _external_ids(found.values())
    for index, report in found.items():
        own_id = report.fact.organisation_code, report.external_id
        if report.key in seen:
            yield (
                index,
                Fault(path.format(index), "duplicate-report", _("Deze rapportage staat twee keer in de levering.")),
            )
        elif report.external_id and taken.setdefault(own_id, report.key) != report.key:
            detail = _("Dit kenmerk gebruikte u al voor een andere rapportage.")
            at = f"{path.format(index)}/externalId"
            yield index, Fault(at, "external-id-in-use", detail, value=safe(report.external_id))
        seen.add(report.key)


def _external_ids(found: Iterable[Checked]) -> dict[tuple[str, str], tuple[Any, ...]]:
    """(organisation, own id) → natural key, for the own ids of this delivery that are in use. One query at most."""
    given = {(report.fact.organisation_code, report.external_id) for report in found if report.external_id}
    if not given:
        return {}
    owners, ids = zip(*given, strict=True)
    reports = OutcomeReport.objects.filter(organisation_code__in=owners, external_id__in=ids)
    return {(r.organisation_code, r.external_id): _key(r) for r in reports}


def _key(report: OutcomeReport) -> tuple[Any, ...]:
    return report.offering_code, report.measure, report.period_start, report.period_kind, report.area_code


def _settle(checked: Sequence[tuple[int, Checked]], sender: Sender, receipt_id: UUID) -> dict[int, Row]:
    """Decide per report what it is, against all that the offerings delivered before. One query."""
    offerings, measures = {c.fact.offering_code for _i, c in checked}, {c.measure.code for _i, c in checked}
    stored: Stored = {
        _key(r): r for r in OutcomeReport.objects.filter(offering_code__in=offerings, measure__in=measures)
    }
    history: dict[tuple[Any, ...], list[OutcomeReport]] = {}
    for report in stored.values():
        if report.status in COUNTED:
            history.setdefault(_series(report), []).append(report)
    return {index: _row(index, c, stored.get(c.key), history, sender, receipt_id) for index, c in checked}


def _series(report: OutcomeReport) -> tuple[Any, ...]:
    return report.offering_code, report.measure, report.period_kind, report.area_code


def _row(
    index: int,
    checked: Checked,
    before: OutcomeReport | None,
    history: dict[tuple[Any, ...], list[OutcomeReport]],
    sender: Sender,
    receipt_id: UUID,
) -> Row:
    new = _report(checked, sender, receipt_id)
    if before is not None and before.status != ReportStatus.WITHDRAWN and _content(before) == _content(new):
        return Row(index, "unchanged", False, before)
    questions = _questions(checked, history.get(_series(new), ()))
    new.status = ReportStatus.SUBMITTED if questions else ReportStatus.ACCEPTED
    if before is not None:
        new.id, new.version = before.id, before.version + 1
    outcome = "questioned" if questions else "created" if before is None else "updated"
    return Row(index, outcome, before is None, new, questions)


def _content(report: OutcomeReport) -> tuple[Any, ...]:
    return tuple(report.counts), report.explanation, report.external_id


def _report(checked: Checked, sender: Sender, receipt_id: UUID) -> OutcomeReport:
    fact, period = checked.fact, checked.period
    return OutcomeReport(
        municipality_code=fact.municipality_code, organisation_code=fact.organisation_code,
        offering_code=fact.offering_code, measure=checked.measure.code, period_kind=period.kind,
        period_start=period.start, period_end=period.end, area_code=checked.area_code, counts=list(checked.counts),
        explanation=checked.explanation, external_id=checked.external_id, recorded_by=sender.id,
        receipt_id=receipt_id, demo=fact.demo,
    )  # fmt: skip


def _questions(checked: Checked, series: Sequence[OutcomeReport]) -> tuple[Question, ...]:
    earlier = [report for report in series if report.period_end <= checked.period.start]
    found = []
    for position, (name, value) in enumerate(zip(checked.measure.names, checked.counts, strict=True)):
        usual = usual_range([n for r in earlier if (n := r.counts[position]) is not None])
        if value is not None and usual is not None and not usual[0] <= value <= usual[1]:
            detail = _("%(name)s is %(value)d. Eerder lag dit aantal tussen %(low)d en %(high)d. Klopt dit?")
            words = {"name": name, "value": value, "low": usual[0], "high": usual[1]}
            found.append(Question(name, value, *usual, detail % words))
    return tuple(found)


def _store(rows: Sequence[Row], sender: Sender) -> None:
    """Reports, replaced versions, marks and audit. Equal reports move nothing."""
    fresh = [row.report for row in rows if row.report and row.new]
    changed = [row.report for row in rows if row.report and not row.new and row.outcome != "unchanged"]
    before = replace(changed)
    OutcomeReport.objects.bulk_create(fresh, batch_size=2000)
    if fresh or changed:
        _audit([*fresh, *changed], before, sender)
        aggregates.mark([*fresh, *changed])
        corrections.note(changed, receipt_id=changed[0].receipt_id if changed else None)
        wake_after_commit(REFRESH, store=STORE)


def replace(changed: Sequence[OutcomeReport]) -> dict[UUID, OutcomeReport]:
    """Keep the old versions in the history and write the new ones; returns the old ones."""
    if not changed:
        return {}
    old = {report.id: report for report in OutcomeReport.objects.filter(id__in=[report.id for report in changed])}
    OutcomeReportHistory.objects.bulk_create(
        OutcomeReportHistory(report_id=report.id, **{name: getattr(report, name) for name in COPIED})
        for report in old.values()
    )
    for report in changed:
        report.recorded_at = Now()  # type: ignore[assignment]
    OutcomeReport.objects.bulk_update(changed, CHANGING, batch_size=2000)
    return old


def _audit(reports: Sequence[OutcomeReport], before: dict[UUID, OutcomeReport], sender: Sender) -> None:
    entry: Any = records.model(STORE, "AuditEntry")
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    entry.objects.bulk_create(
        [
            entry(
                actor=sender.id, municipality_code=r.municipality_code, organisation_code=r.organisation_code,
                action="outcome-report.updated" if r.id in before else "outcome-report.created",
                resource="outcome-reports", resource_code=str(r.id), request_id=request_id,
                before=written(before[r.id]) if r.id in before else None, after=written(r),
            )
            for r in reports
        ],
        batch_size=2000,
    )  # fmt: skip


def written(report: OutcomeReport) -> dict[str, Any]:
    return {"counts": report.counts, "explanation": report.explanation or None, "status": report.status,
            "version": report.version, "externalId": report.external_id or None}  # fmt: skip
