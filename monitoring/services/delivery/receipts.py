"""The answer to a delivery: what became of each report, in words that suffice to correct it (DOMAIN.md §7)."""

# ruff: noqa: S608 - only names of our own columns are put into statements; values are parameters
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from itertools import repeat
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from config.errors import Fault
from config.stores import ask
from monitoring.models import Receipt
from monitoring.outcome_sheets import Found
from monitoring.services.delivery import report_audit
from monitoring.services.delivery.known import Sender, Series
from monitoring.services.planning.plan_rate import RATE, asked

STORE = "monitoring"


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
    held-back: right in itself, but not stored because others in the delivery are not. series: what it is about."""

    outcome: str
    report_id: str | None = None
    series: Series | None = None
    new: bool = False
    questions: tuple[Question, ...] = ()
    faults: tuple[Fault, ...] = ()


def left_out(faults: tuple[Fault, ...]) -> Row:
    return Row("rejected" if faults else "held-back", faults=faults)


COLUMNS = [field.attname for field in Receipt._meta.fields if field.attname not in {"delivered_at", "plan_rate"}]
INSERT = f"""
    INSERT INTO monitoring_receipt ({", ".join(COLUMNS)}, plan_rate)
    VALUES ({", ".join(["%s"] * len(COLUMNS))}, ({RATE})) RETURNING delivered_at, plan_rate
"""


def make_receipt(
    rows: Sequence[Row], entries: Sequence[report_audit.Entry], sender: Sender, receipt_id: UUID, channel: str,
    places: Sequence[Found], *, dry_run: bool,
) -> Receipt:  # fmt: skip
    """Write the receipt, row by row, and the audit when all is stored, in one statement.

    places: where in a file each report stands, if it was one.
    """
    outcomes = Counter(row.outcome for row in rows)
    series = dict.fromkeys(row.series for row in rows if row.series)
    municipality, organisation = _owner(series, sender)
    receipt = Receipt(
        id=receipt_id, municipality_code=municipality, organisation_code=organisation,
        delivered_by=sender.id, channel=channel, created_count=outcomes["created"],
        updated_count=outcomes["updated"], unchanged_count=outcomes["unchanged"],
        questioned_count=outcomes["questioned"], rejected_count=outcomes["rejected"],
        held_back_count=outcomes["held-back"], rows=_told(rows, places, dry_run),
    )  # fmt: skip
    given = [getattr(receipt, name) for name in COLUMNS]
    owners = {(one.fact.municipality_code, one.fact.organisation_code) for one in series}
    plans = asked(periods={one.period for one in series}, owners=owners)
    audited = report_audit.parameters(entries, actor=sender.id, receipt_id=receipt_id)
    statement = report_audit.statement(entries) + INSERT
    [(receipt.delivered_at, receipt.plan_rate)] = ask(STORE, statement, [*audited, *given, *plans])
    return receipt


def _told(rows: Sequence[Row], places: Sequence[Found], dry_run: bool) -> str:
    """The rows as JSON text. A dry run leaves only what was there before, so no other report is named."""
    found = [
        {"index": number, "outcome": row.outcome,
         "reportId": row.report_id if not dry_run or row.outcome == "unchanged" else None,
         "sheet": place and place.sheet, "row": place and place.row,
         "faults": [_fault(fault, place) for fault in row.faults] if row.faults else (),
         "questions": [_question(question) for question in row.questions] if row.questions else ()}
        for number, (row, place) in enumerate(zip(rows, places or repeat(None, len(rows)), strict=True))
    ]  # fmt: skip
    return orjson.dumps(found).decode()


def _owner(series: Collection[Series], sender: Sender) -> tuple[str, str]:
    """The organisation of the first report that is known, else the sender's (its first)."""
    for one in series:
        return one.fact.municipality_code, one.fact.organisation_code
    return min(sender.speaks_for)


def _question(question: Question) -> dict[str, Any]:
    named = {"usual_low": "usualLow", "usual_high": "usualHigh"}
    return {named.get(name, name): value for name, value in asdict(question).items()}


def _fault(fault: Fault, place: Found | None) -> dict[str, Any]:
    name = "/".join(fault.location.lstrip("#/").split("/")[1:]) if place else ""
    return {
        "location": fault.location, "column": place.columns.get(name) if place else None, "code": fault.code,
        "detail": str(fault.detail), "value": fault.value, "expected": fault.expected,
    }  # fmt: skip
