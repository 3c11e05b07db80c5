"""Reading plans, offerings and reports, and judging what was delivered of what was asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, Q

from config.days import day_of
from monitoring.completeness import Delivered, Judged, Key, came_on, judge, periods_of
from monitoring.measures import MEASURES
from monitoring.models import MeasurementPlan, OfferingFact, OutcomeReport, OutcomeReportHistory
from monitoring.models.report import ReportStatus
from monitoring.periods import Period


@dataclass(frozen=True)
class Expected:
    """One expected or delivered report of an offering, with whose it is."""

    fact: OfferingFact
    judged: Judged


def completeness(*, may: Q, day: date, year: int | None = None) -> list[Expected]:
    """Everything asked of or delivered by the offerings that match `may`, in order of offering, measure, period.

    A report that was withdrawn or returned does not count as delivered. Four queries.
    """
    facts = {fact.offering_code: fact for fact in OfferingFact.objects.filter(may, current=True)}
    found = judge(_asked(facts, day), _delivered(facts), day)
    return [Expected(facts[one.key.offering], one) for one in found if year in (None, one.key.period.start.year)]


def _asked(facts: dict[str, OfferingFact], day: date) -> list[Key]:
    return [
        Key(plan.offering_code, plan.measure, period)
        for plan in MeasurementPlan.objects.filter(offering_code__in=facts)
        for period in periods_asked(plan, facts[plan.offering_code], day)
    ]


def periods_asked(plan: MeasurementPlan, fact: OfferingFact, day: date) -> Iterator[Period]:
    """The periods that a plan asks for while its offering runs, as far as they have begun by a day."""
    ends = min((end for end in (fact.ends_on, plan.valid_until) if end is not None), default=None)
    return periods_of(plan.period_kind, max(fact.starts_on, plan.valid_from), ends, day)


def _delivered(facts: dict[str, OfferingFact]) -> dict[Key, Delivered]:
    """What came in per key. Two queries."""
    reports = list(
        OutcomeReport.objects.filter(offering_code__in=facts).exclude(
            status__in=[ReportStatus.WITHDRAWN, ReportStatus.RETURNED]
        )
    )
    firsts = OutcomeReportHistory.objects.filter(offering_code__in=facts).values("report_id")
    first = dict(firsts.annotate(at=Min("recorded_at")).values_list("report_id", "at"))
    groups: Groups = {}
    found: dict[Key, list[tuple[date, OutcomeReport]]] = {}
    for report in reports:
        period = Period(report.period_kind, report.period_start, report.period_end)  # type: ignore[arg-type]
        key = Key(report.offering_code, report.measure, period)
        found.setdefault(key, []).append((day_of(first.get(report.id, report.recorded_at)), report))
        if report.measure == "reach" and report.counts[0] is not None:
            groups[key.offering, period, report.area_code] = report.counts[0]
    return {key: _together(key, parts, groups) for key, parts in found.items()}


Groups = dict[tuple[str, Period, str], int]
"""(offering, period, area) → target group, where it was told."""


def _together(key: Key, parts: Sequence[tuple[date, OutcomeReport]], groups: Groups) -> Delivered:
    """The reports of a key, each with the day on which it first came. People are held to a target group only in areas
    that tell both: elsewhere they may be of a group that nobody gave."""
    counted = [(day, sum(count or 0 for count in report.counts)) for day, report in parts]
    both = [
        (sum(levels), group)
        for _day, report in parts
        if (levels := MEASURES[report.measure].level_counts(report.counts)) is not None
        and (group := groups.get((key.offering, key.period, report.area_code))) is not None
    ]
    people, largest = (sum(column) for column in zip(*both, strict=True)) if both else (None, None)
    return Delivered(came_on(counted), sum(count for _day, count in counted), people, largest)
