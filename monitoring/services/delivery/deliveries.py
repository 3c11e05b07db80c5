"""Taking in a delivery: checked as a whole, stored once, answered with a receipt (DOMAIN.md §7)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Literal
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from config.errors import Fault, Refusal
from config.ids import in_order
from config.wake import wake_after_commit
from monitoring.models import OutcomeReport, OutcomeReportHistory, Receipt
from monitoring.models.report import ReportBase, ReportStatus
from monitoring.outliers import usual_range
from monitoring.received import Filled
from monitoring.services.delivery import corrections, report_audit, report_store
from monitoring.services.delivery.clashes import clashes, in_use_elsewhere
from monitoring.services.delivery.intake import part_name
from monitoring.services.delivery.known import Checked, Sender, known_for
from monitoring.services.delivery.plain_reports import check_all
from monitoring.services.delivery.receipts import Answers, Question, make_receipt
from monitoring.services.delivery.report_store import Earlier, Standing

STORE = "monitoring"
REFRESH = "monitoring.tasks.refresh_aggregates"
COPIED = [f.name for f in ReportBase._meta.get_fields() if hasattr(f, "attname")]
CHANGING = ("counts", "explanation", "external_id", "status", "version", "recorded_at", "recorded_by", "receipt_id")

Mode = Literal["refuse", "atomic", "perItem"]
PATHS = {"single": "#", "batch": "#/requests/{}", "file": "#/{}"}


class RejectedDelivery(Refusal):
    """Nothing was stored; holds every fault of every report."""


def deliver(
    *,
    raws: Sequence[Any],
    sender: Sender,
    day: date,
    channel: str = "single",
    mode: Mode = "refuse",
    dry_run: bool = False,
) -> tuple[Receipt, bool]:
    """Store the reports and give the receipt and whether any report is new.

    raws: parsed JSON as received, or what was filled in a file. day: today. mode: what faults do: `refuse` the call
    (RejectedDelivery), `atomic` store nothing and say so in the receipt, or `perItem` leave out the faulty reports.
    A dry run does all the same in the same transaction and rolls back; its receipt names no id that then is not there.
    Two equal deliveries at once wait for each other.
    """
    with transaction.atomic(using=STORE, savepoint=dry_run):
        right, faults = _judge(raws, sender, day, PATHS[channel])
        if faults and mode == "refuse":
            raise RejectedDelivery(
                _("Er is niets bewaard. Verbeter de fouten en stuur de levering opnieuw."),
                [fault for number in sorted(faults) for fault in faults[number]],
            )
        receipt_id = uuid4()
        try:
            answers, entries = _store(right, sender, receipt_id) if not faults or mode == "perItem" else (Answers(), [])
        except IntegrityError as problem:
            raise RejectedDelivery("", [in_use_elsewhere(problem)]) from problem
        if faults:
            answers = answers.among(list(right), faults, len(raws))
        file = raws if isinstance(raws, Filled) else None
        receipt = make_receipt(answers, entries, sender, receipt_id, channel, file, dry_run=dry_run)
        if dry_run:
            transaction.set_rollback(True, using=STORE)
    return receipt, answers.new


def _judge(
    raws: Sequence[Any], sender: Sender, day: date, path: str
) -> tuple[dict[int, Checked], dict[int, tuple[Fault, ...]]]:
    right, faults = check_all(raws, known=known_for(raws, sender, day), path=path)
    for number, fault in list(clashes(right, path, raws if isinstance(raws, Filled) else None)):
        del right[number]
        faults[number] = (fault,)
    return right, faults


def _store(right: Mapping[int, Checked], sender: Sender, receipt_id: UUID) -> tuple[Answers, list[report_audit.Entry]]:
    """Store reports, replaced versions and marks; say what became of each, and what is to be told in the audit.

    Equal reports move nothing. One statement; three when a count may be unusual: then it is first looked at what came
    before.
    """
    if not right:
        return Answers(), []
    reports, ids = list(right.values()), in_order(len(right))
    keep = partial(report_store.store, reports, ids, receipt_id=receipt_id, actor=sender.id)
    known, questions = keep(), {}
    if odd := {place: reports[place] for place, one in known.items() if one.odd}:
        questions = _questions(odd)
        asked = (
            ReportStatus.SUBMITTED if place in questions else ReportStatus.ACCEPTED for place in range(len(reports))
        )
        known = keep(list(asked))
    corrected = {place: one for place, one in known.items() if not one.same}
    if corrected:
        corrections.note([_corrected(reports[place], one) for place, one in corrected.items()], receipt_id=receipt_id)
    if len(known) - len(corrected) < len(reports):  # not all are as they were
        wake_after_commit(REFRESH, store=STORE)
    return _answers(reports, ids, known, questions), report_audit.entries_of(reports, ids, known, questions)


def _answers(
    reports: Sequence[Checked],
    ids: Sequence[str],
    known: Mapping[int, Standing],
    questions: Mapping[int, tuple[Question, ...]],
) -> Answers:
    outcomes, own = ["created"] * len(ids), list(ids)
    for place, before in known.items():
        outcomes[place], own[place] = "unchanged" if before.same else "updated", before.id
    for place in questions:
        outcomes[place] = "questioned"
    series = dict.fromkeys(report.series for report in reports)
    return Answers(outcomes, own, series, len(known) < len(reports), questions)


def _corrected(report: Checked, before: Standing) -> corrections.Corrected:
    fact = report.series.fact
    return corrections.Corrected(fact.municipality_code, fact.organisation_code, before.id, before.version + 1)


def _questions(odd: Mapping[int, Checked]) -> dict[int, tuple[Question, ...]]:
    """What to ask about reports that may be far from the earlier ones. One query, none without reports."""
    history = report_store.earlier(list(odd.values())) if odd else {}
    return {place: asked for place, report in odd.items() if (asked := tuple(_far_off(report, history)))}


def _far_off(report: Checked, history: Earlier) -> Iterator[Question]:
    measure, period = report.series.measure, report.series.period
    series = history.get((report.series.fact.offering_code, measure.code, period.kind, report.area_code), ())
    before = [counts for end, counts in series if end <= period.start]
    for position, (name, value) in enumerate(zip(measure.names, report.counts, strict=True)):
        usual = usual_range([n for counts in before if (n := counts[position]) is not None])
        if value is not None and usual is not None and not usual[0] <= value <= usual[1]:
            detail = _("%(name)s is %(value)d. Eerder lag dit aantal tussen %(low)d en %(high)d. Klopt dit?")
            words = {"name": part_name(name), "value": value, "low": usual[0], "high": usual[1]}
            yield Question(name, value, *usual, detail % words)


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
