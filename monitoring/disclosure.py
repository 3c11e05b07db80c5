"""Which numbers of a release must be withheld so that nobody can work out a small one (DOMAIN.md §8). Pure.

A release shows numbers ("slots") that are sums of atoms: what was delivered from one place in one base period. Every
hierarchy, year and earlier release is then just another set of known sums. An attacker knows all shown sums, that
nothing is negative, and the rules parts ≤ wholes; we solve for the smallest and largest value that every secret could
have (linear programmes, HiGHS), and withhold more until each lies in a wide enough interval.

Primary: a count of 1 … minimum-1; the rest of a whole after a part, when it is that small; every part of a whole that
small, zero included (0 % or 100 % of a few tells on everyone). Secondary: chosen among the shown sums that bind the
attacker's bound, smallest area and number first. Real-valued bounds can be a little wider than whole-number ones; the
protection interval of half the minimum to either side leaves room for that. The handbook on statistical disclosure
control (sdctools.github.io/HandbookSDC) describes this as cell suppression with an audit.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import linprog

from monitoring.periods import Period

AREA_COST = {"neighbourhood": 0, "district": 1, "municipality": 2}
EPSILON = 1e-6
EXPLORATIONS = 6
Weights = dict[int, int]


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One number of a release."""

    area: str
    period: Period
    name: str


@dataclass(frozen=True)
class Table:
    """Numbers that can be worked out from each other.

    atoms: the true values. slots: per number, which atoms add up to it. wholes: (whole, part) names, nearest whole.
    levels: names that form a distribution. area_levels: to withhold small areas first. known: numbers of earlier
    releases.
    """

    atoms: Sequence[int]
    slots: Mapping[Slot, tuple[int, ...]]
    orders: Sequence[tuple[int, int]] = ()
    wholes: Sequence[tuple[str, str]] = ()
    levels: tuple[str, ...] = ()
    area_levels: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[Slot, int] = field(default_factory=dict)

    def value(self, slot: Slot) -> int:
        return sum(self.atoms[atom] for atom in self.slots[slot])


@dataclass(frozen=True)
class Exposed:
    """A secret that the attacker bounds too tightly. low, high: what he finds."""

    value: int
    low: float
    high: float


def protect(table: Table, minimum: int) -> frozenset[Slot]:
    """The slots to withhold. Secrets that earlier releases gave away cannot be helped and are left as they are."""
    return _Protection(table, minimum).run()


def audit(table: Table, withheld: frozenset[Slot], minimum: int) -> tuple[Exposed, ...]:
    """Every secret that an attacker, who sees all slots but the withheld ones, bounds too tightly."""
    protection = _Protection(table, minimum)
    protection.withheld |= withheld
    found = []
    for weights in protection.secrets():
        value = protection.value_of(weights)
        low, high = (protection.bound(weights, sign)[0] for sign in (1, -1))
        if not protection.wide(value, low, high):
            found.append(Exposed(value, low, high))
    return tuple(found)


