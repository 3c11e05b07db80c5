"""Which numbers of a release must be withheld so that nobody can work out a small one (DOMAIN.md §8). Pure.

A release shows numbers ("slots") that are sums of atoms: what one offering delivered from one place in one base period.
Every hierarchy, year and earlier release is then just another set of known sums. An attacker knows all shown sums, that
nothing is negative, and the rules parts ≤ wholes; an organisation that delivered knows its own atoms as well. We solve
for the smallest and largest value that every secret could have (monitoring/attack.py), and withhold more until each
lies in a wide enough interval.

Primary: a count of 1 … minimum-1; the rest of a whole after a part, when it is that small; every part of a whole that
small, zero included (0 % or 100 % of a few tells on everyone); and all of these for what remains after one organisation
takes its own off. Secondary: chosen among the shown sums that bind the attacker's bound, smallest area and number
first. Real-valued bounds can be a little wider than whole-number ones; the protection interval of half the minimum to
either side leaves room for that. The handbook on statistical disclosure control (sdctools.github.io/HandbookSDC)
describes this as cell suppression with an audit.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from monitoring.attack import EPSILON, Attack, Weights
from monitoring.periods import Period

AREA_COST = {"neighbourhood": 0, "district": 1, "municipality": 2}
OUTSIDER = ""


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One number of a release."""

    area: str
    period: Period
    name: str


@dataclass(frozen=True)
class Table:
    """Numbers that can be worked out from each other.

    atoms: the true values. slots: per number, which atoms add up to it. orders: (part, whole) atoms. owners: per atom
    the organisation that delivered it; none given: nobody knows more than an outsider. groups: atoms that come from the
    same place and period. wholes: (whole, part) names, nearest whole. levels: names that form a distribution.
    area_levels: to withhold small areas first. known and hidden: sums that earlier releases showed, and that they hid.
    """

    atoms: Sequence[int]
    slots: Mapping[Slot, tuple[int, ...]]
    orders: Sequence[tuple[int, int]] = ()
    owners: Sequence[str] = ()
    groups: Sequence[tuple[int, ...]] = ()
    wholes: Sequence[tuple[str, str]] = ()
    levels: tuple[str, ...] = ()
    area_levels: Mapping[str, str] = field(default_factory=dict)
    known: Sequence[tuple[int, ...]] = ()
    hidden: Sequence[tuple[int, ...]] = ()

    def value(self, slot: Slot) -> int:
        return sum(self.atoms[atom] for atom in self.slots[slot])

    @property
    def attackers(self) -> tuple[str, ...]:
        """An outsider, and every organisation that is not the only one in the table."""
        organisations = sorted(set(self.owners))
        return (OUTSIDER, *(organisations if len(organisations) > 1 else ()))


@dataclass(frozen=True)
class Exposed:
    """A secret that the attacker bounds too tightly. low, high: what he finds."""

    value: int
    low: float
    high: float
    attacker: str = OUTSIDER


def protect(table: Table, minimum: int) -> frozenset[Slot]:
    """The slots to withhold. Secrets that earlier releases gave away cannot be helped and are left as they are."""
    return _Protection(table, minimum).run()


def audit(table: Table, withheld: frozenset[Slot], minimum: int) -> tuple[Exposed, ...]:
    """Every secret that an attacker, who sees all slots but the withheld ones, bounds too tightly."""
    return tuple(_Protection(table, minimum, withheld).exposed())


