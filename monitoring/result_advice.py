"""What to think of before a societal result is agreed on: warnings, never refusals (DOMAIN.md §5). Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from monitoring.benchmark import Figure
from monitoring.periods import BadPeriod, Period, parse
from monitoring.results import Target, Track, usual_gap
from monitoring.statistics import Counted, difference_of_proportions

Code = Literal["not-measurable-in-target-period", "too-small-to-notice", "phrased-negatively"]
NEGATIVE = re.compile(
    r"\b(minder|niet|geen|zonder|lager|daalt|dalen|daling|gedaald|afname|afneemt|afnemen|afgenomen|verminder\w*|"
    r"verlag\w*|verlaagd?|voorkom\w*|tegengaan|terugdring\w*|teruggedrongen|halver\w*|halveert|gehalveerd)\b",
    re.I,
)
"""Words that name what should go away. Our reading; the advice itself: method guide, Deel 2 Stap 2, Tips."""
MOST = 10_000_000  # more people than this in one area is no advice


@dataclass(frozen=True)
class Advice:
    """indicator_code: None when it is about the statement. needed: how many people must be counted per measurement."""

    code: Code
    indicator_code: str | None = None
    expected_years: tuple[int, ...] = ()
    needed: int | None = None


def warnings_of(*, statement: str, target: Target, tracks: Iterable[Track]) -> tuple[Advice, ...]:
    """All warnings, those about the statement first."""
    found: list[Advice] = [Advice("phrased-negatively")] if NEGATIVE.search(statement) else []
    for track in tracks:
        found += [*_not_measurable(target, track), *_too_small(target, track)]
    return tuple(found)


def _not_measurable(target: Target, track: Track) -> Iterator[Advice]:
    """Nothing is expected in the target period. Silent where the rhythm of the indicator is unknown."""
    years = expected_years(track.figures, track.next_due, target.period.last.year + 10)
    measured = {period.start.year for period in track.figures}
    wanted = set(range(target.period.start.year, target.period.last.year + 1))
    if years and not wanted & (set(years) | measured):
        around = [year for year in years if abs(year - target.period.start.year) <= 5] or list(years[:1])
        yield Advice("not-measurable-in-target-period", track.code, tuple(around))


def expected_years(measured: Iterable[Period], announced: str | None, until: int) -> tuple[int, ...]:
    """The years in which a figure is expected: from the announced one on, in steps of the usual gap."""
    years = sorted({period.start.year for period in measured})
    gap = usual_gap(years)
    first = _year(announced) or (years[-1] + gap if gap else None)
    if first is None:
        return ()
    return tuple(range(first, until + 1, gap)) if gap else (first,)


def _year(text: str | None) -> int | None:
    try:
        return parse(text).start.year if text else None
    except BadPeriod:
        return None


def _too_small(target: Target, track: Track) -> Iterator[Advice]:
    """With as many people as at the baseline, the hoped-for change would not stand out from noise."""
    base = track.figures.get(target.baseline)
    if base is None or base.counted is None or track.rate or not base.counted.is_proportion:
        return
    goal = _hoped(target, track, base)
    if goal is None or not 0 <= goal / track.scale <= 1 or goal == base.value:
        return
    before, after = base.counted.share, goal / track.scale
    if not _seen(before, after, base.counted.total):
        yield Advice("too-small-to-notice", track.code, needed=needed_to_see(before, after))


def _hoped(target: Target, track: Track, base: Figure) -> float | None:
    """Where the indicator is to go; to a benchmark as it was at the baseline. None: unknown, or already there."""
    if target.kind == "improvement":
        return base.value + track.sign * (target.amount or 0.0)
    if target.kind == "level":
        return target.amount
    other = (track.benchmark or {}).get(target.baseline)
    behind = other is not None and track.sign * (other.value - base.value) > 0
    return other.value if other is not None and behind else None


def needed_to_see(before: float, after: float) -> int | None:
    """How many people must be counted in each of two measurements to see this change; shares 0–1."""
    high = 1
    while not _seen(before, after, high):
        high *= 2
        if high > MOST:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _seen(before, after, middle) else (middle, high)
    return high


def _seen(before: float, after: float, people: float) -> bool:
    """Whether the interval of the difference leaves out zero."""
    return not difference_of_proportions(Counted(after * people, people), Counted(before * people, people)).holds(0)
