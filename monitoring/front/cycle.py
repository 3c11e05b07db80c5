"""What the yearly cycle asks of monitoring: what stands out in an area, how results stand, what is new."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from config.languages import label
from config.stores import front_door
from monitoring.benchmark import Rules, verdict
from monitoring.combination import SCALES
from monitoring.measure_words import SHEETS
from monitoring.measures import fits
from monitoring.models import Area, Indicator, IndicatorLink, MeasurementPlan, Observation, SocietalResult
from monitoring.profile import Beside, IndicatorProfile
from monitoring.results import Standing
from monitoring.services.profiles.reading import AreaProfile, profile_of
from monitoring.services.results.result_figures import Measured, ResultProgress, progress_of_all, target_of


@dataclass(frozen=True)
class LinkedFactor:
    """A factor that an indicator speaks about. inverse: more of the one is less of the other."""

    code: str
    role: str
    inverse: bool


@dataclass(frozen=True)
class IndicatorFinding:
    """The newest figure of one indicator and how it compares by the adviser's rule (DOMAIN.md §4).

    value: of the area itself, None with `status` saying why. compared_*: the areas the rule sets side by side (the area
    or its district, against the city or one level up), with their values and their difference in the unit; None where
    there is nothing to compare. word, ground, why: codes of monitoring/benchmark.py.
    """

    code: str
    name: str
    unit: str
    decimals: int
    direction: str
    period: str
    value: float | None
    status: str
    source: str
    citation: str
    demo: bool
    compared_code: str | None
    compared_name: str | None
    compared_value: float | None
    against_code: str | None
    against_name: str | None
    against_value: float | None
    difference: float | None
    word: str
    ground: str
    why: str
    domain_codes: tuple[str, ...]
    factors: tuple[LinkedFactor, ...]

    @property
    def stands_out(self) -> bool:
        return self.word in {"better", "worse", "higher", "lower"}


@dataclass(frozen=True)
class ResultIndicatorView:
    """How one indicator of a result stands, or the mean of them all. Values in its unit, None where unknown.

    points: every figure of its series as (period, value). improvement: positive = better, whichever way that is.
    """

    code: str
    name: str
    unit: str
    decimals: int
    condition: str
    state: str
    certainty: str
    ground: str
    baseline: float | None
    measured_period: str | None
    latest: float | None
    improvement: float | None
    expected: float | None
    goal: float | None
    next_due: str | None
    points: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class ResultView:
    """A societal result and how it stands now. baseline, period: the baseline and target period (ISO)."""

    id: str
    area_code: str
    ambition_code: str
    statement: str
    motivation: str
    kind: str
    rule: str
    target_kind: str
    target_amount: float | None
    benchmark_code: str
    baseline: str
    period: str
    state: str
    certainty: str
    next_due: str | None
    partner_codes: tuple[str, ...]
    indicators: tuple[ResultIndicatorView, ...]
    mean: ResultIndicatorView | None


@dataclass(frozen=True)
class NewFigure:
    """An indicator of which a value was recorded since some moment, with the newest period among those."""

    code: str
    name: str
    period: str


@front_door("monitoring")
def area_findings(*, area_code: str) -> tuple[IndicatorFinding, ...]:
    """All indicators of the newest vintage of an area, by kind and code; empty for an unknown area. Nine queries."""
    area = Area.objects.vintages_of(area_code).first()
    if area is None:
        return ()
    profile = profile_of(area)
    names = {one.code: label(one) for one in (area, *profile.above)}
    return tuple(_finding(profile, one, names) for one in profile.profiles)


def _finding(profile: AreaProfile, one: IndicatorProfile, names: dict[str, str]) -> IndicatorFinding:
    indicator, latest = profile.indicators[one.code], one.latest
    links: tuple[IndicatorLink, ...] = profile.links.get(one.code, ())
    source = profile.sources.get(latest.source_code)
    return IndicatorFinding(
        code=one.code, name=label(indicator), unit=indicator.unit, decimals=indicator.decimals,
        direction=indicator.direction, period=latest.period.iso, value=latest.value, status=latest.status,
        source=label(source) if source else latest.source_code, citation=latest.citation, demo=latest.demo,
        **_compared(profile, one, indicator, names),
        domain_codes=tuple(link.target_code for link in links if link.target_kind == "domain"),
        factors=tuple(LinkedFactor(link.target_code, link.role, link.inverse) for link in links
                      if link.target_kind == "factor"),
    )  # fmt: skip


def _compared(
    profile: AreaProfile, one: IndicatorProfile, indicator: Indicator, names: dict[str, str]
) -> dict[str, Any]:
    """Which two figures the rule sets side by side, and what can be said of them."""
    beside = {other.area_code: other for other in one.benchmarks}
    code, against, why = _pair(profile, one)
    other = beside.get(against or "")
    shown = one.latest if code == profile.area.code else beside[code].value if code in beside else None
    if other is None or code is None or shown is None or shown.value is None:
        return dict.fromkeys(
            ("compared_code", "compared_name", "compared_value", "against_code", "against_name", "against_value",
             "difference")
        ) | {"word": "cannot-tell", "ground": "none", "why": why}  # fmt: skip
    found = _said(one, indicator, code == profile.area.code, shown.figure, other)
    difference = round(shown.value - (other.value.value or 0.0), 10)
    return {
        "compared_code": code, "compared_name": names[code], "compared_value": shown.value,
        "against_code": against, "against_name": names[other.area_code], "against_value": other.value.value,
        "difference": difference, "word": found[0], "ground": found[1], "why": why,
    }  # fmt: skip


def _said(one: IndicatorProfile, indicator: Indicator, itself: bool, figure: object, other: Beside) -> tuple[str, str]:
    if itself:
        return other.verdict.word, other.verdict.ground
    rules = Rules(indicator.direction, indicator.relevant_difference, SCALES.get(one.latest.unit, 1.0),
                  rate=one.latest.statistic == "rate")  # fmt: skip
    against = other.value.figure
    if figure is None or against is None:
        return "cannot-tell", "none"
    found = verdict(figure, against, rules, part=True)  # type: ignore[arg-type]
    return found.word, found.ground


def _pair(profile: AreaProfile, one: IndicatorProfile) -> tuple[str | None, str | None, str]:
    """By the adviser's rule; an area that is no neighbourhood is set beside the nearest area above it with a figure."""
    if one.comparison is not None:
        return one.comparison.area, one.comparison.against, one.comparison.why
    if one.benchmarks:
        return profile.area.code, one.benchmarks[0].area_code, "nearest-above"
    return None, None, "no-figures"