class _Protection:
    """One table being protected. Withholding only widens what an attacker must allow, so a solution found once stays
    a witness."""

    def __init__(self, table: Table, minimum: int) -> None:
        self.table, self.minimum = table, minimum
        self.atoms = np.array(table.atoms, dtype=float)
        self.ceiling = 2 * float(self.atoms.sum()) + 10 * minimum
        self.slots = sorted(table.slots)
        self.matrix = _matrix([dict.fromkeys(table.slots[slot], 1) for slot in self.slots], len(self.atoms))
        self.sums = self.matrix @ self.atoms
        orders = [(part, whole) for part, whole in table.orders if table.atoms[part] <= table.atoms[whole]]
        self.orders = _matrix([{part: 1, whole: -1} for part, whole in orders], len(self.atoms)) if orders else None
        self.public = {
            slot for slot, value in table.known.items() if slot in table.slots and table.value(slot) == value
        }
        self.twins: dict[tuple[int, ...], list[Slot]] = defaultdict(list)
        for slot in self.slots:
            self.twins[tuple(sorted(table.slots[slot]))].append(slot)
        self.withheld, self.rests = self._primary()
        for slot in list(self.withheld):
            self._withhold(slot)
        self.witnesses, self.seen = np.array([self.atoms]), 1
        self.shown: list[int] = []

    def run(self) -> frozenset[Slot]:
        """Check all secrets, also those of the slots that are withheld on the way."""
        done: set[frozenset[tuple[int, int]]] = set()
        while waiting := [w for w in self.secrets() if frozenset(w.items()) not in done]:
            self._explore(waiting)
            for weights in waiting:
                done.add(frozenset(weights.items()))
                self._widen(weights)
        return frozenset(self.withheld)

    def _explore(self, secrets: Sequence[Weights]) -> None:
        """Push all narrow secrets at once, in a few mixed directions: one programme then witnesses for many."""
        signs = np.random.default_rng(len(self.atoms))
        for _round in range(EXPLORATIONS):
            narrow = [w for w in secrets if not self.wide(self.value_of(w), *self._witnessed(w))]
            if len(narrow) <= EXPLORATIONS:
                return
            objective = np.zeros(len(self.atoms))
            for weights, sign in zip(narrow, signs.choice((-1.0, 1.0), len(narrow)), strict=True):
                objective[list(weights)] += sign * np.array(list(weights.values()))
            self._see(self._solve(objective).x)

    def _withhold(self, slot: Slot) -> None:
        """The slot and every other that shows the same sum, such as a district with one neighbourhood in it."""
        self.withheld.update(self.twins[tuple(sorted(self.table.slots[slot]))])

    def _primary(self) -> tuple[set[Slot], list[Weights]]:
        withheld: set[Slot] = set()
        rests: list[Weights] = []
        for slot in self.slots:
            if self._small(self.table.value(slot)):
                withheld.add(slot)
        for whole, part in self._pairs():
            rest = self.table.value(whole) - self.table.value(part)
            if self._small(rest) or self._small(self.table.value(whole)):
                withheld.add(part)
            if self._small(rest):
                rests.append(_minus(self.table.slots[whole], self.table.slots[part]))
        for levels in self._distributions():
            if self._small(sum(self.table.value(slot) for slot in levels)):
                withheld.update(levels)
                rests.append(dict.fromkeys((a for slot in levels for a in self.table.slots[slot]), 1))
        return withheld, rests

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

    def secrets(self) -> Iterator[Weights]:
        """Withheld numbers, small rests and totals, and small atoms that no slot shows alone."""
        for slot in sorted(self.withheld):
            yield dict.fromkeys(self.table.slots[slot], 1)
        yield from self.rests
        for atom, value in enumerate(self.table.atoms):
            if self._small(value):
                yield {atom: 1}

    def value_of(self, weights: Weights) -> int:
        return sum(weight * self.table.atoms[atom] for atom, weight in weights.items())

    def wide(self, value: int, low: float, high: float) -> bool:
        """A small secret: half the minimum to either side, or anything from nobody to the minimum.
        A large one, withheld to protect others: as wide as the minimum."""
        half = self.minimum / 2
        if not self._small(value):
            return high - low > self.minimum - EPSILON
        low_enough = low < max(0.0, value - half) + EPSILON
        return low_enough and (high > value + half - EPSILON or (low < EPSILON and high > self.minimum - EPSILON))

    def _widen(self, weights: Weights) -> None:
        """Withhold what binds the secret until it is wide; what earlier releases gave away cannot be helped."""
        value = self.value_of(weights)
        half = self.minimum / 2
        while not self.wide(value, *self._witnessed(weights)):
            seen_low, seen_high = self._witnessed(weights)
            binding: set[Slot] = set()
            if seen_low > max(0.0, value - half) + EPSILON:
                low, under = self.bound(weights, 1)
                binding.update(under if low > max(0.0, value - half) + EPSILON else ())
            if seen_high < value + half - EPSILON:
                high, over = self.bound(weights, -1)
                binding.update(over if high < value + half - EPSILON else ())
            if not binding or self.wide(value, *self._witnessed(weights)):
                return
            self._withhold(min(binding, key=self._cost))

    def _witnessed(self, weights: Weights) -> tuple[float, float]:
        """The range seen so far; the true values are the first witness."""
        atoms, factors = list(weights), np.array(list(weights.values()))
        seen = self.witnesses[: self.seen, atoms] @ factors
        return float(seen.min()), float(seen.max())

    def _see(self, witness: np.ndarray) -> None:
        """Remember what an attacker may believe; the store doubles when it is full."""
        if self.seen == len(self.witnesses):
            self.witnesses = np.concatenate([self.witnesses, np.zeros_like(self.witnesses)])
        self.witnesses[self.seen] = witness
        self.seen += 1

    def _cost(self, slot: Slot) -> tuple[Any, ...]:
        level = AREA_COST.get(self.table.area_levels.get(slot.area, ""), 3)
        return level, slot.period.kind == "year", self.table.value(slot), slot

    def bound(self, weights: Weights, sign: int) -> tuple[float, list[Slot]]:
        """Smallest (sign 1) or largest (-1) value an attacker must allow, and the shown slots that bind it."""
        objective = np.zeros(len(self.atoms))
        objective[list(weights)] = [sign * weight for weight in weights.values()]
        solved = self._solve(objective)
        self._see(solved.x)
        prices = solved.eqlin.marginals if self.shown else ()
        binding = [self.slots[i] for i, price in zip(self.shown, prices, strict=True) if abs(price) > EPSILON]
        return sign * float(solved.fun), [slot for slot in binding if slot not in self.public]

    def _solve(self, objective: np.ndarray) -> Any:
        """What an attacker may believe at the extreme of the objective, given all that is shown."""
        self.shown = [i for i, slot in enumerate(self.slots) if slot not in self.withheld or slot in self.public]
        return linprog(
            objective, A_ub=self.orders, b_ub=None if self.orders is None else np.zeros(self.orders.shape[0]),
            A_eq=self.matrix[self.shown] if self.shown else None, b_eq=self.sums[self.shown] if self.shown else None,
            bounds=(0, self.ceiling), method="highs",
        )  # fmt: skip


def _matrix(rows: Sequence[Weights], width: int) -> np.ndarray:
    """Dense: the tables of one intervention, measure and year are small, and sparse ones cost more to hand over."""
    matrix = np.zeros((len(rows), width))
    for row, weights in zip(matrix, rows, strict=True):
        row[list(weights)] = list(weights.values())
    return matrix


def _minus(whole: Sequence[int], part: Sequence[int]) -> Weights:
    weights = dict.fromkeys(whole, 1)
    for atom in part:
        weights[atom] = weights.get(atom, 0) - 1
    return weights
