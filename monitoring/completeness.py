"""What was to be delivered according to the plans, and what came of it (DOMAIN.md §7). Pure.

Judged against the plan only, and never capped: what nobody asked for counts as delivered too, so a rate can exceed 1.
A delivery is due `DAYS_TO_DELIVER` days after the last day of its period; the sources give no term, this one is ours.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

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
    """What came in for a key: the day of its first version, everything counted, and how many people at most."""

    first_on: date
    total: int
    people: int | None = None


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


def judge(asked: Iterable[Key], delivered: dict[Key, Delivered], largest: dict[Key, int], day: date) -> list[Judged]:
    """The state of everything that was asked or came in, in order.

    largest: how many people the offering can have had in a period at most, from its reach; more is a contradiction.
    """
    wanted = set(asked)
    return [
        _judged(key, key in wanted, delivered.get(key), largest.get(key), day)
        for key in sorted(wanted | set(delivered))
    ]


def _judged(key: Key, wanted: bool, came: Delivered | None, largest: int | None, day: date) -> Judged:
    due = key.period.last + timedelta(days=DAYS_TO_DELIVER)
    if came is None:
        return Judged(key, due, "missing" if day > due else "not-yet-due", None)
    if not wanted:
        status = "unplanned"
    elif came.people is not None and largest is not None and came.people > largest:
        status = "contradictory"
    elif came.total == 0:
        status = "empty"
    else:
        status = "on-time" if came.first_on <= due else "late"
    return Judged(key, due, status, came.first_on)


def rate(states: Sequence[str]) -> float | None:
    """Delivered over due; None when nothing was due yet. Not capped."""
    due = sum(state not in {"not-yet-due", "unplanned"} for state in states)
    return sum(state in DELIVERED for state in states) / due if due else None