class _Protection:
    """One table being protected against all its attackers."""

    def __init__(self, table: Table, minimum: int, withheld: Iterable[Slot] = ()) -> None:
        self.table, self.minimum = table, minimum
        self.slots = sorted(table.slots)
        self.value = {slot: table.value(slot) for slot in self.slots}
        self.twins: dict[tuple[int, ...], list[Slot]] = defaultdict(list)
        for slot in self.slots:
            self.twins[table.slots[slot]].append(slot)
        rows = [*table.known, *(table.slots[slot] for slot in self.slots)]
        self.first_row = len(table.known)
        self.public = {slot for parts in table.known for slot in self.twins.get(parts, ())}
        ceiling = 2.0 * sum(table.atoms) + 10 * minimum
        self.views = [_View(table, attacker, rows, ceiling) for attacker in table.attackers]
        self.withheld: set[Slot] = set()
        self.row = {slot: self.first_row + number for number, slot in enumerate(self.slots)}
        self._rests: dict[str, list[Weights]] = {view.name: [] for view in self.views}
        for slot in [*self._primary(), *withheld]:
            self._withhold(slot)

    def run(self) -> frozenset[Slot]:
        """Check all secrets of all attackers, also those of the slots that are withheld on the way."""
        done: dict[str, set[frozenset[tuple[int, int]]]] = {view.name: set() for view in self.views}
        while waiting := [(view, new) for view in self.views if (new := self._new(view, done[view.name]))]:
            for view, secrets in waiting:
                view.attack.explore(secrets, self._narrow_for(view))
                for weights in secrets:
                    self._widen(view, weights)
        return frozenset(self.withheld)

    def exposed(self) -> Iterator[Exposed]:
        for view in self.views:
            for weights in self._new(view, set()):
                low, high = (view.attack.bound(weights, sign)[0] for sign in (1, -1))
                if not self.wide(view.value(weights), low, high):
                    yield Exposed(view.value(weights), low, high, view.name)

    def _new(self, view: "_View", done: set[frozenset[tuple[int, int]]]) -> list[Weights]:
        """The secrets that were not looked at before; they are remembered."""
        found = []
        for weights in self._secrets(view):
            if (key := frozenset(weights.items())) not in done:
                done.add(key)
                found.append(weights)
        return found

    def _secrets(self, view: "_View") -> Iterator[Weights]:
        """Withheld numbers, now and earlier, small rests, and small atoms that no slot shows alone. A contributor is
        after small ones only: of what is large he learns the size from his own."""
        sums = [self.table.slots[slot] for slot in sorted(self.withheld)] + list(self.table.hidden)
        for parts in sums:
            weights = view.foreign(dict.fromkeys(parts, 1))
            if weights and (view.name == OUTSIDER or self._small(view.value(weights))):
                yield weights
        yield from self._rests[view.name]
        for parts in (*self.table.groups, *((atom,) for atom in range(len(self.table.atoms)))):
            weights = view.foreign(dict.fromkeys(parts, 1))
            if weights and self._small(view.value(weights)):
                yield weights

    def _withhold(self, slot: Slot) -> None:
        """The slot and every other that shows the same sum, such as a district with one neighbourhood in it."""
        for twin in self.twins[self.table.slots[slot]]:
            if twin not in self.withheld:
                self.withheld.add(twin)
                for view in self.views:
                    view.attack.hide(self.row[twin])

    def _primary(self) -> set[Slot]:
        found: set[Slot] = set()
        pairs, distributions = list(self._pairs()), list(self._distributions())
        for view in self.views:
            part_of = {slot: view.foreign(dict.fromkeys(self.table.slots[slot], 1)) for slot in self.slots}
            values = {slot: view.value(weights) for slot, weights in part_of.items()}
            found.update(slot for slot in self.slots if self._small(values[slot]))
            for whole, part in pairs:
                rest = values[whole] - values[part]
                if self._small(rest) or self._small(values[whole]):
                    found.add(part)
                if self._small(rest):
                    self._rests[view.name].append(_minus(part_of[whole], part_of[part]))
            for levels in distributions:
                if self._small(sum(values[slot] for slot in levels)):
                    found.update(levels)
        return found

    def _small(self, value: int) -> bool:
        return 0 < value < self.minimum

    def _pairs(self) -> Iterator[tuple[Slot, Slot]]:
        for slot in self.slots:
            for whole, part in self.table.wholes:
                inside = Slot(slot.area, slot.period, part)
                if slot.name == whole and inside in self.table.slots:
                    yield slot, inside

    def _distributions(self) -> Iterator[list[Slot]]:
        if self.table.levels:
            for area, period in sorted({(slot.area, slot.period) for slot in self.slots}):
                wanted = (Slot(area, period, name) for name in self.table.levels)
                yield [slot for slot in wanted if slot in self.table.slots]

    def wide(self, value: int, low: float, high: float) -> bool:
        """A small secret: half the minimum to either side, or anything from nobody to the minimum.
        A large one, withheld to protect others: as wide as the minimum. A distribution of a few is as safe as its
        levels: the bounds of each add up to at least these."""
        half = self.minimum / 2
        if not self._small(value):
            return high - low > self.minimum - EPSILON
        low_enough = low < max(0.0, value - half) + EPSILON
        return low_enough and (high > value + half - EPSILON or (low < EPSILON and high > self.minimum - EPSILON))

    def _seen_wide(self, view: "_View", weights: Weights) -> bool:
        return self.wide(view.value(weights), *view.attack.witnessed(weights))

    def _narrow_for(self, view: "_View") -> Callable[[Weights], bool]:
        return lambda weights: not self._seen_wide(view, weights)

    def _widen(self, view: "_View", weights: Weights) -> None:
        """Withhold what binds the secret until it is wide; what earlier releases gave away cannot be helped."""
        value, half = view.value(weights), self.minimum / 2
        while not self._seen_wide(view, weights):
            seen_low, seen_high = view.attack.witnessed(weights)
            binding: set[Slot] = set()
            if seen_low > max(0.0, value - half) + EPSILON:
                low, under = view.attack.bound(weights, 1)
                binding.update(self._choices(under) if low > max(0.0, value - half) + EPSILON else ())
            if seen_high < value + half - EPSILON:
                high, over = view.attack.bound(weights, -1)
                binding.update(self._choices(over) if high < value + half - EPSILON else ())
            if not binding or self._seen_wide(view, weights):
                return
            self._withhold(min(binding, key=self._cost))

    def _choices(self, rows: Iterable[int]) -> Iterator[Slot]:
        """The slots among binding rows that can still be withheld to any use."""
        for row in rows:
            slot = self.slots[row - self.first_row] if row >= self.first_row else None
            if slot is not None and slot not in self.public and slot not in self.withheld:
                yield slot

    def _cost(self, slot: Slot) -> tuple[Any, ...]:
        level = AREA_COST.get(self.table.area_levels.get(slot.area, ""), 3)
        return level, slot.period.kind == "year", self.value[slot], slot


