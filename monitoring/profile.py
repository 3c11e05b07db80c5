"""The profile of an area from its figures and those of the areas around it (DOMAIN.md §4, §9). Pure.

Series of different definitions, statistics, populations or sources are never joined.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from monitoring.benchmark import Compared, Figure, Rules, Verdict, adviser_step, verdict
from monitoring.combination import SCALES
from monitoring.periods import Period
from monitoring.trend import Point, Trend, trend

STATISTICS = ("share", "rate", "mean", "mean-of-areas", "count", "pooled-ratio", "standard-deviation", "min", "max")
COUNTED = {"share", "rate"}  # numerator and denominator are then counts of this very value
NO_RATIO = {"score"}  # a scale without a natural zero
SMALL_LEVELS = {"neighbourhood", "sub-neighbourhood"}


class Value(NamedTuple):
    """One observation. value None: `status` says why. A tuple, because a profile makes thousands of them."""

    indicator_code: str
    area_code: str
    area_year: int
    period: Period
    definition_version: str
    population: str
    statistic: str
    source_code: str
    value: float | None
    unit: str
    qualifier: str
    status: str
    numerator: float | None
    denominator: float | None
    basis: str
    areas_used: int | None
    areas_total: int | None
    conflict: str
    note: str
    citation: str
    origin: str
    demo: bool

    @property
    def series_key(self) -> tuple[str, str, str, str]:
        return (self.definition_version, self.statistic, self.population, self.source_code)

    @property
    def figure(self) -> Figure | None:
        if self.value is None:
            return None
        counts = (self.numerator, self.denominator) if self.statistic in COUNTED else (None, None)
        return Figure(self.value, *counts)


@dataclass(frozen=True)
class IndicatorFacts:
    """What must be known of an indicator to judge its figures. definitions: version → order, the highest is current."""

    code: str
    direction: str
    relevant_difference: float | None
    definitions: Mapping[str, int]


@dataclass(frozen=True)
class AreaRef:
    code: str
    level: str


@dataclass(frozen=True)
class Series:
    """Values of one definition, statistic, population and source, by time."""

    values: tuple[Value, ...]

    @property
    def head(self) -> Value:
        return self.values[0]

    @property
    def latest(self) -> Value:
        return self.values[-1]


@dataclass(frozen=True)
class Beside:
    """The latest value set beside the same figure of another area. ratio None: the unit has no natural zero."""

    area_code: str
    level: str
    value: Value
    difference: float
    ratio: float | None
    verdict: Verdict


@dataclass(frozen=True)
class IndicatorProfile:
    """One indicator in one area: the main series first; the rest of it is about that series."""

    code: str
    series: tuple[Series, ...]
    trend: Trend
    benchmarks: tuple[Beside, ...]
    comparison: Compared | None

    @property
    def latest(self) -> Value:
        return self.series[0].latest


def profiles(*, area: AreaRef, above: Sequence[AreaRef], indicators: Iterable[IndicatorFacts],
             values: Iterable[Value]) -> tuple[IndicatorProfile, ...]:  # fmt: skip
    """One profile per indicator that has any figure in the area, in the order of `indicators`.

    above: areas to set beside it, nearest first. values: of the area and of those, in any order.
    """
    own: dict[str, list[Value]] = defaultdict(list)
    others: dict[str, list[Value]] = defaultdict(list)
    for value in values:
        (own if value.area_code == area.code else others)[value.indicator_code].append(value)
    return tuple(_profile(facts, area, above, own[facts.code], others[facts.code])
                 for facts in indicators if own[facts.code])  # fmt: skip


def _profile(
    facts: IndicatorFacts, area: AreaRef, above: Sequence[AreaRef], own: list[Value], others: list[Value]
) -> IndicatorProfile:
    series = _series(facts, own)
    latest = series[0].latest
    points = (Point(value.period, value.value) for value in series[0].values)
    like = _like(above, latest, others)
    beside = tuple(_compare(facts, other, latest, like[other.code]) for other in above
                   if other.code in like and latest.value is not None)  # fmt: skip
    return IndicatorProfile(facts.code, series, trend(points, better=facts.direction), beside,
                            _comparison(area, above, latest, beside, frozenset(like)))  # fmt: skip


def _series(facts: IndicatorFacts, own: list[Value]) -> tuple[Series, ...]:
    """The current definition first, then the statistic that says most."""
    groups: dict[tuple[str, str, str, str], list[Value]] = defaultdict(list)
    for value in sorted(own, key=lambda value: (value.period.start, value.period.end, value.area_year)):
        groups[value.series_key].append(value)

    def order(key: tuple[str, str, str, str]) -> tuple[int, int, int, tuple[str, str, str, str]]:
        version, statistic, *_ = key
        place = STATISTICS.index(statistic) if statistic in STATISTICS else len(STATISTICS)
        return (-facts.definitions.get(version, -1), place, -len(groups[key]), key)

    return tuple(Series(tuple(groups[key])) for key in sorted(groups, key=order))


def _like(above: Sequence[AreaRef], own: Value, others: Iterable[Value]) -> dict[str, Value]:
    """Per area a value of the same period, definition, statistic and population; of the same source if there is one."""
    fitting = [other for other in others if other.value is not None
               and (other.period, *other.series_key[:3]) == (own.period, *own.series_key[:3])]  # fmt: skip
    fitting.sort(key=lambda other: (other.source_code == own.source_code, other.source_code, other.area_year))
    found = {value.area_code: value for value in fitting}  # the last one stays: the same source, the newest vintage
    return {area.code: found[area.code] for area in above if area.code in found}


def _compare(facts: IndicatorFacts, area: AreaRef, own: Value, other: Value) -> Beside:
    rules = Rules(facts.direction, facts.relevant_difference, SCALES.get(own.unit, 1.0), rate=own.statistic == "rate")
    one, two = own.figure, other.figure
    if one is None or two is None:
        raise ValueError("only values can be compared")
    part = own.source_code == other.source_code
    ratio = one.value / two.value if two.value > 0 and one.value >= 0 and own.unit not in NO_RATIO else None
    return Beside(area.code, area.level, other, round(one.value - two.value, 10),
                  None if ratio is None else round(ratio, 10), verdict(one, two, rules, part=part))  # fmt: skip


def _comparison(area: AreaRef, above: Sequence[AreaRef], own: Value, beside: Sequence[Beside],
                figures: frozenset[str]) -> Compared | None:  # fmt: skip
    """The adviser's rule, for neighbourhoods and what lies in them. figures: the areas above that have one."""
    if area.level not in SMALL_LEVELS:
        return None
    by_level = {other.level: other.code for other in reversed(above)}
    district = by_level.get("district")
    against = next((other.verdict for other in beside if other.area_code == district), None)
    differs = None if against is None or against.word == "cannot-tell" else against.clear
    known = figures | {area.code} if own.value is not None else figures
    return adviser_step(area=area.code, district=district, city=by_level.get("municipality"),
                        country=by_level.get("country"), has_figure=known, differs=differs)  # fmt: skip
