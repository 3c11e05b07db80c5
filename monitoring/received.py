"""Reports as they are received, by column: of thousands most say the same things, so a column is looked at, not each.

Knows no store; what is right is said elsewhere (services/delivery).
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, repeat
from typing import Any, NamedTuple, overload

from monitoring.measures import MEASURES

Column = Sequence[Any]


@dataclass(frozen=True)
class Columns:
    """What reports say of each field, and of each component in counts: a value per report, None where it says nothing.

    numbers: their places in what they were received with.
    """

    numbers: Sequence[int]
    fields: Mapping[str, Column]
    counts: Mapping[str, Column]

    def raw(self, at: int) -> dict[str, Any]:
        """One report as it is in JSON, without what it does not say."""
        raw = {name: column[at] for name, column in self.fields.items() if column[at] is not None}
        counts = {name: column[at] for name, column in self.counts.items() if column[at] is not None}
        return raw | {"counts": counts} if counts else raw

    def part(self, places: slice) -> "Columns":
        return self._each(lambda column: column[places])

    def chosen(self, places: Sequence[int]) -> "Columns":
        return self._each(lambda column: [column[place] for place in places])

    def _each(self, of: Callable[[Column], Column]) -> "Columns":
        told = ({name: of(column) for name, column in columns.items()} for columns in (self.fields, self.counts))
        return Columns(of(self.numbers), *told)

    def alike(self) -> Iterator["Columns"]:
        """The reports of one measure that say the same things: their columns have no gaps."""
        gaps = [[value is None for value in column]
                for column in (*self.fields.values(), *self.counts.values()) if None in column]  # fmt: skip
        measures = self.fields.get("measure", (None,) * len(self.numbers))
        if not gaps and len(set(measures)) == 1:
            yield self
            return
        kinds: dict[tuple[Any, ...], list[int]] = {}
        for place, kind in enumerate(zip(measures, *gaps, strict=True)):
            kinds.setdefault(kind, []).append(place)
        for places in kinds.values():
            yield self.chosen(places)._said()

    def _said(self) -> "Columns":
        """Without the columns in which the first, and so each, says nothing."""
        told = ({name: column for name, column in columns.items() if column[0] is not None}
                for columns in (self.fields, self.counts))  # fmt: skip
        return Columns(self.numbers, *told)


def by_column(raws: Sequence[Any]) -> Iterator[Columns]:
    """Reports received as JSON, apart by the fields and components they have; what is no report is left out."""
    counted, shapes = list(map(_counts, raws)), defaultdict[Any, list[int]](list)
    for number, counts in enumerate(counted):
        if counts is not None:
            shapes[tuple(raws[number]), tuple(counts)].append(number)
    for (names, parts), numbers in shapes.items():
        fields = _columns(names, (raws[number] for number in numbers))
        fields.pop("counts")
        yield Columns(numbers, fields, _columns(parts, (counted[number] or {} for number in numbers)))


def _columns(names: Sequence[str], rows: Iterable[dict[str, Any]]) -> dict[str, Column]:
    return dict(zip(names, zip(*map(dict.values, rows), strict=True), strict=True))


def _counts(raw: Any) -> dict[str, Any] | None:
    """What a report counts, without what says null; None when a level of a distribution does, or what nobody knows."""
    counts = raw.get("counts") if type(raw) is dict else None
    if type(counts) is not dict or None not in counts.values():
        return counts if type(counts) is dict else None
    code = raw.get("measure")
    measure = MEASURES.get(code) if isinstance(code, str) else None
    null = {name for name, value in counts.items() if value is None}
    if measure is None or not null.isdisjoint(measure.levels) or not null.issubset(measure.names):
        return None
    return {name: value for name, value in counts.items() if name not in null}


class Place(NamedTuple):
    """Where in a file a report stands. sheet: None in CSV. words: field → the word above its column."""

    sheet: str | None
    row: int
    words: Mapping[str, str]


class Table(NamedTuple):
    """The filled rows of one table of a file. rows: their numbers in it."""

    sheet: str | None
    words: Mapping[str, str]
    rows: Sequence[int]
    columns: Columns


class Filled(Sequence[dict[str, Any]]):
    """The filled rows of a file, each a report as it is in JSON, made when it is asked for."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self.tables = tables
        self.ends = list(accumulate(len(table.rows) for table in tables))

    def __len__(self) -> int:
        return self.ends[-1] if self.ends else 0

    @overload
    def __getitem__(self, number: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[dict[str, Any]]: ...
    def __getitem__(self, number: int | slice) -> Any:
        if isinstance(number, slice):
            return [self[one] for one in range(len(self))[number]]
        table, at = self._at(number)
        return table.columns.raw(at)

    def place(self, number: int) -> Place:
        table, at = self._at(number)
        return Place(table.sheet, table.rows[at], table.words)

    def places(self) -> Iterator[tuple[str | None, int]]:
        """Sheet and row of each report."""
        for table in self.tables:
            yield from zip(repeat(table.sheet), table.rows, strict=False)

    def by_column(self) -> Iterator[Columns]:
        for table, end in zip(self.tables, self.ends, strict=True):
            yield replace(table.columns, numbers=range(end - len(table.rows), end))

    def values(self, name: str) -> Iterator[Any]:
        """What the reports say of a field."""
        return chain.from_iterable(table.columns.fields.get(name, ()) for table in self.tables)

    def _at(self, number: int) -> tuple[Table, int]:
        table = bisect_right(self.ends, number)
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self.tables[table], number - (self.ends[table - 1] if table else 0)