@front_door("monitoring")
def results_of(*, municipality_code: str, area_code: str | None = None) -> tuple[ResultView, ...]:
    """The societal results of an area (or of all areas) and how they stand, in the order of their target."""
    rows = SocietalResult.objects.filter(municipality_code=municipality_code)
    rows = rows if area_code is None else rows.filter(area_code=area_code)
    return tuple(_result(found) for found in progress_of_all(list(rows.order_by("target_start", "id"))))


def _result(found: ResultProgress) -> ResultView:
    result, target, mean = found.result, target_of(found.result), found.progress.mean
    stood = tuple(_standing(standing, measured) for measured, standing in found.pairs)
    return ResultView(
        id=str(result.id), area_code=result.area_code, ambition_code=result.ambition_code,
        statement=result.statement_nl, motivation=result.motivation_nl, kind=result.kind, rule=result.rule,
        target_kind=result.target_kind, target_amount=result.target_amount, benchmark_code=result.benchmark_code,
        baseline=target.baseline.iso, period=target.period.iso, state=found.progress.state,
        certainty=found.progress.certainty,
        next_due=min((one.next_due for one in stood if one.next_due), default=None),
        partner_codes=tuple(result.partner_codes), indicators=stood,
        mean=_standing(mean, found.measured[0]) if mean else None,
    )  # fmt: skip


def _standing(one: Standing, measured: Measured) -> ResultIndicatorView:
    """measured: the indicator that stands so; of a mean the first, whose unit all of them have."""
    alone, indicator = one.code == measured.indicator.code, measured.indicator
    return ResultIndicatorView(
        code=one.code, name=label(indicator) if alone else "", unit=indicator.unit, decimals=indicator.decimals,
        condition=measured.chosen.condition_nl if alone else "", state=one.state, certainty=one.certainty,
        ground=one.ground, baseline=one.baseline.value if one.baseline else None,
        measured_period=one.measured.iso if one.measured else None, latest=one.latest.value if one.latest else None,
        improvement=one.improvement, expected=one.expected, goal=one.goal, next_due=one.next_due,
        points=tuple((value.period.iso, value.value) for value in measured.series if value.value is not None)
        if alone else (),
    )  # fmt: skip


@front_door("monitoring")
def result_statements(*, municipality_code: str) -> dict[str, str]:
    """The results of a municipality by id, as they are stated. One query."""
    rows = SocietalResult.objects.filter(municipality_code=municipality_code)
    return {str(pk): statement for pk, statement in rows.values_list("id", "statement_nl")}


def measure_labels(*, codes: Collection[str]) -> dict[str, str]:
    """Dutch names of measures of partners' outcomes; an unknown measure is left out. No query."""
    return {code: SHEETS[code] for code in sorted(codes) if code in SHEETS}


def measures_that_fit(*, service_type: str) -> tuple[str, ...]:
    """The measures that the sources name for a type of service, in their order. No query."""
    return tuple(fit.measure for fit in fits().get(service_type, ()))


@front_door("monitoring")
def figures_since(*, municipality_code: str, area_code: str, moment: datetime) -> tuple[NewFigure, ...]:
    """Indicators with a value, official or the municipality's own, recorded after the moment, by code. Two queries."""
    newest: dict[str, Observation] = {}
    rows = Observation.objects.filter(municipality_code__in=["", municipality_code], area_code=area_code,
                                      recorded_at__gt=moment, value__isnull=False)  # fmt: skip
    for row in rows.order_by("period_end"):
        newest[row.indicator_code] = row
    names = {one.code: label(one) for one in Indicator.objects.filter(code__in=newest)}
    return tuple(NewFigure(code, names.get(code, code), str(newest[code].period_start.year)) for code in sorted(newest))


@front_door("monitoring")
def offerings_with_plan(*, codes: Collection[str], day: date) -> frozenset[str]:
    """Those of the offerings that have a measurement plan that holds on the day or begins later. One query."""
    lasting = Q(valid_until__isnull=True) | Q(valid_until__gt=day)
    rows = MeasurementPlan.objects.filter(lasting, offering_code__in=codes)
    return frozenset(rows.values_list("offering_code", flat=True))
