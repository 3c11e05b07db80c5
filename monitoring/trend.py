"""Where an indicator is heading, within one definition (DOMAIN.md §4). Pure; nothing is interpolated."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from monitoring.periods import Period
from monitoring.trend_tests import SMALL, cochran_armitage, mann_kendall, poisson_trend

Direction = Literal["up", "down", "level"]
Course = Literal["improving", "worsening"]
Test = Literal["cochran-armitage", "poisson-trend", "mann-kendall"]
Finding = Literal["improving", "worsening", "rising", "falling", "no-clear-trend", "cannot-tell"]
FEWEST, FEWEST_COUNTED = 5, 3
"""Figures without which no test can find a trend: of four figures even a perfect order has p = 0.083."""


Point = tuple[Period, float | None, float | None, float | None]
"""One figure of a series: its value, None where there was no figure to use, and so many of so many where known."""


class Tested(NamedTuple):
    """Whether the figures of a series go one way by more than chance. p_value None: too few figures for any test.

    needed: how many figures the test wants at least, when there are fewer.
    """

    finding: Finding
    test: Test | None = None
    p_value: float | None = None
    needed: int | None = None


class Trend(NamedTuple):
    """The change from the first to the last figure, in the unit.

    direction None: fewer than two figures. course None: no change, or up is neither better nor worse.
    steady: every step went the same way; False also when only some steps did. tested: whether it is more than chance.
    """

    measurements: int
    first: Period | None
    last: Period | None
    change: float | None
    direction: Direction | None
    course: Course | None
    steady: bool | None
    tested: Tested = Tested("cannot-tell", needed=FEWEST)


def trend(points: Iterable[Point], *, better: str = "", rate: bool = False) -> Trend:
    """The trend of one series of one definition; figures that are absent do not count.

    better: `higher-better`, `lower-better`, or anything else for no judgement. rate: counts are events per exposure.
    """
    known = sorted([point for point in points if point[1] is not None], key=lambda point: point[0].start)
    values = [point[1] or 0.0 for point in known]
    first, last = (known[0][0], known[-1][0]) if known else (None, None)
    tested = _tested(known, values, better, rate)
    if len(known) < 2:
        return Trend(len(known), first, last, None, None, None, None, tested)
    change = values[-1] - values[0]
    direction = _direction(change)
    steady = all(_direction(later - earlier) == direction for earlier, later in pairwise(values))
    return Trend(len(known), first, last, change, direction, _course(direction, better), steady, tested)


def _tested(known: Sequence[Point], values: Sequence[float], better: str, rate: bool) -> Tested:
    """By counts where every figure has them, else by the order of the values."""
    counts = [(number, total) for _period, _value, number, total in known
              if number is not None and total and (rate or 0 <= number <= total)]  # fmt: skip
    counted = len(counts) == len(known) > 0
    fewest = FEWEST_COUNTED if counted else FEWEST
    if len(known) < fewest:
        return Tested("cannot-tell", needed=fewest)
    times = [point[0].start.toordinal() for point in known]
    if counted:
        name: Test = "poisson-trend" if rate else "cochran-armitage"
        score, p_value = (poisson_trend if rate else cochran_armitage)(times, counts)
    else:
        name, (score, p_value) = "mann-kendall", mann_kendall(values)
    return Tested(_finding(score, p_value, better), name, round(p_value, 6))


def _finding(score: float, p_value: float, better: str) -> Finding:
    if p_value >= SMALL or score == 0:
        return "no-clear-trend"
    direction: Direction = "up" if score > 0 else "down"
    return _course(direction, better) or ("rising" if direction == "up" else "falling")


def _direction(change: float) -> Direction:
    return "level" if change == 0 else "up" if change > 0 else "down"


def _course(direction: Direction, better: str) -> Course | None:
    wanted = {"higher-better": "up", "lower-better": "down"}.get(better)
    if wanted is None or direction == "level":
        return None
    return "improving" if direction == wanted else "worsening"
