"""From reports to the tables of a release: per intervention, measure and year, what adds up to what. Pure.

A release shows neighbourhoods and up, quarters and years. Reports from smaller areas count in their neighbourhood,
monthly ones in their quarter; school years and waves stay in the working view.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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


@dataclass(frozen=True, slots=True, order=True)
class Atom:
    """What one offering delivered from one set of places in one base period, under one shown name.

    in_year: whether it counts in the calendar year too; of a stock only the last quarter does.
    """

    places: Places
    period: Period
    name: str
    offering: str
    owner: str
    value: int
    in_year: bool = True

    @property
    def identity(self) -> tuple[object, ...]:
        """Atoms of two releases with the same identity are the same number to an attacker."""
        return self.places, self.period, self.name, self.offering, self.value

    def slots(self) -> Iterator[Slot]:
        for place in self.places:
            yield Slot(place, self.period, self.name)
            if self.in_year and self.period.kind != "year":
                yield Slot(place, year_of(self.period.start), self.name)


@dataclass(frozen=True)
class Edition:
    """One table as an earlier release had it: its atoms, the slots that it showed, and the minimum it kept to."""

    atoms: tuple[Atom, ...]
    shown: frozenset[Slot]
    minimum: int

    def withheld_again(self, atoms: Sequence[Atom], table: Table, minimum: int) -> frozenset[Slot] | None:
        """What to withhold of a table that is still the same; None if it must be looked at anew."""
        return frozenset(table.slots) - self.shown if (self.atoms, self.minimum) == (tuple(atoms), minimum) else None


def base_atoms(lines: Iterable[Line], levels: Mapping[str, str]) -> dict[TableKey, tuple[Atom, ...]]:
    """The atoms of each table, in order. levels: area → level."""
    groups: dict[TableKey, list[Line]] = defaultdict(list)
    for line in lines:
        if line.period.kind in BASE:
            places = tuple(place for place in line.places if levels.get(place) in SHOWN_LEVELS)
            key = TableKey(line.intervention, line.measure, line.period.start.year)
            groups[key].append(replace(line, places=places))
    return {key: tuple(_atoms(MEASURES[key.measure], groups[key])) for key in sorted(groups)}


def table_of(
    measure: Measure, atoms: Sequence[Atom], levels: Mapping[str, str], earlier: Sequence[Edition] = ()
) -> Table:
    """The table to protect, with all that earlier releases told about the same atoms and those before corrections."""
    numbers: dict[tuple[object, ...], int] = {}
    editions = [atoms, *(edition.atoms for edition in earlier)]
    everything = [atom for some in editions for atom in some]
    for atom in everything:
        numbers.setdefault(atom.identity, len(numbers))
    known: set[tuple[int, ...]] = set()
    hidden: set[tuple[int, ...]] = set()
    for edition in earlier:
        for slot, parts in _slots(edition.atoms, numbers).items():
            (known if slot in edition.shown else hidden).add(parts)
    slots, first = _slots(atoms, numbers), {numbers[atom.identity]: atom for atom in reversed(everything)}
    names = {name for name, _parts in measure.shown}
    return Table(
        atoms=[first[number].value for number in range(len(numbers))],
        slots=slots,
        orders=sorted({pair for some in editions for pair in _orders(measure, some, numbers)}),
        owners=[first[number].owner for number in range(len(numbers))],
        groups=_groups(atoms, numbers),
        wholes=sorted(pair for pair in _pairs(measure) if set(pair) <= names),
        levels=tuple(name for name, _parts in measure.shown) if measure.levels else (),
        area_levels={slot.area: levels[slot.area] for slot in slots},
        known=sorted(known),
        hidden=sorted(hidden - known),
    )


def _slots(atoms: Iterable[Atom], numbers: Mapping[tuple[object, ...], int]) -> dict[Slot, tuple[int, ...]]:
    found: dict[Slot, set[int]] = defaultdict(set)
    for atom in atoms:
        for slot in atom.slots():
            found[slot].add(numbers[atom.identity])
    return {slot: tuple(sorted(parts)) for slot, parts in found.items()}


def _groups(atoms: Iterable[Atom], numbers: Mapping[tuple[object, ...], int]) -> list[tuple[int, ...]]:
    """Atoms of several offerings from the same place and period."""
    found: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for atom in atoms:
        found[atom.places, atom.period, atom.name].append(numbers[atom.identity])
    return [tuple(sorted(parts)) for parts in found.values() if len(parts) > 1]


def _orders(
    measure: Measure, atoms: Iterable[Atom], numbers: Mapping[tuple[object, ...], int]
) -> Iterator[tuple[int, int]]:
    """(part, whole) within what one offering delivered from one place in one period."""
    found: dict[tuple[object, ...], dict[str, int]] = defaultdict(dict)
    for atom in atoms:
        found[atom.places, atom.period, atom.offering][atom.name] = numbers[atom.identity]
    for made in found.values():
        yield from ((made[part], made[whole]) for whole, part in _pairs(measure) if part in made and whole in made)


def _pairs(measure: Measure) -> set[tuple[str, str]]:
    """(whole, part) along the funnels, also over a step that was not delivered."""
    return {(w, p) for funnel in measure.funnels for i, w in enumerate(funnel) for p in funnel[i + 1 :]}


def _atoms(measure: Measure, lines: Sequence[Line]) -> Iterator[Atom]:
    """Quarters (and reports that cover a whole year), and for stocks the year where it is not the last quarter's.

    The stock of a year is the last one. An attacker will take it for the last quarter's: so do we where true.
    """
    stocks = {component.name for component in measure.components if component.stock}
    groups: dict[tuple[Places, str, str], list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.places, line.offering, line.organisation].append(line)
    for (places, offering, owner), some in sorted(groups.items()):
        base, year = _combined(measure, some), year_of(some[0].period.start)
        yearly = _shown(measure, combine(measure, some).counts)
        quarters = sorted(period for period in base if period != year)
        last = {name: next((p for p in reversed(quarters) if name in base[p]), None) for name in stocks}
        same = {name for name, p in last.items() if p is not None and base[p][name] == yearly[name]}
        for period, named in sorted(base.items()):
            for name, value in named.items():
                if name not in stocks:
                    yield Atom(places, period, name, offering, owner, value)
                elif period != year:
                    yield Atom(places, period, name, offering, owner, value, name in same and last[name] == period)
        for name in sorted(stocks & set(yearly) - same):
            yield Atom(places, year, name, offering, owner, yearly[name])


def _combined(measure: Measure, lines: Sequence[Line]) -> dict[Period, dict[str, int]]:
    groups: dict[Period, list[Line]] = defaultdict(list)
    for line in lines:
        groups[BASE[line.period.kind](line.period.start)].append(line)
    return {period: _shown(measure, combine(measure, some).counts) for period, some in groups.items()}


def _shown(measure: Measure, counts: Counts) -> dict[str, int]:
    named = measure.named(counts)
    given = {name: [v for part in parts if (v := named[part]) is not None] for name, parts in measure.shown}
    return {name: sum(values) for name, values in given.items() if values}
