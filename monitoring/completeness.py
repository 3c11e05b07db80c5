"""What was to be delivered according to the plans, and what came of it (DOMAIN.md §7). Pure.

Judged against the plan only, and never capped: what nobody asked for counts as delivered too, so a rate can exceed 1.
A delivery is due `DAYS_TO_DELIVER` days after the last day of its period; the sources give no term, this one is ours.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from monitoring.periods import Period, month_of, quarter_of, school_year_of, year_of

DAYS_TO_DELIVER = 30
CALENDAR = {"month": month_of, "quarter": quarter_of, "year": year_of, "school-year": school_year_of}
STATES = ("on-time", "late", "empty", "contradictory", "missing", "not-yet-due", "unplanned")
DELIVERED = frozenset({"on-time", "late", "empty", "contradictory", "unplanned"})


@dataclass(frozen=True, order=True)
class Key:
    """What one delivery is about."""

    offering: str
    measure: str
    period: Period


@dataclass(frozen=True)
class Delivered:
    """What came in for a key: the day by which most of it had, and everything counted.

    people, largest: over the areas that tell both, how many people it speaks of and how large their target group is.
    """

    came_on: date
    total: int
    people: int | None = None
    largest: int | None = None


def came_on(parts: Iterable[tuple[date, int]]) -> date:
    """The day by which at least half of what was counted had come in. parts: the first day and the count of each
    report of a key; at least one.

    Which areas were to come no plan says. By the first area one early report would make the rest timely; by the last
    one a few people who turn out to live elsewhere would make a whole delivery late.
    """
    days = sorted(parts)
    reached, whole = accumulate(count for _day, count in days), sum(count for _day, count in days)
    return next(day for (day, _count), so_far in zip(days, reached, strict=True) if 2 * so_far >= whole)


@dataclass(frozen=True)
class Judged:
    key: Key
    due_on: date
    status: str
    delivered_on: date | None


def periods_of(kind: str, starts: date, ends: date | None, day: date) -> Iterator[Period]:
    """The periods of a kind that overlap a plan and have begun by `day`. ends: exclusive; None is open."""
    if kind not in CALENDAR or starts.year > day.year + 1:  # far ahead the calendar itself may end
        return
    period = CALENDAR[kind](starts)
    while period.start <= day and (ends is None or period.start < ends):
        yield period
        period = CALENDAR[kind](period.end)


def judge(asked: Iterable[Key], delivered: Mapping[Key, Delivered], day: date) -> list[Judged]:
    """The state of everything that was asked or came in, in order. More people than a target group contradict it."""
    wanted = set(asked)
    return [_judged(key, key in wanted, delivered.get(key), day) for key in sorted(wanted | set(delivered))]


def _judged(key: Key, wanted: bool, came: Delivered | None, day: date) -> Judged:
    due = key.period.last + timedelta(days=DAYS_TO_DELIVER)
    if came is None:
        return Judged(key, due, "missing" if day > due else "not-yet-due", None)
    if not wanted:
        status = "unplanned"
    elif came.people is not None and came.largest is not None and came.people > came.largest:
        status = "contradictory"
    elif came.total == 0:
        status = "empty"
    else:
        status = "on-time" if came.came_on <= due else "late"
    return Judged(key, due, status, came.came_on)


def rate(states: Sequence[str]) -> float | None:
    """Delivered over due; None when nothing was due yet. Not capped."""
    due = sum(state not in {"not-yet-due", "unplanned"} for state in states)
    return sum(state in DELIVERED for state in states) / due if due else None
