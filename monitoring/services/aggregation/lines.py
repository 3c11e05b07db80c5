"""Reading reports, facts and plans of one municipality as the pure modules want them."""

from collections.abc import Collection
from datetime import date

from monitoring.aggregation import Expectation, Line
from monitoring.models import MeasurementPlan, OfferingFact, OutcomeReport, OutcomeReportHistory
from monitoring.models.report import ReportBase, ReportStatus
from monitoring.periods import Period
from monitoring.services.geography.area_tree import AreaTree

COUNTED = (ReportStatus.SUBMITTED, ReportStatus.ACCEPTED, ReportStatus.PUBLISHED)
RELEASABLE = (ReportStatus.ACCEPTED, ReportStatus.PUBLISHED)
WAITING = (ReportStatus.SUBMITTED, ReportStatus.RETURNED)


def current_facts(municipality_code: str) -> dict[str, OfferingFact]:
    """Offering code → its newest facts. One query."""
    facts = OfferingFact.objects.filter(current=True, municipality_code=municipality_code)
    return {fact.offering_code: fact for fact in facts}


def lines_of(
    facts: dict[str, OfferingFact],
    tree: AreaTree,
    *,
    measures: Collection[str] | None = None,
    between: tuple[date, date] | None = None,
) -> list[Line]:
    """Reports of these offerings as lines, narrowed to measures and to periods that lie within two days. One query."""
    reports = OutcomeReport.objects.filter(
        municipality_code=tree.municipality, offering_code__in=facts, status__in=COUNTED
    )
    if measures is not None:
        reports = reports.filter(measure__in=measures)
    if between is not None:
        reports = reports.filter(period_start__gte=between[0], period_end__lte=between[1])
    return [line_of(report, facts[report.offering_code], tree) for report in reports]


def accepted_lines(facts: dict[str, OfferingFact], tree: AreaTree, *, until: date) -> list[Line]:
    """Of each report of these offerings the newest version that was accepted, over periods that end by a day.

    A correction about which a question is open changes no release, but does not take what stood there out of it either.
    Two queries.
    """
    mine = OutcomeReport.objects.filter(
        municipality_code=tree.municipality, offering_code__in=facts, period_end__lte=until
    )
    decided = OutcomeReportHistory.objects.filter(
        report_id__in=mine.filter(status__in=WAITING, version__gt=1).values("id"),
        status__in=(*RELEASABLE, ReportStatus.WITHDRAWN),
    )
    newest = decided.order_by("report_id", "-version").distinct("report_id")
    stood = [report for report in newest if report.status in RELEASABLE]
    reports: list[ReportBase] = [*mine.filter(status__in=RELEASABLE), *stood]
    return [line_of(report, facts[report.offering_code], tree) for report in reports]


def line_of(report: ReportBase, fact: OfferingFact, tree: AreaTree) -> Line:
    period = Period(report.period_kind, report.period_start, report.period_end)  # type: ignore[arg-type]
    return Line(report.offering_code, fact.intervention_code, fact.organisation_code, report.measure, report.area_code,
                tree.places(report.area_code), period, tuple(report.counts), tuple(fact.factor_codes),
                tuple(fact.domain_codes))  # fmt: skip


def expectations_of(facts: dict[str, OfferingFact], tree: AreaTree) -> dict[str, list[Expectation]]:
    """Per measure: which offerings are asked for it, where and when. One query."""
    found: dict[str, list[Expectation]] = {}
    places = {code: None if f.city_wide else tree.around(f.area_codes) for code, f in facts.items()}
    for plan in MeasurementPlan.objects.filter(offering_code__in=facts):
        fact = facts[plan.offering_code]
        ends = [day for day in (fact.ends_on, plan.valid_until) if day is not None]
        found.setdefault(plan.measure, []).append(
            Expectation(plan.offering_code, fact.intervention_code, plan.measure, places[plan.offering_code],
                        max(fact.starts_on, plan.valid_from), min(ends, default=None), tuple(fact.factor_codes),
                        tuple(fact.domain_codes))
        )  # fmt: skip
    return found
