"""Many reports stored by one statement stand, and are told of, as each by itself would, asked about the long way."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import orjson
import pytest
from django.db import transaction

from monitoring.models import AggregateMark, AuditEntry, OutcomeReport, OutcomeReportHistory
from monitoring.services.delivery import report_statement
from monitoring.services.delivery.deliveries import deliver
from monitoring.services.delivery.known import Sender
from tests.factories import outcomes

TODAY = date(2026, 11, 26)
SENDER = Sender("partner", frozenset({(outcomes.CITY, "org-a")}))
AREAS = [*outcomes.NEIGHBOURHOODS, "district-a", "unknown", outcomes.CITY]
PERIODS = ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1"]
PLAIN = ("offering_code", "measure", "period_start", "area_code")
STATE = ("counts", "explanation", "external_id", "status", "version")


def reports(chance: random.Random, period: str, most: int) -> list[dict[str, Any]]:
    """About two thirds of what could be told of a period, mostly alike from one period to the next."""
    made = []
    for offering in ("offering-a", "offering-b"):
        for measure, parts in (("reach", ("invited", "started")), ("satisfaction", ("participants", "grade7"))):
            for area in chance.sample(AREAS, 4):
                whole = 30 + chance.randint(0, most)
                part = chance.choice([None, 8, min(whole, 9 + chance.randint(0, most))])
                counts = {name: value for name, value in zip(parts, (whole, part), strict=True) if value is not None}
                about = {"offeringCode": offering, "measure": measure, "areaCode": area, "period": period}
                own_id = f"{offering} {measure} {period} {area}" if chance.random() < 0.3 else None
                told = {"explanation": chance.choice([None, "Minder dan eerst."]), "externalId": own_id}
                made.append(outcomes.report(counts=counts, **about, **told))
    return made


def send(raws: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Deliver these together; what the receipt says of each."""
    receipt, _new = deliver(raws=raws, sender=SENDER, day=TODAY, channel="batch", mode="refuse")
    return [
        (*(raw[name] for name in ("offeringCode", "measure", "areaCode", "period")), row["outcome"], row["questions"])
        for raw, row in zip(raws, orjson.loads(receipt.rows), strict=True)
    ]


def state() -> tuple[Any, ...]:
    """What is stored, what stood before, what is marked as stale, and what the audit tells of each report."""
    keys = {str(report["id"]): tuple(report[name] for name in PLAIN) for report in OutcomeReport.objects.values()}
    alike = ("offering_code", "measure", "period_start")
    marks = Counter(
        (*(getattr(mark, name) for name in alike), area)
        for mark in AggregateMark.objects.all()
        for area in mark.area_codes
    )
    audited = [
        (keys[code], entry.action, told.before, told.after)
        for entry in AuditEntry.objects.all()
        for code in entry.codes or ()
        for told in [entry.about(code)]
    ]
    return (
        set_of(OutcomeReport.objects.values_list(*PLAIN, *STATE)), marks, sorted(audited, key=str),
        set_of(OutcomeReportHistory.objects.values_list(*PLAIN, *STATE)),
    )  # fmt: skip


def set_of(rows: Any) -> list[Any]:
    return sorted(rows, key=str)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic(using="monitoring"):
        yield
        transaction.set_rollback(True, using="monitoring")


@pytest.mark.parametrize("seed", range(6))
def test_together_reports_are_stored_as_each_by_itself(city, monkeypatch, seed):
    chance = random.Random(seed)
    outcomes.offering("offering-b")
    for period in PERIODS:
        send(reports(chance, period, 4))
    for report in OutcomeReport.objects.order_by("offering_code", "measure", "period_start", "area_code"):
        if chance.random() < 0.2:  # neither a withdrawn nor a returned report tells what is usual
            far_off = [count and 50 * count for count in report.counts]
            told = {"status": chance.choice(["withdrawn", "returned"]), "counts": far_off}
            OutcomeReport.objects.filter(id=report.id).update(**told)
    known = [
        raw
        for raw in reports(random.Random(seed), PERIODS[0], 4)  # as in the first delivery
        if chance.random() < 0.8
    ]
    # the newest first: together, reports are compared with what was there before all of them
    last = [*reports(chance, "2025-Q2", 90), *reports(chance, "2025-Q1", 5), *known]

    with undone():
        told_together, together = send(last), state()
    monkeypatch.setattr(report_statement, "UNUSUAL", "true")  # whatever has a history is left to outliers.py
    with undone():
        told_alone, alone = [one for raw in last for one in send([raw])], state()

    assert told_together == told_alone
    assert together == alone
    assert {"created", "updated", "unchanged", "questioned"} <= {outcome for *_key, outcome, _asked in told_together}