class _View:
    """One attacker: what it knows, and how large a secret is to it."""

    def __init__(self, table: Table, name: str, rows: Sequence[tuple[int, ...]], ceiling: float) -> None:
        self.name, self.atoms = name, table.atoms
        own = (atom for atom, owner in enumerate(table.owners) if owner == name)
        self.own = frozenset(own) if name != OUTSIDER else frozenset()
        paired = {name for pair in table.wholes for name in pair}
        together: dict[tuple[str, Period], set[int]] = defaultdict(set)
        for slot, parts in table.slots.items():
            if slot.name in paired:
                together[slot.area, slot.period].update(parts)
        self.attack = Attack(table.atoms, rows, table.orders, linked=[*together.values(), *table.hidden, *table.groups],
                             known=self.own, ceiling=ceiling)  # fmt: skip

    def foreign(self, weights: Weights) -> Weights:
        """Without the atoms that are the attacker's own."""
        return {atom: weight for atom, weight in weights.items() if atom not in self.own and weight}

    def value(self, weights: Weights) -> int:
        return sum(weight * self.atoms[atom] for atom, weight in weights.items())


def _minus(whole: Weights, part: Weights) -> Weights:
    weights = dict(whole)
    for atom, weight in part.items():
        weights[atom] = weights.get(atom, 0) - weight
    return {atom: weight for atom, weight in weights.items() if weight}
