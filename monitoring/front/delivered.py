"""What came of an offering: reach in its parts, how recent the figures are, and whether the plan was kept."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q
from django.db.models.functions import Coalesce

from config.stores import front_door
from monitoring.measures import MEASURES
from monitoring.models import Aggregate, MeasurementPlan, OfferingFact
from monitoring.outcome_figures import figures
from monitoring.periods import Period
from monitoring.services.planning.completeness import periods_asked

PARTS = ("targetGroup", "invited", "started", "attendsStructurally", "completed")

NEWEST = Coalesce(Max("period_end", filter=~Q(period_kind="year")), Max("period_end"))
"""Of the periods reported on; a year is added up from shorter ones where there are any, and ends later than they do."""


@dataclass(frozen=True)
class ReachParts:
    """Reach of an offering over a year. counts: targetGroup, invited, started, attendsStructurally, completed.

    started_share: started ÷ target group where both are known; None where they are not, may pass 1.
    """

    counts: dict[str, int | None]
    started_share: float | None


@dataclass(frozen=True)
class PlannedMeasure:
    """One measure of a plan: how many periods it asked a report for up to a day, and how many have one."""

    measure: str
    monitor_type: str
    period_kind: str
    periods_expected: int
    periods_delivered: int


@front_door("monitoring")
def reach_parts(*, municipality_code: str, offering_codes: Collection[str], year: int) -> dict[str, ReachParts]:
    """Offering → reach of the year in its parts.

    Working figures, for those who may see them: asking is the caller's responsibility. No report: no key. One query.
    """
    cells = Aggregate.objects.filter(
        municipality_code=municipality_code, subject_kind="offering", subject_code__in=offering_codes, measure="reach",
        area_code=municipality_code, period_kind="year", period_start=date(year, 1, 1),
    )  # fmt: skip
    return {cell.subject_code: _parts(cell) for cell in cells}


def _parts(cell: Aggregate) -> ReachParts:
    reach = MEASURES[cell.measure]
    named = reach.named(cell.counts)
    shares = {figure.code: figure.value for figure in figures(cell.measure, named, reach.apart(cell.paired))}
    return ReachParts({name: named[name] for name in PARTS}, shares.get("started-of-target-group"))


@front_door("monitoring")
def last_reported(*, municipality_code: str, offering_codes: Collection[str], until: date) -> dict[str, date]:
    """Offering → the last day of the newest period it reported on that ended by `until`. No report: no key. One query.

    For those who may see working figures, as with reach_parts.
    """
    rows = Aggregate.objects.filter(
        municipality_code=municipality_code, subject_kind="offering", subject_code__in=offering_codes,
        area_code=municipality_code, period_end__lte=until,
    )  # fmt: skip
    return {row["subject_code"]: row["newest"] for row in rows.values("subject_code").annotate(newest=NEWEST)}


@front_door("monitoring")
def plan_kept(*, offering_codes: Collection[str], since: date, until: date) -> dict[str, tuple[PlannedMeasure, ...]]:
    """Offering → per planned measure how many periods ended after one day and by another, and how many of these were
    reported on.

    Judged against the plan alone, while the offering ran (DOMAIN.md §7), by the periods that completeness asks for.
    An offering without a plan: no key. Three queries.
    """
    rows = OfferingFact.objects.filter(current=True, offering_code__in=offering_codes)
    facts = {fact.offering_code: fact for fact in rows}
    plans = MeasurementPlan.objects.filter(offering_code__in=facts, valid_from__lt=until)
    reported, asked = _reported(offering_codes), set[tuple[str, str, Period]]()
    found: dict[str, list[PlannedMeasure]] = defaultdict(list)
    for plan in plans.order_by("offering_code", "measure", "valid_from"):
        periods = periods_asked(plan, facts[plan.offering_code], until)
        due = {(plan.offering_code, plan.measure, one) for one in periods if since < one.end <= until} - asked
        done = reported[plan.offering_code, plan.measure, plan.period_kind]
        kept = sum(period.start in done for _offering, _measure, period in due)
        asked |= due  # where one plan takes over from another of the same kind within a period, it is asked once
        found[plan.offering_code].append(
            PlannedMeasure(plan.measure, plan.monitor_type, plan.period_kind, len(due), kept)
        )
    return {code: tuple(measures) for code, measures in found.items()}


def _reported(offering_codes: Collection[str]) -> dict[tuple[str, str, str], set[date]]:
    """Offering, measure and kind of period → starts of the periods that have a figure."""
    rows = Aggregate.objects.filter(subject_kind="offering", subject_code__in=offering_codes)
    found: dict[tuple[str, str, str], set[date]] = defaultdict(set)
    for offering, measure, kind, start in rows.values_list("subject_code", "measure", "period_kind", "period_start"):
        found[offering, measure, kind].add(start)
    return found
