"""Taking in a delivery: checked as a whole, stored once, answered with a receipt (DOMAIN.md §7)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from config.errors import Fault, Refusal
from config.wake import wake_after_commit
from monitoring.models import OutcomeReport, OutcomeReportHistory, Receipt
from monitoring.models.report import ReportBase, ReportStatus
from monitoring.outliers import EARLIER_NEEDED, usual_range
from monitoring.services import corrections, report_store
from monitoring.services.intake import Checked, Sender, check, known_for, safe
from monitoring.services.locks import hold
from monitoring.services.receipts import Place, Question, Row, left_out, make_receipt
from monitoring.services.report_store import Series, Version

STORE = "monitoring"
REFRESH = "monitoring.tasks.refresh_aggregates"
COPIED = [f.name for f in ReportBase._meta.get_fields() if hasattr(f, "attname")]
CHANGING = ("counts", "explanation", "external_id", "status", "version", "recorded_at", "recorded_by", "receipt_id")

Mode = Literal["refuse", "atomic", "perItem"]
PATHS = {"single": "#", "batch": "#/requests/{}", "file": "#/{}"}


class RejectedDelivery(Refusal):
    """Nothing was stored; holds every fault of every report."""


class Judged(NamedTuple):
    """One report of a delivery after the checks: without faults, or with all it has."""

    number: int
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
    with transaction.atomic(using=STORE, savepoint=dry_run):
        hold("delivery", (organisation for _city, organisation in sender.speaks_for))
        judged = _judge(raws, sender, day, PATHS[channel])
        faults = [fault for one in judged for fault in one.faults]
        if faults and mode == "refuse":
            raise RejectedDelivery(_("Er is niets bewaard. Verbeter de fouten en stuur de levering opnieuw."), faults)
        receipt_id = uuid4()
        wanted = [] if faults and mode == "atomic" else judged
        settled = _settle([(one.number, one.checked) for one in wanted if one.checked])
        rows = [settled.get(one.number) or left_out(one.number, one.faults) for one in judged]
        _store(list(settled.values()), sender, receipt_id)
        receipt = make_receipt(rows, sender, receipt_id, channel, places)
        if dry_run:
            transaction.set_rollback(True, using=STORE)
    return receipt, any(row.report and row.report.new for row in rows)


def _judge(raws: Sequence[Any], sender: Sender, day: date, path: str) -> list[Judged]:
    known = known_for(raws, sender)
    judged = [Judged(i, *check(raw, known=known, day=day, path=path.format(i))) for i, raw in enumerate(raws)]
    clashes = dict(_clashes({one.number: one.checked for one in judged if one.checked}, path))
    return [Judged(one.number, None, (clashes[one.number],)) if one.number in clashes else one for one in judged]


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


def _settle(checked: Sequence[tuple[int, Checked]]) -> dict[int, Row]:
    """Decide per report what it is, against all that the offerings delivered before. Two queries at most."""
    if not checked:
        return {}
    stored = report_store.known([report for _index, report in checked])
    settled, moving = {}, []
    for index, report in checked:
        before = stored.get(report.key)
        if before is not None and before.status != ReportStatus.WITHDRAWN and before.content == _content(report):
            settled[index] = Row(index, "unchanged", before)
        else:
            moving.append((index, report, before))
    history = report_store.earlier([report for _index, report, _before in moving]) if moving else {}
    return settled | {index: _row(index, report, before, history) for index, report, before in moving}


def _content(report: Checked) -> tuple[Any, ...]:
    return report.counts, report.explanation, report.external_id


def _row(index: int, report: Checked, before: Version | None, history: Series) -> Row:
    questions = _questions(report, history) if history else ()
    status = ReportStatus.SUBMITTED if questions else ReportStatus.ACCEPTED
    outcome = "questioned" if questions else "created" if before is None else "updated"
    return Row(index, outcome, _version(report, before, status), questions)


def _version(report: Checked, before: Version | None, status: str) -> Version:
    fact, measure, period, area, counts, external_id, explanation = report
    return Version(
        before.id if before else uuid4(), before is None, fact.municipality_code, fact.organisation_code,
        fact.offering_code, measure.code, period.kind, period.start, period.end, area, counts, explanation, external_id,
        str(status), before.version + 1 if before else 1, fact.demo,
    )  # fmt: skip


def _questions(report: Checked, history: Series) -> tuple[Question, ...]:
    series = history.get((report.fact.offering_code, report.measure.code, report.period.kind, report.area_code), ())
    before = [counts for end, counts in series if end <= report.period.start]
    if len(before) < EARLIER_NEEDED:
        return ()
    found = []
    for position, (name, value) in enumerate(zip(report.measure.names, report.counts, strict=True)):
        if value is None:
            continue
        usual = usual_range([n for counts in before if (n := counts[position]) is not None])
        if usual is not None and not usual[0] <= value <= usual[1]:
            detail = _("%(name)s is %(value)d. Eerder lag dit aantal tussen %(low)d en %(high)d. Klopt dit?")
            words = {"name": name, "value": value, "low": usual[0], "high": usual[1]}
            found.append(Question(name, value, *usual, detail % words))
    return tuple(found)


def _store(rows: Sequence[Row], sender: Sender, receipt_id: UUID) -> None:
    """Reports, replaced versions, marks and audit; who works on from there is woken. Equal reports move nothing."""
    moving = [row.report for row in rows if row.report and row.outcome != "unchanged"]
    report_store.write(moving, receipt_id=receipt_id, actor=sender.id)
    corrections.note([version for version in moving if not version.new], receipt_id=receipt_id)
    if moving:
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


def written(report: OutcomeReport) -> dict[str, Any]:
    return {"counts": report.counts, "explanation": report.explanation or None, "status": report.status,
            "version": report.version, "externalId": report.external_id or None}  # fmt: skip
