"""The profile of an area from its figures and those of the areas around it (DOMAIN.md §4, §9). Pure.

Series of different definitions, statistics, populations or sources are never joined.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from monitoring.benchmark import Compared, Figure, Rules, Verdict, adviser_step, verdict
from monitoring.combination import RESULTS, SCALES, Cell, Rule, combine
from monitoring.periods import Period
from monitoring.statistics import Counted
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
        return Figure(self.value, *((self.numerator, self.denominator) if self.statistic in COUNTED else ()))

    @property
    def counted(self) -> Counted | None:
        """What was counted for this very value."""
        return Counted.of(self.numerator, self.denominator) if self.statistic in COUNTED else None


@dataclass(frozen=True)
class IndicatorFacts:
    """What must be known of an indicator to judge its figures. definitions: version → order, the highest is current."""

    code: str
    direction: str
    relevant_difference: float | None
    definitions: Mapping[str, int]
    combine_areas: Rule = "none"


@dataclass(frozen=True)
class AreaRef:
    code: str
    level: str


Company = Literal["parent", "country", "area", "group", "similar", "own-earlier"]
Place = Literal["around", "inside", "apart"]


@dataclass(frozen=True)
class Peer:
    """What to set figures beside: an area, or several whose figures are combined where it has none of its own.

    place: whether it lies around the area of the profile, inside it, or apart from it.
    """

    kind: Company
    code: str
    level: str
    place: Place = "around"
    members: tuple[str, ...] = ()


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


class Beside(NamedTuple):
    """The latest value set beside the same figure of another area, or of itself at the figure before.

    ratio None: the unit has no natural zero.
    """

    kind: Company
    area_code: str
    level: str
    value: Value
    difference: float
    ratio: float | None
    verdict: Verdict


class IndicatorProfile(NamedTuple):
    """One indicator in one area: the main series first; the rest of it is about that series."""

    code: str
    series: tuple[Series, ...]
    trend: Trend
    benchmarks: tuple[Beside, ...]
    comparison: Compared | None

    @property
    def latest(self) -> Value:
        return self.series[0].latest


def profiles(*, area: AreaRef, above: Sequence[AreaRef], indicators: Iterable[IndicatorFacts], values: Iterable[Value],
             peers: Sequence[Peer] | None = None) -> tuple[IndicatorProfile, ...]:  # fmt: skip
    """One profile per indicator that has any figure in the area, in the order of `indicators`.

    above: areas it lies in, nearest first. peers: what to set its figures beside; without them the areas above.
    values: of the area and of all those, in any order.
    """
    company = [Peer("parent", ref.code, ref.level) for ref in above] if peers is None else peers
    own: dict[str, list[Value]] = defaultdict(list)
    others: dict[str, list[Value]] = defaultdict(list)
    for value in values:
        (own if value.area_code == area.code else others)[value.indicator_code].append(value)
    return tuple(_profile(facts, area, above, company, own[facts.code], others[facts.code])
                 for facts in indicators if own[facts.code])  # fmt: skip


def _profile(facts: IndicatorFacts, area: AreaRef, above: Sequence[AreaRef], peers: Sequence[Peer], own: list[Value],
             others: list[Value]) -> IndicatorProfile:  # fmt: skip
    series = _series(facts, own)
    latest, rules = series[0].latest, rules_for(facts, series[0].latest)
    like = _like(latest, others)
    beside = tuple(_compare(rules, peer, latest, other) for peer in peers if latest.value is not None
                   and (other := _of_peer(peer, facts, series[0], like)) is not None)  # fmt: skip
    points = [Point(value.period, value.value, value.counted) for value in series[0].values]
    return IndicatorProfile(facts.code, series, trend(points, better=facts.direction, rate=rules.rate), beside,
                            _comparison(rules, area, above, latest, like))  # fmt: skip


def _series(facts: IndicatorFacts, own: list[Value]) -> tuple[Series, ...]:
    """The current definition first, then the statistic that says most."""
    groups: dict[tuple[str, ...], list[Value]] = defaultdict(list)
    for value in sorted(own, key=lambda value: (value.period.start, value.period.end, value.area_year)):
        groups[*value.series_key, value.period.kind].append(value)

    def order(key: tuple[str, ...]) -> tuple[int, int, int, tuple[str, ...]]:
        version, statistic, *_ = key
        place = STATISTICS.index(statistic) if statistic in STATISTICS else len(STATISTICS)
        return (-facts.definitions.get(version, -1), place, -len(groups[key]), key)

    return tuple(Series(tuple(groups[key])) for key in sorted(groups, key=order))


def _like(own: Value, others: Iterable[Value]) -> dict[str, Value]:
    """Per area a value of the same period, definition, statistic and population; of the same source if there is one."""
    fitting = [other for other in others if other.value is not None
               and (other.period, *other.series_key[:3]) == (own.period, *own.series_key[:3])]  # fmt: skip
    fitting.sort(key=lambda other: (other.source_code == own.source_code, other.source_code, other.area_year))
    return {value.area_code: value for value in fitting}  # the last one stays: the same source, the newest vintage


def _of_peer(peer: Peer, facts: IndicatorFacts, series: Series, like: Mapping[str, Value]) -> Value | None:
    """The figure to set the latest of the series beside, or None."""
    if peer.kind == "own-earlier":
        return next((value for value in reversed(series.values[:-1]) if value.value is not None), None)
    if peer.code in like:
        return like[peer.code]
    rule: Rule = "mean-of-areas" if peer.kind == "similar" and facts.combine_areas == "sum" else facts.combine_areas
    parts = [like[code] for code in peer.members if code in like]
    return combined(parts, rule, area_code=peer.code, total=len(peer.members)) if parts and rule != "none" else None


def combined(parts: Sequence[Value], rule: Rule, *, area_code: str, total: int) -> Value | None:
    """One computed value from those of several areas; None if no part has what the rule needs.

    parts: at least one; of one indicator, period, statistic and population. total: of how many areas.
    Raises MixedDefinitions, NotCombinable.
    """
    cells = [Cell(part.value, part.numerator, part.denominator, part.definition_version) for part in parts]
    found = combine(cells, rule, scale=SCALES.get(parts[0].unit, 1.0))
    if found.value is None:
        return None
    return parts[0]._replace(
        area_code=area_code, value=found.value, numerator=found.numerator, denominator=found.denominator,
        statistic=RESULTS.get(rule, parts[0].statistic), qualifier="exact", status="final", origin="computed",
        basis=f"{found.used} of {total} areas", areas_used=found.used, areas_total=total, conflict="", note="",
        citation=f"{rule}: {parts[0].citation}",
    )  # fmt: skip


def _compare(rules: Rules, peer: Peer, own: Value, other: Value) -> Beside:
    one, two = own.figure, other.figure
    if one is None or two is None:
        raise ValueError("only values can be compared")
    same = own.source_code == other.source_code
    ratio = one.value / two.value if two.value > 0 and one.value >= 0 and own.unit not in NO_RATIO else None
    found = verdict(one, two, rules, part=same and peer.place == "around", whole=same and peer.place == "inside")
    return Beside(peer.kind, peer.code, peer.level, other, round(one.value - two.value, 10),
                  None if ratio is None else round(ratio, 10), found)  # fmt: skip


def rules_for(facts: IndicatorFacts, value: Value) -> Rules:
    return Rules(
        facts.direction, facts.relevant_difference, SCALES.get(value.unit, 1.0), rate=value.statistic == "rate"
    )


def _comparison(rules: Rules, area: AreaRef, above: Sequence[AreaRef], own: Value,
                like: Mapping[str, Value]) -> Compared | None:  # fmt: skip
    """The adviser's rule, for neighbourhoods and what lies in them. like: figures to compare with, by area."""
    if area.level not in SMALL_LEVELS:
        return None
    by_level = {other.level: other.code for other in reversed(above)}
    district = by_level.get("district")
    differs = None
    if district and district in like and own.value is not None:
        against = _compare(rules, Peer("parent", district, "district"), own, like[district]).verdict
        differs = None if against.word == "cannot-tell" else against.clear
    known = frozenset(code for code in by_level.values() if code in like)
    known = known | {area.code} if own.value is not None else known
    return adviser_step(area=area.code, district=district, city=by_level.get("municipality"),
                        country=by_level.get("country"), has_figure=known, differs=differs)  # fmt: skip
