"""What becomes of the plans of an offering that becomes another kind of service (DOMAIN.md §6, §7).

The period that runs is measured as it was asked. From the next one on, measures that fit no more are not asked, and
those that fit now are. What was decided about a measure that fits still stays as it is.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from monitoring.completeness import CALENDAR
from monitoring.models import MeasurementPlan, OfferingFact
from monitoring.periods import DAY
from monitoring.services.locks import hold
from monitoring.services.planning.plan_writing import end_plan, forget_plan
from monitoring.services.planning.plans import PROPOSED_KIND, fitting, proposed

ACTOR = "service:offering-facts"


def follow_service(before: OfferingFact, fact: OfferingFact, day: date) -> None:
    """Call it in the transaction that keeps the new facts. day: of the change."""
    hold("measurement-plan", [fact.offering_code])
    known, fits = list(MeasurementPlan.objects.filter(offering_code=fact.offering_code)), fitting(fact)
    for plan in known:
        if plan.measure in set(fitting(before)).difference(fits):
            _ask_no_longer(plan, _next_start(plan.period_kind, fact, day))
    kept = [plan for plan in known if plan.pk is not None]
    MeasurementPlan.objects.bulk_create(proposed(fact, dict(_starts(before, fact, kept, day))))


def _next_start(kind: str, fact: OfferingFact, day: date) -> date:
    """Where the first period begins that did not run yet; of an offering that did not either, where it does."""
    return CALENDAR[kind](day).end if fact.starts_on <= day else fact.starts_on


def _ask_no_longer(plan: MeasurementPlan, day: date) -> None:
    if plan.valid_from >= day:
        forget_plan(plan, ACTOR)
    elif plan.valid_until is None or plan.valid_until > day:
        end_plan(plan, day, ACTOR)


def _starts(
    before: OfferingFact, fact: OfferingFact, known: Iterable[MeasurementPlan], day: date
) -> Iterator[tuple[str, date]]:
    """Measure → from when it is asked, of those that did not fit and do now; no day is asked twice."""
    for measure in set(fitting(fact)).difference(fitting(before)):
        ends = [_asked_until(plan) for plan in known if plan.measure == measure]
        if None in ends:  # it is asked already
            continue
        start = _next_start(PROPOSED_KIND, fact, day)
        if (last := max((end for end in ends if end), default=start)) > start:
            start = CALENDAR[PROPOSED_KIND](last - DAY).end
        if fact.ends_on is None or start < fact.ends_on:
            yield measure, start


def _asked_until(plan: MeasurementPlan) -> date | None:
    """A plan asks for the whole of the period in which it ends."""
    return plan.valid_until and CALENDAR[plan.period_kind](plan.valid_until - DAY).end
