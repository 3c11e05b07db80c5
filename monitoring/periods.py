"""Periods: years, quarters, months, school years, survey waves (DOMAIN.md §3). Pure.

Half-open inside, ISO 8601 outside: `2024`, `2024-03`, or an interval of days whose end is included
(`2024-01-01/2024-03-31`). CBS codes are understood too: `2024JJ00`, `2024KW01`, `2024MM01`, and `2023SJ00` for the
school year 2023/2024 (CBS OData v4, Perioden).
A Dutch school year runs from 1 August (Wet op het primair onderwijs, art. 1: schooljaar).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Literal, get_args

Kind = Literal["year", "quarter", "month", "school-year", "survey-wave"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MONTHS = {"month": 1, "quarter": 3, "year": 12, "school-year": 12}
SCHOOL_STARTS = 8
DAY = timedelta(days=1)
FIRST, LAST = date(1000, 1, 1), date(3000, 1, 1)  # the years of area codes (services/figures/staging_rules.py)


class BadPeriod(ValueError):
    """The text or the bounds are no period of that kind."""


@dataclass(frozen=True, order=True)
class Period:
    """A period of one kind, from `start` until `end` (not included). Raises BadPeriod if the bounds do not fit."""

    kind: Kind
    start: date
    end: date

    def __post_init__(self) -> None:
        if self.kind not in KINDS or self.end <= self.start:
            raise BadPeriod(f"{self.kind} {self.start}/{self.end}")
        if self.kind != "survey-wave" and not _fits(self.kind, self.start, self.end):
            raise BadPeriod(f"{self.start}/{self.end} is no {self.kind}")

    @cached_property
    def iso(self) -> str:
        """The canonical text: `parse(p.iso, p.kind) == p`; only a wave that equals a calendar period needs the kind."""
        if self.kind == "year":
            return f"{self.start.year:04}"
        if self.kind == "month":
            return f"{self.start.year:04}-{self.start.month:02}"
        return f"{self.start.isoformat()}/{self.last.isoformat()}"

    @property
    def short(self) -> str:
        """As partners write it: 2026-Q3, else the ISO text."""
        return f"{self.start.year:04}-Q{_quarter(self.start)}" if self.kind == "quarter" else self.iso

    @property
    def cbs(self) -> str | None:
        """The code Statistics Netherlands uses, if it has one for this kind."""
        number = {"year": "JJ00", "quarter": f"KW{_quarter(self.start):02}", "month": f"MM{self.start.month:02}",
                  "school-year": "SJ00"}  # fmt: skip
        return f"{self.start.year:04}{number[self.kind]}" if self.kind in number else None

    @property
    def last(self) -> date:
        """The last day that belongs to it."""
        return self.end - DAY

    @property
    def months(self) -> tuple["Period", ...]:
        """The whole months in it, in order; a wave may have none."""
        found, month = [], _if_any(month_of, self.start)
        while month and month.end <= self.end:
            if month.start >= self.start:
                found.append(month)
            month = _if_any(month_of, month.end)
        return tuple(found)

    def contains(self, day: date) -> bool:
        return self.start <= day < self.end

    def covers(self, other: "Period") -> bool:
        return self.start <= other.start and other.end <= self.end


def overlap(start: date, end: date | None, other_start: date, other_end: date | None) -> bool:
    """Do two stretches of time share a day? Half-open; no end is open."""
    return (other_end is None or start < other_end) and (end is None or other_start < end)


def month_of(day: date) -> Period:
    """Raises BadPeriod, as the others do, if the period does not lie within the years 1–9999."""
    return _from("month", day.replace(day=1))


def quarter_of(day: date) -> Period:
    return _from("quarter", date(day.year, 3 * _quarter(day) - 2, 1))


def year_of(day: date) -> Period:
    return _from("year", date(day.year, 1, 1))


def school_year_of(day: date) -> Period:
    return _from("school-year", _day(day.year - (day.month < SCHOOL_STARTS), SCHOOL_STARTS, 1))


def year(number: int) -> Period:
    """Raises BadPeriod outside 1–9998."""
    return _from("year", _day(number, 1, 1))


def wider(period: Period) -> tuple[Period, ...]:
    """The periods that contain it whole: a month has its quarter, year and school year, a quarter its year."""
    above = {"month": (quarter_of, year_of, school_year_of), "quarter": (year_of,)}.get(period.kind, ())
    return tuple(found for widen in above if (found := _if_any(widen, period.start)))


def inside(period: Period) -> tuple[Period, ...]:
    """The periods that lie in it and are added up in it: itself, and those it is among the wider ones of."""
    months = period.months
    found = {period, *months, *(quarter_of(month.start) for month in months)}
    return tuple(sorted(one for one in found if period in (one, *wider(one))))


def next_expected(announced: str, newest: Period | None, every_months: int | None) -> str | None:
    """When the next figure is due (ISO 8601): as announced if that is still to come, else by how often it appears."""
    if announced and (newest is None or parse(announced).start > newest.start):
        return parse(announced).iso
    if newest is None or every_months is None:
        return None
    try:
        start = _after(newest.start, every_months)
        return start.isoformat()[:7] if newest.kind == "survey-wave" else _from(newest.kind, start).iso
    except BadPeriod:  # a year each three months: the frequency is not that of these periods
        return None


def parse(text: str, kind: str | None = None) -> Period:
    """A period from text: ISO 8601, `2024-Q1`, a CBS code, or a school year `2023/2024`.

    kind: what it must be; needed only to read a wave that equals a calendar period. Raises BadPeriod, also outside the
    years 1000–2999: nobody measured there, and the years and school years around such a period may not exist.
    """
    return _read(text.strip(), kind)


@lru_cache(maxsize=1000)  # everybody delivers about the same few periods
def _read(text: str, kind: str | None) -> Period:
    for pattern, make in READERS:
        if match := pattern.fullmatch(text):
            period = _as(make(*match.groups()), kind, text)
            if period.start >= FIRST and period.end <= LAST:
                return period
    raise BadPeriod(f"not a period: {text[:40]!r}")


def _as(period: Period, kind: str | None, text: str) -> Period:
    if kind in (None, period.kind):
        return period
    if kind == "survey-wave":
        return Period("survey-wave", period.start, period.end)
    raise BadPeriod(f"{text[:40]!r} is a {period.kind}, not a {kind}")


def _interval(first: str, last: str) -> Period:
    try:
        start, final = date.fromisoformat(first), date.fromisoformat(last)
        end = final + DAY
    except (ValueError, OverflowError) as problem:
        raise BadPeriod(f"not a period: {first}/{last}") from problem
    fitting = (kind for kind in MONTHS if _fits(kind, start, end))
    return Period(next(fitting, "survey-wave"), start, end)  # type: ignore[arg-type]


def _school(first: str, second: str) -> Period:
    if int(second) != int(first) + 1:
        raise BadPeriod(f"not a school year: {first}/{second}")
    return _from("school-year", _day(first, SCHOOL_STARTS, 1))


READERS = (
    (re.compile(r"(\d{4})(?:JJ00)?", re.A), lambda y: year(int(y))),
    (re.compile(r"(\d{4})-(\d{2})", re.A), lambda y, m: _from("month", _day(y, m, 1))),
    (re.compile(r"(\d{4})MM(\d{2})", re.A), lambda y, m: _from("month", _day(y, m, 1))),
    (re.compile(r"(\d{4})(?:-[Qq]|KW0)([1-4])", re.A), lambda y, q: _from("quarter", _day(y, 3 * int(q) - 2, 1))),
    (re.compile(r"(\d{4})SJ00", re.A), lambda y: _from("school-year", _day(y, SCHOOL_STARTS, 1))),
    (re.compile(r"(\d{4})/(\d{4})", re.A), _school),
    (re.compile(r"(\d{4}-\d{2}-\d{2})/(\d{4}-\d{2}-\d{2})", re.A), _interval),
)


def _day(year: str | int, month: str | int, day: int) -> date:
    try:
        return date(int(year), int(month), day)
    except ValueError as problem:
        raise BadPeriod(f"not a period: {year}-{month}") from problem


def _if_any(widen: Callable[[date], Period], day: date) -> Period | None:
    try:
        return widen(day)
    except BadPeriod:
        return None


def _quarter(day: date) -> int:
    return (day.month + 2) // 3


def _from(kind: Kind, start: date) -> Period:
    return Period(kind, start, _after(start, MONTHS[kind]))


def _after(start: date, months: int) -> date:
    count = start.year * 12 + start.month - 1 + months
    return _day(count // 12, count % 12 + 1, 1)


def _fits(kind: str, start: date, end: date) -> bool:
    starts = {"month": range(1, 13), "quarter": (1, 4, 7, 10), "year": (1,), "school-year": (SCHOOL_STARTS,)}[kind]
    return start.day == 1 and start.month in starts and end == _after(start, MONTHS[kind])
