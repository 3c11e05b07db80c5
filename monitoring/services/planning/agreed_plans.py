"""Measurement plans from the outcome agreements of a plan of action: which, how, how often, among whom (DOMAIN.md §9).

What was agreed holds from the next period on: a period that runs is measured as it was asked. An agreement equal to the
plan that holds moves nothing; one that cannot be a plan (a measure that does not fit, an offering that ends) is left
out and logged, for the plan of action says so itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F

from config.errors import Refusal
from monitoring.completeness import CALENDAR
from monitoring.models import MeasurementPlan
from monitoring.services.planning.plan_writing import change_plan, make_plan

STORE, KIND = "monitoring", "plan.agreed"
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Agreement:
    """One outcome agreement. day: when it was made."""

    offering_code: str
    measure: str
    monitor_type: str
    period_kind: str
    among: str
    day: date

    @property
    def how(self) -> dict[str, Any]:
        return {"monitor_type": self.monitor_type, "period_kind": self.period_kind, "among_nl": self.among}


def take_over_agreements(said: dict[str, Any]) -> None:
    """Make measurement plans of what a plan of action agrees. said: the payload of `plan.agreed`."""
    day = date.fromisoformat(said["day"])
    for one in said["agreements"]:
        agreed = Agreement(one["offeringCode"], one["measure"], one["monitorType"], one["periodKind"],
                           one["among"] or "", day)  # fmt: skip
        try:
            with transaction.atomic(using=STORE):
                _take_over(agreed, [said["municipalityCode"]], said["actor"])
        except Refusal as problem:
            codes = [fault.code for fault in problem.faults] or [problem.code]
            log.info("agreement made no measurement plan", offering=agreed.offering_code, measure=agreed.measure,
                     codes=codes)  # fmt: skip


def _take_over(agreed: Agreement, municipalities: list[str], actor: str) -> None:
    known = MeasurementPlan.objects.filter(offering_code=agreed.offering_code, measure=agreed.measure)
    last = known.order_by(F("valid_until").desc(nulls_first=True), "-valid_from").first()
    if last is not None and _same(last, agreed):
        return
    if last is not None and last.valid_from > agreed.day:  # it has not begun yet: it was agreed a moment ago
        change_plan(plan_id=last.pk, changes=agreed.how, municipalities=municipalities, seen=_seen, actor=actor)
        return
    expected = last.expected_count if last and last.period_kind == agreed.period_kind else None
    values = {"offering_code": agreed.offering_code, "measure": agreed.measure, **agreed.how,
              "expected_count": expected, "valid_from": first_day(agreed, last), "valid_until": None}  # fmt: skip
    make_plan(values=values, municipalities=municipalities, actor=actor)


def _same(plan: MeasurementPlan, agreed: Agreement) -> bool:
    """Who agreed nothing about among whom leaves that as it was."""
    ended = plan.valid_until is not None and plan.valid_until <= agreed.day
    how = {name: getattr(plan, name) for name in agreed.how}
    return not ended and how in (agreed.how, agreed.how | {"among_nl": agreed.among or plan.among_nl})


def first_day(agreed: Agreement, last: MeasurementPlan | None) -> date:
    """The first day after it was agreed on which a period of the new kind, and of the old one, begins.

    School years begin on no first day of a quarter: then the next period of the new kind, which make_plan will refuse.
    """
    kinds = {kind for kind in (agreed.period_kind, last.period_kind if last else "") if kind in CALENDAR}
    days = _starts(CALENDAR[agreed.period_kind](agreed.day).end, agreed.period_kind)
    shared = (day for day in days if all(CALENDAR[kind](day).start == day for kind in kinds))
    return next(shared, CALENDAR[agreed.period_kind](agreed.day).end)


def _starts(day: date, kind: str) -> Iterator[date]:
    """First days of periods of a kind for a year and a little: longer than that no two kinds take to meet."""
    last = day.replace(year=day.year + 1, day=1)
    while day <= last:
        yield day
        day = CALENDAR[kind](day).end


def _seen(plan: MeasurementPlan) -> None:
    """The newest agreement holds, whatever was there before."""
