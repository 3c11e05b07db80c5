"""Does a measurement plan ask more than fits the activity? A gentle warning, never a refusal. Pure.

The field asks to be sparing with measuring and to take small steps (003, Stap 5: "wees spaarzaam met metingen"), but
gives no number. The limits below are ours and are shown with every proposal:

- reports: `REPORTS_PER_MEASURE` a year for each measure that the sources name for the type of service;
- answers: `ANSWERS_BRIEF` a year per participant where a service is one or two contacts, else `ANSWERS_LONGER`;
- among whom: not more people per period than the offering means to reach;
- how: not more closely (sample, then periodic, then continuous) than the sources do.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitoring.measures import ASKING, fits

PERIODS_A_YEAR = {"month": 12, "quarter": 4, "year": 1, "school-year": 1}
CLOSENESS = ("sample", "periodic", "continuous")
REPORTS_PER_MEASURE, ANSWERS_BRIEF, ANSWERS_LONGER = 4, 1, 4
BRIEF = frozenset({"public-information", "contact-moments"})


@dataclass(frozen=True)
class Asked:
    """What one plan asks. expected_count: people per period, or None if that is not known."""

    measure: str
    monitor_type: str
    period_kind: str
    expected_count: int | None = None


@dataclass(frozen=True)
class Activity:
    """What a plan is measured against. intended_reach: people a year, or None."""

    service_type: str
    intended_reach: int | None


@dataclass(frozen=True)
class Warned:
    """A limit that is passed. measure: None when it is all measures together."""

    code: str
    measure: str | None
    asked: float | str
    fits: float | str | None


def reports_that_fit(activity: Activity) -> int:
    return REPORTS_PER_MEASURE * len(fits().get(activity.service_type, ()))


def answers_that_fit(activity: Activity) -> int:
    return ANSWERS_BRIEF if activity.service_type in BRIEF else ANSWERS_LONGER


def reports_a_year(plans: Iterable[Asked]) -> int:
    return sum(PERIODS_A_YEAR[plan.period_kind] for plan in plans)


def answers_per_participant(plans: Iterable[Asked], activity: Activity) -> float | None:
    """How often a year somebody who takes part is asked something; None while the numbers for it are not known."""
    asking = [plan for plan in plans if plan.measure in ASKING]
    if not activity.intended_reach or any(plan.expected_count is None for plan in asking):
        return None
    answers = sum((plan.expected_count or 0) * PERIODS_A_YEAR[plan.period_kind] for plan in asking)
    return answers / activity.intended_reach


def warnings(plans: Iterable[Asked], activity: Activity) -> Iterator[Warned]:
    """Every limit that the plans of one offering, valid at the same time, pass."""
    plans = tuple(plans)
    reports, answers = reports_a_year(plans), answers_per_participant(plans, activity)
    if reports > reports_that_fit(activity):
        yield Warned("more-reports-than-fit", None, reports, reports_that_fit(activity))
    if answers is not None and answers > answers_that_fit(activity):
        rounded = math.ceil(answers * 10) / 10  # up: 4.03 must not be told as 4.0, more than 4
        yield Warned("more-answers-than-fit", None, rounded, answers_that_fit(activity))
    for plan in plans:
        yield from _of_one(plan, activity)


def _of_one(plan: Asked, activity: Activity) -> Iterator[Warned]:
    fit = {fit.measure: fit for fit in fits().get(activity.service_type, ())}.get(plan.measure)
    if fit is None:
        yield Warned("does-not-fit-service", plan.measure, plan.measure, None)
    elif CLOSENESS.index(plan.monitor_type) > max(map(CLOSENESS.index, fit.monitor_types)):
        yield Warned(
            "closer-than-sources", plan.measure, plan.monitor_type, max(fit.monitor_types, key=CLOSENESS.index)
        )
    if plan.expected_count and activity.intended_reach and plan.expected_count > activity.intended_reach:
        yield Warned("more-people-than-reached", plan.measure, plan.expected_count, activity.intended_reach)
