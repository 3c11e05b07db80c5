"""Societal results: is it on course, reached or not, by which rule, and how sure are we (DOMAIN.md §5). Pure.

Every indicator is judged by its *margin*: how far it stands on the good side of where it must be at that moment, in its
own unit. So improving upwards and improving downwards are one and the same sum. "5 %" means percentage points.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import fsum, sqrt
from typing import Literal

from monitoring.benchmark import Figure
from monitoring.periods import Period
from monitoring.statistics import Z95, Counted, Interval, difference_of_proportions, wilson

Rule = Literal["each", "combination", "average"]
Kind = Literal["improvement", "level", "benchmark"]
State = Literal["on-course", "behind", "reached", "not-reached", "no-measurement-yet"]
Certainty = Literal["clear", "cannot-tell-yet"]
Unfit = Literal["no-indicator", "needs-combined-indicator", "mixed-directions", "mixed-units"]
Ground = Literal["counts", "relevant-difference", "none"]

RULES: tuple[Rule, ...] = ("each", "combination", "average")
STATES: tuple[State, ...] = ("on-course", "behind", "reached", "not-reached", "no-measurement-yet")
SIGNS = {"higher-better": 1, "lower-better": -1}
ROUNDING = 9  # decimals: 100 × 715 / 1100 − 60 must be 5


class UnfitRule(Exception):
    """The rule cannot be used on these indicators; `code` says why."""

    def __init__(self, code: Unfit) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Target:
    """What must be so in the target period. amount: percentage points (or units) to improve by, or the level itself.

    kind benchmark: at least as good as the benchmark area in the same period; it needs no amount.
    """

    kind: Kind
    amount: float | None
    baseline: Period
    period: Period


@dataclass(frozen=True)
class Track:
    """One indicator of a result: which way is better, and its figures, all of one definition, by period.

    benchmark: figures of the benchmark area, only for that kind. part: the area lies within the benchmark area.
    relevant: a difference that matters where no counts are known. scale: 100 for percentages.
    rate: events, not persons.
    next_due: when a figure is next expected, as its publisher says it.
    """

    code: str
    direction: str
    figures: Mapping[Period, Figure]
    benchmark: Mapping[Period, Figure] | None = None
    part: bool = False
    unit: str = "percent"
    scale: float = 100.0
    rate: bool = False
    relevant: float | None = None
    next_due: str | None = None

    @property
    def sign(self) -> int:
        return SIGNS[self.direction]


@dataclass(frozen=True)
class Standing:
    """How one indicator stands. Values in its unit, None where unknown.

    expected: where the straight line from baseline to target lies in the measured period; goal: where it must end.
    improvement: since the baseline, positive = better. margin: on the good side of what counts now, with its interval.
    target_met: whether the goal is met at this moment, also before the target period.
    """

    code: str
    state: State
    baseline: Figure | None
    measured: Period | None
    latest: Figure | None
    improvement: float | None
    expected: float | None
    goal: float | None
    margin: float | None
    interval: Interval | None
    certainty: Certainty
    ground: Ground
    target_met: bool | None
    next_due: str | None


@dataclass(frozen=True)
class Progress:
    """The whole, by its rule, with every indicator. mean: for `average` the standing of the mean itself."""

    state: State
    certainty: Certainty
    standings: tuple[Standing, ...]
    mean: Standing | None


def progress(*, rule: Rule, target: Target, tracks: Sequence[Track]) -> Progress:
    """How a result stands by its rule.

    Raises UnfitRule: no indicator, `combination` with more than one, `average` over mixed directions or units.
    Source: Rotterdam method guide, Deel 2 Stap 2, measuring with several indicators; DOMAIN.md §5.
    """
    check_rule(rule=rule, directions=[track.direction for track in tracks], units=[track.unit for track in tracks])
    standings = tuple(standing(target, track) for track in tracks)
    if rule != "average":
        return Progress(together([one.state for one in standings]), _certainty(standings), standings, None)
    mean = standing(target, mean_of(tracks), among=tracks)
    return Progress(mean.state, mean.certainty, standings, mean)


def check_rule(*, rule: Rule, directions: Sequence[str], units: Sequence[str]) -> None:
    """Raises UnfitRule."""
    if not directions:
        raise UnfitRule("no-indicator")
    if rule == "combination" and len(directions) != 1:
        raise UnfitRule("needs-combined-indicator")
    if rule == "average" and len(set(directions)) > 1:
        raise UnfitRule("mixed-directions")
    if rule == "average" and len(set(units)) > 1:
        raise UnfitRule("mixed-units")


def together(states: Iterable[State]) -> State:
    """`each`: all must make it, so one that did not decides; after that the least that is known of any."""
    found = set(states)
    for state in ("not-reached", "no-measurement-yet", "behind", "on-course"):
        if state in found:
            return state
    return "reached"


def _certainty(standings: Iterable[Standing]) -> Certainty:
    """Clear if every indicator is; or if one is clear that decides alone."""
    if all(one.certainty == "clear" for one in standings):
        return "clear"
    missed = any(one.state == "not-reached" and one.certainty == "clear" for one in standings)
    return "clear" if missed else "cannot-tell-yet"


def mean_of(tracks: Sequence[Track]) -> Track:
    """The mean of the indicators' values in every period in which all of them were measured; it has no counts."""
    shared = [track.benchmark for track in tracks if track.benchmark is not None]
    benchmark = _means(shared) if len(shared) == len(tracks) else None
    relevant = [track.relevant for track in tracks if track.relevant is not None]
    return replace(
        tracks[0],
        code="mean",
        figures=_means([track.figures for track in tracks]),
        benchmark=benchmark,
        relevant=fsum(relevant) / len(relevant) if len(relevant) == len(tracks) else None,
        next_due=max((track.next_due for track in tracks if track.next_due), default=None),
    )


