"""The answer to a delivery: what became of each report, in words that suffice to correct it (DOMAIN.md §7)."""

# ruff: noqa: S608 - only names of our own columns are put into statements; values are parameters
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import repeat
from typing import Any
from uuid import UUID

import orjson

from config.errors import Fault
from config.stores import ask
from monitoring.measure_words import COMPONENTS, SHEETS
from monitoring.models import Receipt
from monitoring.received import Filled, Place
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


@dataclass(frozen=True)
class Answers:
    """What became of the reports of a delivery, by column.

    outcomes: created, updated, unchanged, questioned, rejected, or held-back: right in itself, but not stored because
    others in the delivery are not. ids: of those that are stored. series: what those are about. new: whether any of
    them was not there before. questions, faults: place in the delivery → what is asked, what is wrong.
    """

    outcomes: Sequence[str] = ()
    ids: Sequence[str | None] = ()
    series: Collection[Series] = ()
    new: bool = False
    questions: Mapping[int, tuple[Question, ...]] = field(default_factory=dict)
    faults: Mapping[int, tuple[Fault, ...]] = field(default_factory=dict)

    def among(self, numbers: Sequence[int], faults: Mapping[int, tuple[Fault, ...]], count: int) -> "Answers":
        """The same, in a delivery of so many reports. numbers: where in it these stand; the others were left out."""
        outcomes = ["rejected" if number in faults else "held-back" for number in range(count)]
        ids: list[str | None] = [None] * count
        for number, outcome, own in zip(numbers, self.outcomes, self.ids, strict=False):  # none, if none was stored
            outcomes[number], ids[number] = outcome, own
        questions = {numbers[place]: asked for place, asked in self.questions.items()}
        return replace(self, outcomes=outcomes, ids=ids, questions=questions, faults=faults)


WORDS, OF_WORDS = {**SHEETS, **COMPONENTS}, ("measure", "counts")
COLUMNS = [column.attname for column in Receipt._meta.fields if column.attname not in {"delivered_at", "plan_rate"}]
INSERT = f"""
    INSERT INTO monitoring_receipt ({", ".join(COLUMNS)}, plan_rate)
    VALUES ({", ".join(["%s"] * len(COLUMNS))}, ({RATE})) RETURNING delivered_at, plan_rate
"""


def make_receipt(
    answers: Answers, entries: Sequence[report_audit.Entry], sender: Sender, receipt_id: UUID, channel: str,
    file: Filled | None, *, dry_run: bool,
) -> Receipt:  # fmt: skip
    """Write the receipt, row by row, and the audit when all is stored, in one statement.

    file: that the reports stood in, if they did.
    """
    outcomes, series = Counter(answers.outcomes), answers.series
    municipality, organisation = _owner(series, sender)
    receipt = Receipt(
        id=receipt_id, municipality_code=municipality, organisation_code=organisation,
        delivered_by=sender.id, channel=channel, created_count=outcomes["created"],
        updated_count=outcomes["updated"], unchanged_count=outcomes["unchanged"],
        questioned_count=outcomes["questioned"], rejected_count=outcomes["rejected"],
        held_back_count=outcomes["held-back"], rows=_told(answers, file, dry_run),
    )  # fmt: skip
    given = [getattr(receipt, name) for name in COLUMNS]
    owners = {(one.fact.municipality_code, one.fact.organisation_code) for one in series}
    plans = asked(periods={one.period for one in series}, owners=owners)
    audited = report_audit.parameters(entries, actor=sender.id, receipt_id=receipt_id)
    statement = report_audit.statement(entries) + INSERT
    [(receipt.delivered_at, receipt.plan_rate)] = ask(STORE, statement, [*audited, *given, *plans])
    return receipt


def _told(answers: Answers, file: Filled | None, dry_run: bool) -> str:
    """The rows as JSON text. A dry run leaves only what was there before, so no other report is named."""
    ids: Sequence[str | None] = answers.ids
    if dry_run:
        ids = [own if outcome == "unchanged" else None for own, outcome in zip(ids, answers.outcomes, strict=True)]
    nowhere: Iterable[tuple[None, None]] = repeat((None, None), len(ids))
    rows: list[dict[str, Any]] = [
        {"index": number, "outcome": outcome, "reportId": own, "sheet": sheet, "row": row,
         "faults": (), "questions": ()}
        for number, (outcome, own, (sheet, row)) in enumerate(
            zip(answers.outcomes, ids, nowhere if file is None else file.places(), strict=True))
    ]  # fmt: skip
    for number, faults in answers.faults.items():
        place = None if file is None else file.place(number)
        rows[number]["faults"] = [_fault(fault, place) for fault in faults]
    for number, questions in answers.questions.items():
        rows[number]["questions"] = [_question(question) for question in questions]
    return orjson.dumps(rows).decode()


def _owner(series: Collection[Series], sender: Sender) -> tuple[str, str]:
    """The organisation of the first report that is known, else the sender's (its first)."""
    for one in series:
        return one.fact.municipality_code, one.fact.organisation_code
    return min(sender.speaks_for)


def _question(question: Question) -> dict[str, Any]:
    named = {"usual_low": "usualLow", "usual_high": "usualHigh"}
    return {named.get(name, name): value for name, value in asdict(question).items()}


def _fault(fault: Fault, place: Place | None) -> dict[str, Any]:
    name = "/".join(fault.location.lstrip("#/").split("/")[1:]) if place else ""
    return {
        "location": fault.location, "column": place.words.get(name) if place else None, "code": fault.code,
        "detail": str(fault.detail), "value": fault.value,
        "expected": _in_words(fault.expected) if name.startswith(OF_WORDS) else fault.expected,
    }  # fmt: skip


def _in_words(expected: Any) -> Any:
    """Measures and parts as the columns and sheets of the template call them."""
    return [WORDS.get(one, one) for one in expected] if isinstance(expected, list) else expected
