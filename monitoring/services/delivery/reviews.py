"""The life of a report after its delivery: returned with remarks, replied to, accepted, withdrawn (DOMAIN.md §7).

Submitted (a question is open) or accepted → returned or accepted by the municipality; a reply of the partner to a
returned report submits it again; a release publishes what was accepted. What does not count leaves the working cells.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from config.errors import Conflict, NotFound, Refusal
from config.ledger import records
from config.wake import wake_after_commit
from monitoring.free_text import text_fault
from monitoring.models import OutcomeReport, ReportNote
from monitoring.models.report import NoteKind, ReportStatus
from monitoring.periods import Period
from monitoring.services.aggregation import aggregates
from monitoring.services.aggregation.lines import COUNTED
from monitoring.services.delivery import corrections
from monitoring.services.delivery.deliveries import REFRESH, STORE, replace, written
from monitoring.services.delivery.overlaps import named
from monitoring.services.locks import hold

DECIDED = {"accept": (ReportStatus.ACCEPTED, NoteKind.ACCEPTED), "return": (ReportStatus.RETURNED, NoteKind.RETURNED)}
OPEN = (ReportStatus.SUBMITTED, ReportStatus.RETURNED)

Seen = Callable[[OutcomeReport], None]


def review(
    *, may: Q, report_id: UUID, decision: str, text: str, remarks: Sequence[dict[str, str]], actor: str
) -> ReportNote:
    """Accept a report or return it with remarks per field. may: the reports the reviewer may decide about.

    Raises NotFound, Refusal for a text with personal data, Conflict for what is published or withdrawn.
    """
    status, kind = DECIDED[decision]
    said = {f"#/remarks/{number}/{name}": one for number, remark in enumerate(remarks) for name, one in remark.items()}
    _refuse_personal_data({"#/text": text, **said})
    with transaction.atomic(using=STORE):
        report = _locked(may, report_id)
        if report.status not in (*OPEN, ReportStatus.ACCEPTED):
            raise Conflict(_("Deze rapportage is al gepubliceerd of ingetrokken. Vraag om een correctie."))
        return _settle(report, status, kind, text=text, remarks=list(remarks), actor=actor)


def reply(*, may: Q, report_id: UUID, text: str, actor: str) -> ReportNote:
    """Answer the question or the remarks about a report that is submitted or returned; it is then looked at again."""
    _refuse_personal_data({"#/text": text})
    with transaction.atomic(using=STORE):
        report = _locked(may, report_id)
        if report.status not in OPEN:
            raise Conflict(_("Over deze rapportage staat geen vraag open."))
        return _settle(report, ReportStatus.SUBMITTED, NoteKind.REPLIED, text=text, actor=actor)


def withdraw(*, may: Q, report_id: UUID, seen: Seen, actor: str) -> None:
    """Take a report back: it counts no longer, what it was stays in the history. Twice is as once.

    It gives up its own id: who withdraws a report because something in its key was wrong sends the right one by the
    same id. The history tells what it was called.

    seen: raises if the actor saw an older state. Raises NotFound.
    """
    with transaction.atomic(using=STORE):
        report = _locked(may, report_id)
        seen(report)
        if report.status == ReportStatus.WITHDRAWN:
            return
        report.version, report.recorded_by, report.external_id = report.version + 1, actor, ""
        old = replace([report])[report.id]
        corrections.note([report])
        _settle(old, ReportStatus.WITHDRAWN, NoteKind.WITHDRAWN, actor=actor, version=report.version)


def _locked(may: Q, report_id: UUID) -> OutcomeReport:
    """The report. Its organisation's deliveries wait until the transaction ends: what replaces a report is worked out
    from how it stands (report_store.py), so that must not change meanwhile."""
    mine = OutcomeReport.objects.filter(may, id=report_id)
    found = mine.first()
    if found is None:
        raise NotFound()
    hold("delivery", [found.organisation_code])
    return mine.select_for_update().get()


def _refuse_personal_data(texts: Mapping[str, str]) -> None:
    """texts: pointer → what is written there."""
    faults = [fault for pointer, text in texts.items() if (fault := text_fault(text, pointer))]
    if faults:
        raise Refusal(_("Deze tekst kan zo niet bewaard worden."), faults)


def _refuse_twice(report: OutcomeReport) -> None:
    """A report that did not count may not count again beside what was delivered in its place. One query."""
    beside = OutcomeReport.objects.filter(
        offering_code=report.offering_code, measure=report.measure, area_code=report.area_code, status__in=COUNTED,
        period_start__lt=report.period_end, period_end__gt=report.period_start,
    ).exclude(period_kind=report.period_kind).values_list("period_kind", "period_start", "period_end")  # fmt: skip
    if periods := [Period(kind, start, end) for kind, start, end in beside]:  # type: ignore[arg-type]
        raise Conflict(
            _("Voor %(periods)s telt al een andere rapportage mee. Samen zouden dagen dubbel tellen.")
            % {"periods": named(periods)}
        )


def _settle(
    report: OutcomeReport, status: str, kind: str, *, actor: str, text: str = "", remarks: Sequence[Any] = (),
    version: int = 0,
) -> ReportNote:  # fmt: skip
    """Status, note, audit, and a mark when the report now counts or no longer does."""
    before, report.version = written(report), version or report.version
    if report.status not in COUNTED and status in COUNTED:
        _refuse_twice(report)
    if status == ReportStatus.WITHDRAWN:
        report.external_id = ""
    if report.status != status:
        report.status = status
        OutcomeReport.objects.filter(id=report.id).update(status=status)
        aggregates.mark([report])
        wake_after_commit(REFRESH, store=STORE)
    records.audit(
        store=STORE, actor=actor, action=f"outcome-report.{kind}", resource="outcome-reports",
        resource_code=str(report.id), before=before, after=written(report),
        municipality_code=report.municipality_code, organisation_code=report.organisation_code,
    )  # fmt: skip
    return ReportNote.objects.create(
        report_id=report.id, version=report.version, kind=kind, text=text, remarks=list(remarks), written_by=actor
    )
