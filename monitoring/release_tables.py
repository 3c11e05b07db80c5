"""From reports to the tables of a release: per intervention, measure and year, what adds up to what. Pure.

A release shows neighbourhoods and up, quarters and years. Reports from smaller areas count in their neighbourhood,
monthly ones in their quarter; school years and waves stay in the working view.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from monitoring.aggregation import Line, combine
from monitoring.disclosure import Slot, Table
from monitoring.measures import MEASURES, Counts, Measure
from monitoring.periods import Period, quarter_of, year_of

SHOWN_LEVELS = frozenset({"municipality", "district", "neighbourhood"})
BASE = {"month": quarter_of, "quarter": quarter_of, "year": year_of}

Places = tuple[str, ...]


@dataclass(frozen=True, order=True)
class TableKey:
    intervention: str
    measure: str
    year: int


def tables(
    lines: Iterable[Line], levels: Mapping[str, str], known: Mapping[TableKey, Mapping[Slot, int]]
) -> Iterator[tuple[TableKey, Table]]:
    """One table per key, in order. levels: area → level. known: what earlier releases showed."""
    groups: dict[TableKey, list[Line]] = defaultdict(list)
    for line in lines:
        if line.period.kind in BASE:
            places = tuple(place for place in line.places if levels.get(place) in SHOWN_LEVELS)
            groups[TableKey(line.intervention, line.measure, line.period.start.year)].append(
                replace(line, places=places)
            )
    for key in sorted(groups):
        yield key, _table(MEASURES[key.measure], groups[key], levels, known.get(key, {}))


def _table(measure: Measure, lines: Sequence[Line], levels: Mapping[str, str], known: Mapping[Slot, int]) -> Table:
    build = _Build(measure)
    build.add_base(lines)
    build.add_years(lines)
    names = {name for name, _parts in measure.shown}
    used = {place for slot in build.slots for place in (slot.area,)}
    return Table(
        atoms=build.atoms,
        slots={slot: tuple(sorted(atoms)) for slot, atoms in build.slots.items()},
        orders=build.orders,
        wholes=[pair for pair in _pairs(measure) if set(pair) <= names],
        levels=tuple(name for name, _parts in measure.shown) if measure.levels else (),
        area_levels={area: levels[area] for area in used},
        known=known,
    )


def _pairs(measure: Measure) -> set[tuple[str, str]]:
    """(whole, part) along the funnels, also over a step that was not delivered."""
    return {(w, p) for funnel in measure.funnels for i, w in enumerate(funnel) for p in funnel[i + 1 :]}


class _Build:
    """Atoms: what came from one set of places in one base period, per shown name."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        self.atoms: list[int] = []
        self.slots: dict[Slot, list[int]] = defaultdict(list)
        self.orders: list[tuple[int, int]] = []
        self.found: dict[tuple[Places, Period, str], int] = {}
        self.stocks = {c.name for c in measure.components if c.stock}

    def add_base(self, lines: Sequence[Line]) -> None:
        """Quarters (and reports that cover a whole year): every slot of that period, and for flows of the year."""
        for (places, period), counts in self._combined(lines, lambda line: BASE[line.period.kind](line.period.start)):
            made = {name: self._atom(places, period, name, value) for name, value in self._shown(counts)}
            self.orders += [(made[p], made[w]) for w, p in _pairs(self.measure) if p in made and w in made]
            for name, atom in made.items():
                self._show(places, period, name, atom)
                if period.kind != "year" and name not in self.stocks:
                    self._show(places, year_of(period.start), name, atom)

    def add_years(self, lines: Sequence[Line]) -> None:
        """The stock of a year is the last one. An attacker will take it for the last quarter's: so do we where true."""
        for (places, year), counts in self._combined(lines, lambda line: year_of(line.period.start)):
            for name, value in self._shown(counts):
                if name in self.stocks and (places, year, name) not in self.found:
                    last = self._last_quarter(places, year, name)
                    same = last is not None and self.atoms[last] == value
                    self._show(places, year, name, last if same and last is not None else
                               self._atom(places, year, name, value))  # fmt: skip

    def _combined(
        self, lines: Sequence[Line], period_of: Callable[[Line], Period]
    ) -> Iterator[tuple[tuple[Places, Period], Counts]]:
        groups: dict[tuple[Places, Period], list[Line]] = defaultdict(list)
        for line in lines:
            groups[line.places, period_of(line)].append(line)
        for key in sorted(groups):
            yield key, combine(self.measure, groups[key]).counts

    def _shown(self, counts: Counts) -> Iterator[tuple[str, int]]:
        named = self.measure.named(counts)
        for name, parts in self.measure.shown:
            given = [value for part in parts if (value := named[part]) is not None]
            if given:
                yield name, sum(given)

    def _atom(self, places: Places, period: Period, name: str, value: int) -> int:
        self.atoms.append(value)
        self.found[places, period, name] = len(self.atoms) - 1
        return len(self.atoms) - 1

    def _show(self, places: Places, period: Period, name: str, atom: int) -> None:
        for place in places:
            self.slots[Slot(place, period, name)].append(atom)

    def _last_quarter(self, places: Places, year: Period, name: str) -> int | None:
        quarters = [(p, atom) for (where, p, n), atom in self.found.items() if where == places and n == name
                    and p.kind == "quarter" and year.covers(p)]  # fmt: skip
        return max(quarters)[1] if quarters else None