def _means(series: Sequence[Mapping[Period, Figure]]) -> dict[Period, Figure]:
    every = set.intersection(*(set(figures) for figures in series))
    return {period: Figure(fsum(figures[period].value for figures in series) / len(series)) for period in every}


def standing(target: Target, track: Track, *, among: Sequence[Track] = ()) -> Standing:
    """How one indicator stands against the target.

    The first measurement in or after the target period decides; before that the newest one is held against the straight
    line. among: the indicators behind a mean; the interval of a mean is the mean of their intervals, which is never too
    narrow, however they hang together.
    """
    base = track.figures.get(target.baseline)
    measured = deciding(target, track.figures)
    goal = None if measured is None else _goal(target, track, base, measured)
    if measured is None or goal is None:
        return _unmeasured(track, base)
    latest = track.figures[measured]
    left = _left(target, track, base, measured)
    target_met = _rounded(track.sign * (latest.value - goal)) >= 0
    if left is None and not target_met:
        return _unmeasured(track, base)
    expected = goal - track.sign * (left or 0.0)
    margin = _rounded(track.sign * (latest.value - expected))
    interval = _mean_interval(target, among, measured, margin) if among else _interval(target, track, measured, margin)
    certainty, ground = _sure(margin, interval, track.relevant)
    return Standing(
        code=track.code,
        state=_state(measured.start >= target.period.start, margin >= 0),
        baseline=base,
        measured=measured,
        latest=latest,
        improvement=None if base is None else _rounded(track.sign * (latest.value - base.value)),
        expected=_rounded(expected),
        goal=_rounded(goal),
        margin=margin,
        interval=interval,
        certainty=certainty,
        ground=ground,
        target_met=target_met,
        next_due=track.next_due,
    )


def _rounded(value: float) -> float:
    """Without what binary fractions leave behind, and never minus zero."""
    return round(value, ROUNDING) + 0.0


def _state(decided: bool, good: bool) -> State:
    if decided:
        return "reached" if good else "not-reached"
    return "on-course" if good else "behind"


def deciding(target: Target, figures: Iterable[Period]) -> Period | None:
    """The newest measurement within the target period, else the first after it, else the newest since the baseline."""
    later = sorted((p for p in figures if p.start >= target.baseline.end), key=lambda p: (p.start, p.end))
    inside = [period for period in later if target.period.covers(period)]
    after = [period for period in later if period.start >= target.period.start and period not in inside]
    before = [period for period in later if period.start < target.period.start]
    return inside[-1] if inside else after[0] if after else before[-1] if before else None


def _unmeasured(track: Track, base: Figure | None) -> Standing:
    return Standing(track.code, "no-measurement-yet", base, None, None, None, None, None, None, None,
                    "cannot-tell-yet", "none", None, track.next_due)  # fmt: skip


def _goal(target: Target, track: Track, base: Figure | None, moment: Period) -> float | None:
    """Where the indicator must stand at last, as known in that period; None if that cannot be said."""
    if target.kind == "level":
        return target.amount
    if target.kind == "benchmark":
        other = (track.benchmark or {}).get(moment)
        return None if other is None else other.value
    return None if base is None or target.amount is None else base.value + track.sign * target.amount


