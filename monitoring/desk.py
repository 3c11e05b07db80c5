"""The desk for partners: what is asked of them, the template, delivering a file, the receipt. For pages only.

A front door of its own, since a delivery asks other apps at theirs. Whoever asks is a principal like any caller of the
API, and the same rules and services answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from django.utils.translation import gettext as _

from config.api.access import Principal
from config.errors import Fault, Refusal
from config.stores import front_door
from monitoring import access
from monitoring.measure_words import SHEETS
from monitoring.models import Receipt
from monitoring.outcome_sheets import read_csv, read_xlsx
from monitoring.periods import BadPeriod, parse
from monitoring.services.delivery.outcome_files import TemplateFile, deliver_file, require_decent_name, template_file
from monitoring.services.planning.completeness import completeness

SCOPE = "outcomes.write"
ZIPPED = b"PK"


@dataclass(frozen=True)
class AskedReport:
    """One report that a plan asks or that came. status: as in `completeness`. measure: its Dutch name. over: whether
    its period was over by the day asked about, so that it can be delivered whole."""

    municipality_code: str
    offering_code: str
    measure: str
    period: str
    due_on: date
    delivered_on: date | None
    status: str
    over: bool


@dataclass(frozen=True)
class ReceiptView:
    """What became of a delivery. counts: rows per outcome. rows: as the API tells them. id: None for a dry run."""

    id: str | None
    delivered_at: datetime
    counts: dict[str, int]
    rows: tuple[dict[str, Any], ...]


def may_deliver(*, principal: Principal) -> bool:
    """Whether the pages of partners are for this person."""
    return principal.may(SCOPE) and bool(principal.organisations())


@front_door("monitoring")
def asked_of(*, principal: Principal, day: date) -> tuple[AskedReport, ...]:
    """What the plans ask of the own offerings and what came of it, by due date. Four queries."""
    found = completeness(may=access.own(principal), day=day)
    told = [
        AskedReport(
            one.fact.municipality_code, one.fact.offering_code,
            SHEETS.get(one.judged.key.measure, one.judged.key.measure), one.judged.key.period.short,
            one.judged.due_on, one.judged.delivered_on, one.judged.status,
            one.judged.key.period.end <= day,
        )
        for one in found
    ]  # fmt: skip
    return tuple(sorted(told, key=lambda one: (one.due_on, one.offering_code, one.measure)))


@front_door("monitoring")
def filled_template(
    *, principal: Principal, period: str, day: date, labels: Callable[[Sequence[str]], dict[str, str]]
) -> TemplateFile | None:
    """The template with the own offerings; without a period for the last quarter; None for what is no period."""
    try:
        wanted = parse(period) if period else None
    except BadPeriod:
        return None
    return template_file(sender=access.sender(principal), period=wanted, day=day, labels=labels)


@front_door("monitoring")
def deliver_outcomes(*, principal: Principal, name: str, content: bytes, day: date, dry_run: bool) -> ReceiptView:
    """Deliver a file, all or nothing, or only look whether it would do. Raises Refusal for a file nobody can read."""
    require_decent_name(name)
    if not content:
        raise Refusal("", [Fault("#", "empty-file", _("Dit bestand is leeg."))])
    found = (read_xlsx if content.startswith(ZIPPED) else read_csv)(content)
    receipt, _new = deliver_file(found=found, sender=access.sender(principal), day=day, mode="atomic", dry_run=dry_run)
    return _told(receipt, dry_run=dry_run)


@front_door("monitoring")
def receipt_of(*, principal: Principal, receipt_id: str) -> ReceiptView | None:
    """A receipt of the own organisation, or None. One query."""
    receipt = Receipt.objects.filter(access.own(principal), id=receipt_id).first()
    return _told(receipt, dry_run=False) if receipt else None


def _told(receipt: Receipt, *, dry_run: bool) -> ReceiptView:
    counts = {name: getattr(receipt, f"{name}_count") for name in
              ("created", "updated", "unchanged", "questioned", "rejected", "held_back")}  # fmt: skip
    rows = tuple(orjson.loads(receipt.rows))
    return ReceiptView(None if dry_run else str(receipt.id), receipt.delivered_at, counts, rows)
