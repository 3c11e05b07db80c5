"""Why there is no figure: the cause, from what is known about the question (DOMAIN.md §4). Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from monitoring.periods import Period

Cause = Literal[
    "unknown-indicator", "unknown-area", "area-not-in-year", "suppressed", "not-applicable", "missing", "not-yet-due",
    "not-delivered", "no-access", "other-filter", "no-earlier-figure", "not-combinable", "none",
]  # fmt: skip
CAUSES: tuple[Cause, ...] = get_args(Cause)
ABSENT: tuple[Cause, ...] = ("suppressed", "not-applicable", "missing")


@dataclass(frozen=True)
class Known:
    """What is known around an empty answer.

    indicator, area: whether what was asked exists; None when it was not asked. held: whether the area existed in the
    asked period. statuses: of rows that were found but hold no value. hidden: there are figures the caller may not see.
    other_filter: other filters left out what is there. any_here: there are figures in other periods, the newest of them
    `newest`. next_expected: when the next figure is due.
    """

    indicator: bool | None = None
    area: bool | None = None
    held: bool = True
    statuses: frozenset[str] = frozenset()
    hidden: bool = False
    other_filter: bool = False
    any_here: bool = False
    newest: Period | None = None
    next_expected: Period | None = None


def cause_of(known: Known, asked: Period | None, today: date) -> Cause:
    """The first cause that explains it, from what cannot be to what may still come."""
    if known.indicator is False:
        return "unknown-indicator"
    if known.area is False:
        return "unknown-area"
    for status in ABSENT:
        if status in known.statuses:
            return status
    if known.other_filter:
        return "other-filter"
    if not known.held:
        return "area-not-in-year"
    if asked is not None and _not_yet_due(known, asked, today):
        return "not-yet-due"
    if known.hidden:
        return "no-access"
    if known.any_here or known.indicator or known.area:
        return "not-delivered"
    return "none"


def _not_yet_due(known: Known, asked: Period, today: date) -> bool:
    """The period is not over, or lies beyond the newest figure and at or after the next expected one."""
    if asked.end > today:
        return True
    if known.next_expected is None or asked.start < known.next_expected.start:
        return False
    return known.newest is None or asked.start > known.newest.start