def _left(target: Target, track: Track, base: Figure | None, moment: Period) -> float | None:
    """What may still be lacking in that period on a straight line from the baseline to the goal; never negative."""
    share = elapsed(target, moment)
    if share >= 1:
        return 0.0
    first = _goal(target, track, base, target.baseline)
    if base is None or first is None:
        return None
    return (1 - share) * max(0.0, track.sign * (first - base.value))


def elapsed(target: Target, moment: Period) -> float:
    """The share of the way from the middle of the baseline to the middle of the target period, at most 1."""
    start, end = _middle(target.baseline), _middle(target.period)
    return 1.0 if moment.start >= target.period.start else min(1.0, (_middle(moment) - start) / (end - start))


def _middle(period: Period) -> float:
    return (period.start.toordinal() + period.end.toordinal()) / 2


def _interval(target: Target, track: Track, moment: Period, margin: float) -> Interval | None:
    """Of the margin, in the unit, from the counts; None without counts."""
    own = track.figures[moment].counted
    if own is None or own.total <= 0:
        return None
    if target.kind == "level":
        spread = _around(own, track.rate)
    else:
        other = _other(target, track, moment, own)
        spread = None if other is None else _between(own, other, track.rate)
    if spread is None:
        return None
    low, high = sorted((track.sign * track.scale * spread.low, track.sign * track.scale * spread.high))
    return Interval(_rounded(margin + low), _rounded(margin + high))


def _other(target: Target, track: Track, moment: Period, own: Counted) -> Counted | None:
    """The group it is measured against: the baseline's, or the benchmark's without the own people in it."""
    figures, period = (
        (track.benchmark or {}, moment) if target.kind == "benchmark" else (track.figures, target.baseline)
    )
    figure = figures.get(period)
    counted = figure.counted if figure else None
    if counted and target.kind == "benchmark" and track.part:
        counted = counted.without(own)
    return counted if counted and counted.total > 0 and counted.number >= 0 else None


def _around(own: Counted, rate: bool) -> Interval | None:
    """How far the true share may lie from the one measured."""
    if rate:
        half = Z95 * sqrt(own.number) / own.total
        return Interval(-half, half)
    if not own.is_proportion:
        return None
    found = wilson(own)
    return Interval(found.low - own.share, found.high - own.share)


def _between(own: Counted, other: Counted, rate: bool) -> Interval | None:
    """How far the true difference of two groups may lie from the one measured.

    Rates: events follow Poisson's law, the normal approximation of their difference.
    """
    difference = own.share - other.share
    if rate:
        half = Z95 * sqrt(own.number / own.total**2 + other.number / other.total**2)
        return Interval(-half, half)
    if not own.is_proportion or not other.is_proportion:
        return None
    found = difference_of_proportions(own, other)
    return Interval(found.low - difference, found.high - difference)


def _mean_interval(target: Target, tracks: Sequence[Track], moment: Period, margin: float) -> Interval | None:
    found = [_interval(target, track, moment, 0.0) for track in tracks]
    known = [one for one in found if one is not None]
    if len(known) < len(tracks):
        return None
    lows, highs = fsum(one.low for one in known), fsum(one.high for one in known)
    return Interval(_rounded(margin + lows / len(known)), _rounded(margin + highs / len(known)))


def _sure(margin: float, interval: Interval | None, relevant: float | None) -> tuple[Certainty, Ground]:
    """Is it more than noise: by counts, else by the relevant difference, else we cannot tell."""
    if interval is not None:
        return ("clear" if interval.low >= 0 or interval.high < 0 else "cannot-tell-yet"), "counts"
    if relevant is not None:
        return ("clear" if abs(margin) >= relevant else "cannot-tell-yet"), "relevant-difference"
    return "cannot-tell-yet", "none"


def next_due(measured: Iterable[Period], announced: str | None) -> str | None:
    """When a figure is next expected: what the publisher announces, else the last year plus the usual gap in years."""
    if announced:
        return announced
    years = sorted({period.start.year for period in measured})
    gap = usual_gap(years)
    return None if gap is None else str(years[-1] + gap)


def usual_gap(years: Sequence[int]) -> int | None:
    """The smallest number of years between two measurements; None with fewer than two."""
    return min((later - earlier for earlier, later in pairwise(years)), default=None)
