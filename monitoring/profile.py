"""The profile of an area from its figures and those of the areas around it (DOMAIN.md §4, §9). Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from monitoring.benchmark import Compared, Rules, Verdict, adviser_step, verdict
from monitoring.combination import RESULTS, SCALES, Cell, Rule, combine
from monitoring.series import ALIKE, Series, Value
from monitoring.trend import Trend, trend

STATISTICS = ("share", "rate", "mean", "mean-of-areas", "count", "pooled-ratio", "standard-deviation", "min", "max")
NO_RATIO = {"score"}  # a scale without a natural zero
SMALL_LEVELS = {"neighbourhood", "sub-neighbourhood"}


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
    latest: Value
    trend: Trend
    benchmarks: tuple[Beside, ...]
    comparison: Compared | None


def profiles(*, area: AreaRef, above: Sequence[AreaRef], indicators: Iterable[IndicatorFacts], own: Iterable[Series],
             others: Iterable[Value] = (), peers: Sequence[Peer] | None = None
             ) -> tuple[IndicatorProfile, ...]:  # fmt: skip
    """One profile per indicator that has any figure in the area, in the order of `indicators`.

    above: areas it lies in, nearest first. peers: what to set its figures beside; without them the areas above.
    own: of the area. others: of all those, in any order.
    """
    company = [Peer("parent", ref.code, ref.level) for ref in above] if peers is None else peers
    series: dict[str, list[Series]] = defaultdict(list)
    for one in own:
        series[one.indicator_code].append(one)
    beside: dict[str, list[Value]] = defaultdict(list)
    for value in others:
        beside[value.indicator_code].append(value)
    return tuple(_profile(facts, area, above, company, series[facts.code], beside[facts.code])
                 for facts in indicators if facts.code in series)  # fmt: skip


def _profile(facts: IndicatorFacts, area: AreaRef, above: Sequence[AreaRef], peers: Sequence[Peer],
             own: Sequence[Series], others: Sequence[Value]) -> IndicatorProfile:  # fmt: skip
    series = _in_order(facts, own)
    main, latest = series[0], series[0].latest
    rules, like = rules_for(facts, latest), _like(latest, others)
    beside = tuple(_compare(rules, peer, latest, other) for peer in peers if latest.value is not None
                   and (other := _of_peer(peer, facts, main, like)) is not None)  # fmt: skip
    found = trend(main.points, better=facts.direction, rate=rules.rate)
    return IndicatorProfile(facts.code, series, latest, found, beside, _comparison(rules, area, above, latest, like))


def _in_order(facts: IndicatorFacts, own: Sequence[Series]) -> tuple[Series, ...]:
    """The current definition first, then the statistic that says most."""

    def order(one: Series) -> tuple[int, int, int, tuple[str, ...]]:
        place = STATISTICS.index(one.statistic) if one.statistic in STATISTICS else len(STATISTICS)
        return (-facts.definitions.get(one.definition_version, -1), place, -len(one.periods), one.key)

    return tuple(sorted(own, key=order) if len(own) > 1 else own)


def _like(own: Value, others: Iterable[Value]) -> dict[str, Value]:
    """Per area a value of the same period, definition, statistic and population; of the same source if there is one."""
    alike = own[ALIKE]
    fitting = [other for other in others if other.value is not None and other[ALIKE] == alike]
    fitting.sort(key=lambda other: (other.source_code == own.source_code, other.source_code, other.area_year))
    return {value.area_code: value for value in fitting}  # the last one stays: the same source, the newest vintage


def _of_peer(peer: Peer, facts: IndicatorFacts, series: Series, like: Mapping[str, Value]) -> Value | None:
    """The figure to set the latest of the series beside, or None."""
    if peer.kind == "own-earlier":
        return next((value for value in reversed(series.values[:-1]) if value.value is not None), None)
    if peer.code in like:
        return like[peer.code]
    if not peer.members:
        return None
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
    same, place = own.source_code == other.source_code, peer.place
    ratio = round(one.value / two.value, 10) if two.value > 0 <= one.value and own.unit not in NO_RATIO else None
    found = verdict(one, two, rules, part=same and place == "around", whole=same and place == "inside")
    return Beside(peer.kind, peer.code, peer.level, other, round(one.value - two.value, 10), ratio, found)


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
