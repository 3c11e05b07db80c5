"""The figures of societal results, and how the results stand by them (DOMAIN.md §5)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from monitoring.combination import SCALES
from monitoring.models import (
    AreaMembership,
    Indicator,
    IndicatorDefinition,
    Observation,
    ResultIndicator,
    SocietalResult,
)
from monitoring.periods import Period
from monitoring.profile import AreaRef, IndicatorFacts, profiles
from monitoring.result_advice import Advice, warnings_of
from monitoring.results import Progress, Rule, Standing, Target, Track, next_due, progress
from monitoring.series import Value, series_in
from monitoring.services.figures.values import FIELDS


@dataclass(frozen=True)
class Measured:
    """One indicator of a result with everything that was measured of it. series: of one definition, by time."""

    chosen: ResultIndicator
    indicator: Indicator
    track: Track
    series: tuple[Value, ...]
    benchmark: tuple[Value, ...]


@dataclass(frozen=True)
class ResultProgress:
    """How a result stands. counts: only content results count."""

    result: SocietalResult
    progress: Progress
    measured: tuple[Measured, ...]

    @property
    def counts(self) -> bool:
        return self.result.kind == "content"

    @property
    def pairs(self) -> Iterator[tuple[Measured, Standing]]:
        return zip(self.measured, self.progress.standings, strict=True)


def target_of(result: SocietalResult) -> Target:
    return Target(
        result.target_kind,  # type: ignore[arg-type]
        result.target_amount,
        Period(result.baseline_kind, result.baseline_start, result.baseline_end),  # type: ignore[arg-type]
        Period(result.target_period_kind, result.target_start, result.target_end),  # type: ignore[arg-type]
    )


def progress_of(result: SocietalResult) -> ResultProgress:
    """How it stands by all figures known now. Five queries, whatever the number of indicators."""
    return progress_of_all([result])[0]


def progress_of_all(results: Sequence[SocietalResult]) -> list[ResultProgress]:
    """How several results stand, in their order."""
    found = []
    for result, measured in zip(results, _measured_all(results), strict=True):
        tracks = [one.track for one in measured]
        rule = cast(Rule, result.rule)
        found.append(ResultProgress(result, progress(rule=rule, target=target_of(result), tracks=tracks), measured))
    return found


def advice_on(result: SocietalResult) -> tuple[Advice, ...]:
    """What its makers should think of."""
    tracks = [one.track for one in _measured_all([result])[0]]
    return warnings_of(statement=result.statement_nl, target=target_of(result), tracks=tracks)


def _measured_all(results: Sequence[SocietalResult]) -> list[tuple[Measured, ...]]:
    chosen = defaultdict(list)
    for one in ResultIndicator.objects.filter(result__in=[r.id for r in results]).order_by("result_id", "place"):
        chosen[one.result_id].append(one)
    codes = {one.indicator_code for ones in chosen.values() for one in ones}
    known = Indicator.objects.in_bulk(codes)
    orders: dict[str, dict[str, int]] = defaultdict(dict)
    for definition in IndicatorDefinition.objects.filter(indicator__in=codes):
        orders[definition.indicator_id][definition.version] = definition.order
    values = _values(results, codes)
    return [
        tuple(_measured(result, one, known[one.indicator_code], orders[one.indicator_code], values)
              for one in chosen[result.id])
        for result in results
    ]  # fmt: skip


def _values(results: Sequence[SocietalResult], codes: Iterable[str]) -> dict[tuple[str, str], list[Value]]:
    """By indicator and area: official figures and the municipality's own."""
    areas = {code for result in results for code in (result.area_code, result.benchmark_code) if code}
    cities = {"", *(result.municipality_code for result in results)}
    rows = Observation.objects.filter(area_code__in=areas, indicator_code__in=codes, municipality_code__in=cities)
    found = defaultdict(list)
    for indicator, area, year, kind, start, end, *rest in rows.values_list(*FIELDS):
        found[indicator, area].append(Value(indicator, area, year, Period(kind, start, end), *rest))
    return found


def _measured(result: SocietalResult, chosen: ResultIndicator, indicator: Indicator, orders: dict[str, int],
              values: dict[tuple[str, str], list[Value]]) -> Measured:  # fmt: skip
    target = target_of(result)
    series = _series(result.area_code, indicator, orders, values[indicator.code, result.area_code], target.baseline)
    other = [value for value in values[indicator.code, result.benchmark_code]
             if series and value.series_key[:3] == series[0].series_key[:3]]  # fmt: skip
    figures = {value.period: figure for value in series if (figure := value.figure)}
    beside = {value.period: figure for value in other if (figure := value.figure)}
    track = Track(
        code=indicator.code, direction=chosen.direction, figures=figures,
        benchmark=beside if result.target_kind == "benchmark" else None,
        part=result.benchmark_code in _above(result), unit=indicator.unit, scale=SCALES.get(indicator.unit, 1.0),
        rate=bool(series) and series[0].statistic == "rate", relevant=indicator.relevant_difference,
        next_due=_due(figures, indicator),
    )  # fmt: skip
    return Measured(chosen, indicator, track, series, tuple(other))


def _above(result: SocietalResult) -> tuple[str, ...]:
    return AreaMembership.objects.above(result.area_code) if result.target_kind == "benchmark" else ()


def _due(figures: Iterable[Period], indicator: Indicator) -> str | None:
    """An announcement that has been overtaken by a measurement says nothing any more."""
    last = max((period.start.year for period in figures), default=0)
    announced = indicator.next_expected if indicator.next_expected[:4] > str(last) else None
    return next_due(figures, announced)


def _series(area_code: str, indicator: Indicator, orders: dict[str, int], own: list[Value],
            baseline: Period) -> tuple[Value, ...]:  # fmt: skip
    """The series that holds the baseline, the current definition first; series are never joined."""
    facts = IndicatorFacts(indicator.code, indicator.direction, indicator.relevant_difference, orders)
    found = profiles(area=AreaRef(area_code, ""), above=(), indicators=[facts], own=series_in(own))
    if not found:
        return ()
    series = found[0].series
    fitting = (one for one in series if any(v.period == baseline and v.value is not None for v in one.values))
    return next(fitting, series[0]).values
