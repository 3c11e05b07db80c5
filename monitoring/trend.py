"""Where an indicator is heading, within one definition (DOMAIN.md §4). Pure; nothing is interpolated."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from monitoring.periods import Period

Direction = Literal["up", "down", "level"]
Course = Literal["improving", "worsening"]


@dataclass(frozen=True)
class Point:
    """One figure of a series; `value` None: there was no figure to use."""

    period: Period
    value: float | None


@dataclass(frozen=True)
class Trend:
    """The change from the first to the last figure, in the unit.

    direction None: fewer than two figures. course None: no change, or up is neither better nor worse.
    steady: every step went the same way; False also when only some steps did.
    """

    measurements: int
    first: Period | None
    last: Period | None
    change: float | None
    direction: Direction | None
    course: Course | None
    steady: bool | None


def trend(points: Iterable[Point], *, better: str = "") -> Trend:
    """The trend of one series of one definition; figures that are absent do not count.

    better: `higher-better`, `lower-better`, or anything else for no judgement. Says nothing about noise: that is the
    benchmark's work (monitoring/benchmark.py).
    """
    known = sorted(((p.period, p.value) for p in points if p.value is not None), key=lambda known: known[0].start)
    first, last = (known[0][0], known[-1][0]) if known else (None, None)
    if len(known) < 2:
        return Trend(len(known), first, last, None, None, None, None)
    change = known[-1][1] - known[0][1]
    steps = [later[1] - earlier[1] for earlier, later in pairwise(known)]
    direction = _direction(change)
    steady = all(_direction(step) == direction for step in steps)
    return Trend(len(known), first, last, change, direction, _course(direction, better), steady)


def _direction(change: float) -> Direction:
    return "level" if change == 0 else "up" if change > 0 else "down"


def _course(direction: Direction, better: str) -> Course | None:
    wanted = {"higher-better": "up", "lower-better": "down"}.get(better)
    if wanted is None or direction == "level":
        return None
    return "improving" if direction == wanted else "worsening"
