"""The answer to a delivery: what became of each report, in words that suffice to correct it (DOMAIN.md §7)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from config.errors import Fault
from monitoring.models import Receipt
from monitoring.periods import Period
from monitoring.services.intake import Sender
from monitoring.services.plan_rate import plan_rate
from monitoring.services.report_store import Version


@dataclass(frozen=True)
class Question:
    """A count that is far from what this offering delivered before."""

    component: str
    value: int
    usual_low: int
    usual_high: int
    detail: str


class Row(NamedTuple):
    """What became of one report of a delivery. outcome: created, updated, unchanged, questioned, rejected, or
    held-back: right in itself, but not stored because others in the delivery are not."""

    number: int
    outcome: str
    report: Version | None = None
    questions: tuple[Question, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where a report stands in a file. columns: field (`counts/started`) → what stands above its column."""

    sheet: str | None
    row: int
    columns: Mapping[str, str] = field(default_factory=dict)


def left_out(index: int, faults: tuple[Fault, ...]) -> Row:
    return Row(index, "rejected" if faults else "held-back", faults=faults)


def make_receipt(
    rows: Sequence[Row], sender: Sender, receipt_id: UUID, channel: str, places: Sequence[Place] = ()
) -> Receipt:
    """Write the receipt, row by row, when all is stored."""
    outcomes = [row.outcome for row in rows]
    municipality, organisation = _owner(rows, sender)
    return Receipt.objects.create(
        id=receipt_id, municipality_code=municipality, organisation_code=organisation,
        delivered_by=sender.id, channel=channel, created_count=outcomes.count("created"),
        updated_count=outcomes.count("updated"), unchanged_count=outcomes.count("unchanged"),
        questioned_count=outcomes.count("questioned"), rejected_count=outcomes.count("rejected"),
        rows=[_answer(row, places[row.number] if places else None) for row in rows],
        plan_rate=_plan_rate(rows),
    )  # fmt: skip


def _plan_rate(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Of the periods and organisations that this delivery is about."""
    reports = [row.report for row in rows if row.report is not None]
    periods = {(r.period_kind, r.period_start, r.period_end) for r in reports}
    owners = {(r.municipality_code, r.organisation_code) for r in reports}
    return plan_rate(periods=[Period(*one) for one in periods], owners=owners)  # type: ignore[arg-type]


def _owner(rows: Sequence[Row], sender: Sender) -> tuple[str, str]:
    """The organisation of the first report that is known, else the sender's (its first)."""
    for row in rows:
        if row.report is not None:
            return row.report.municipality_code, row.report.organisation_code
    return min(sender.speaks_for)


def _answer(row: Row, place: Place | None) -> dict[str, Any]:
    named = {"usual_low": "usualLow", "usual_high": "usualHigh"}
    questions = [{named.get(k, k): v for k, v in asdict(q).items()} for q in row.questions]
    return {
        "index": row.number, "outcome": row.outcome, "reportId": str(row.report.id) if row.report else None,
        "sheet": place.sheet if place else None, "row": place.row if place else None,
        "faults": [_fault(fault, place) for fault in row.faults], "questions": questions,
    }  # fmt: skip


def _fault(fault: Fault, place: Place | None) -> dict[str, Any]:
    name = "/".join(fault.location.lstrip("#/").split("/")[1:]) if place else ""
    return {
        "location": fault.location, "column": place.columns.get(name) if place else None, "code": fault.code,
        "detail": str(fault.detail), "value": fault.value, "expected": fault.expected,
    }  # fmt: skip
