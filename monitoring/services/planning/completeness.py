"""Reading plans, offerings and reports, and judging what was delivered of what was asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, Q

from config.days import day_of
from monitoring.completeness import Delivered, Judged, Key, judge, periods_of
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
    delivered, largest = _delivered(facts)
    found = judge(_asked(facts, day), delivered, largest, day)
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


def _delivered(facts: dict[str, OfferingFact]) -> tuple[dict[Key, Delivered], dict[Key, int]]:
    """What came in per key, and per key the target group that the same offering reported for that period."""
    reports = list(
        OutcomeReport.objects.filter(offering_code__in=facts).exclude(
            status__in=[ReportStatus.WITHDRAWN, ReportStatus.RETURNED]
        )
    )
    firsts = OutcomeReportHistory.objects.filter(offering_code__in=facts).values("report_id")
    first = dict(firsts.annotate(at=Min("recorded_at")).values_list("report_id", "at"))
    found: dict[Key, Delivered] = {}
    groups: dict[tuple[str, Period], int] = {}
    for report in reports:
        period = Period(report.period_kind, report.period_start, report.period_end)  # type: ignore[arg-type]
        key = Key(report.offering_code, report.measure, period)
        found[key] = _added(found.get(key), report, day_of(first.get(report.id, report.recorded_at)))
        if report.measure == "reach" and report.counts[0] is not None:
            groups[key.offering, period] = groups.get((key.offering, period), 0) + report.counts[0]
    return found, {key: groups[key.offering, key.period] for key in found if (key.offering, key.period) in groups}


def _added(so_far: Delivered | None, report: OutcomeReport, first_on: date) -> Delivered:
    """A key with one more report, of another area, in it."""
    levels = MEASURES[report.measure].level_counts(report.counts)
    people = sum(levels) if levels is not None else None
    total = sum(count or 0 for count in report.counts)
    if so_far is None:
        return Delivered(first_on, total, people)
    together = None if people is None and so_far.people is None else (people or 0) + (so_far.people or 0)
    return Delivered(min(first_on, so_far.first_on), total + so_far.total, together)
