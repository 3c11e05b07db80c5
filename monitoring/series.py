"""Observations, one by one and as series (DOMAIN.md §4). Pure.

Series of different definitions, statistics, populations or sources are never joined.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import compress, repeat
from typing import Any, NamedTuple

from monitoring.benchmark import Figure
from monitoring.periods import Period
from monitoring.statistics import Counted
from monitoring.trend import Point

COUNTED = {"share", "rate"}  # numerator and denominator are then counts of this very value
ALIKE = slice(3, 7)
"""Of a value: its period, definition, population and statistic. Only figures that share them are compared."""


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


COLUMNS = ("periods", "area_years", "numbers", "numerators", "denominators")


class Series(NamedTuple):
    """Figures of one definition, statistic, population and source, in periods of one kind, by time; a column each.

    said: what else a point says (kind of period, unit, qualifier, status, basis, areas used and in all, conflict, note,
    citation, origin, demo); a single entry holds for all points. A tuple of columns, because a profile reads thousands
    of points and looks at most of them only to show them.
    """

    indicator_code: str
    area_code: str
    definition_version: str
    statistic: str
    population: str
    source_code: str
    periods: Sequence[Period]
    area_years: Sequence[int]
    numbers: Sequence[float | None]
    numerators: Sequence[float | None]
    denominators: Sequence[float | None]
    said: Sequence[Sequence[Any]]

    def value(self, at: int) -> Value:
        """One point on its own."""
        _kind, unit, qualifier, status, *rest = self.said[at if len(self.said) > 1 else 0]
        return Value(self.indicator_code, self.area_code, self.area_years[at], self.periods[at],
                     self.definition_version, self.population, self.statistic, self.source_code, self.numbers[at],
                     unit, qualifier, status, self.numerators[at], self.denominators[at], *rest)  # fmt: skip

    @property
    def values(self) -> tuple[Value, ...]:
        return tuple(map(self.value, range(len(self.periods))))

    @property
    def head(self) -> Value:
        return self.value(0)

    @property
    def latest(self) -> Value:
        return self.value(-1)

    @property
    def key(self) -> tuple[str, ...]:
        """What sets it apart from the other series of the indicator in the area."""
        return (self.definition_version, self.statistic, self.population, self.source_code, self.periods[0].kind)

    @property
    def points(self) -> Iterable[Point]:
        """As the trend wants them."""
        if self.statistic in COUNTED:
            return zip(self.periods, self.numbers, self.numerators, self.denominators, strict=True)
        return zip(self.periods, self.numbers, repeat(None), repeat(None), strict=False)

    def where(self, wanted: Callable[[int, Period], bool]) -> "Series | None":
        """The points of some years of the area and periods; None if there are none."""
        kept = list(map(wanted, self.area_years, self.periods))
        if not any(kept):
            return None
        if all(kept):
            return self

        def chosen(column: Sequence[Any]) -> list[Any]:
            return list(compress(column, kept))

        return self._replace(
            periods=chosen(self.periods), area_years=chosen(self.area_years), numbers=chosen(self.numbers),
            numerators=chosen(self.numerators), denominators=chosen(self.denominators),
            said=chosen(self.said) if len(self.said) > 1 else self.said,
        )  # fmt: skip


def series_in(values: Iterable[Value]) -> list[Series]:
    """The series that values form, in any order."""
    groups: dict[tuple[str, ...], list[Value]] = defaultdict(list)
    for value in sorted(values, key=lambda value: (value.period.start, value.period.end, value.area_year)):
        groups[value.indicator_code, value.area_code, *value.series_key, value.period.kind].append(value)
    return [_series(some) for some in groups.values()]


def _series(values: Sequence[Value]) -> Series:
    """values: of one series, by time."""
    head = values[0]
    said = [[one.period.kind, one.unit, one.qualifier, one.status, *one[14:]] for one in values]
    return Series(
        head.indicator_code, head.area_code, *head.series_key, [one.period for one in values],
        [one.area_year for one in values], [one.value for one in values], [one.numerator for one in values],
        [one.denominator for one in values],
        said[:1] if all(one == said[0] for one in said) else said,
    )  # fmt: skip
