"""What somebody who knows every shown sum can work out about the hidden ones (linear programmes, HiGHS). Pure.

One model per connected part of a table, kept between questions: only the objective and the bounds change, so the
solver goes on from where it stood. Each answer is kept as a witness: withholding more only widens what must be
allowed, so a solution found once stays possible.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import highspy
import numpy as np

EPSILON = 1e-6
EXPLORATIONS = 6
Weights = Mapping[int, int]


class Unsolved(RuntimeError):
    """The solver found no optimum, although the true values are one solution."""


class Attack:
    """One attacker of one table.

    atoms: the true values. rows: sums of atoms that are shown, until `hide(row)`. orders: (part, whole) pairs of atoms
    with part ≤ whole. linked: further sets of atoms that one question may touch. known: atoms that the attacker knows
    anyway. ceiling: no atom is larger.
    """

    def __init__(
        self,
        atoms: Sequence[int],
        rows: Sequence[tuple[int, ...]],
        orders: Iterable[tuple[int, int]],
        *,
        linked: Iterable[Iterable[int]] = (),
        known: frozenset[int] = frozenset(),
        ceiling: float,
    ) -> None:
        orders = [(part, whole) for part, whole in orders if atoms[part] <= atoms[whole]]
        self.place = _components(len(atoms), [*rows, *orders, *linked])
        inside: dict[int, list[int]] = defaultdict(list)
        for atom, number in enumerate(self.place):
            inside[number].append(atom)
        rows_in: dict[int, list[tuple[int, tuple[int, ...]]]] = defaultdict(list)
        for row, parts in enumerate(rows):
            if parts:
                rows_in[self.place[parts[0]]].append((row, parts))
        orders_in: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for part, whole in orders:
            orders_in[self.place[part]].append((part, whole))
        self.row_place = {row: number for number, found in rows_in.items() for row, _parts in found}
        self.parts = {
            number: _Part(atoms, members, rows_in[number], orders_in[number], known, ceiling)
            for number, members in inside.items()
        }

    def hide(self, row: int) -> None:
        self.parts[self.row_place[row]].hide(row)

    def bound(self, weights: Weights, sign: int) -> tuple[float, list[int]]:
        """Smallest (sign 1) or largest (-1) value that must be allowed, and the shown rows that bind it."""
        return self._part(weights).bound(weights, sign)

    def witnessed(self, weights: Weights) -> tuple[float, float]:
        """The range seen so far; the true values are the first witness."""
        return self._part(weights).witnessed(weights)

    def explore(self, secrets: Iterable[Weights], narrow: Callable[[Weights], bool]) -> None:
        """Push the narrow secrets of each part all at once, in mixed directions: one answer then witnesses for many."""
        grouped: dict[int, list[Weights]] = defaultdict(list)
        for weights in secrets:
            grouped[self.place[next(iter(weights))]].append(weights)
        for number, some in grouped.items():
            self.parts[number].explore(some, narrow)

    def _part(self, weights: Weights) -> "_Part":
        return self.parts[self.place[next(iter(weights))]]


class _Part:
    """A connected part; its model is made at the first question."""

    def __init__(
        self,
        atoms: Sequence[int],
        members: Sequence[int],
        rows: Sequence[tuple[int, tuple[int, ...]]],
        orders: Sequence[tuple[int, int]],
        known: frozenset[int],
        ceiling: float,
    ) -> None:
        self.members, self.rows, self.orders, self.known, self.ceiling = members, rows, orders, known, ceiling
        self.column = {atom: place for place, atom in enumerate(members)}
        self.truth = np.array([atoms[atom] for atom in members], dtype=float)
        self.local = {row: place for place, (row, _parts) in enumerate(rows)}
        self.hidden: set[int] = set()
        self.witnesses, self.seen = np.array([self.truth]), 1
        self.priced: list[int] = []
        self.model: Any = None

    def hide(self, row: int) -> None:
        self.hidden.add(row)
        if self.model is not None:
            self.model.changeRowBounds(self.local[row], -highspy.kHighsInf, highspy.kHighsInf)

    def bound(self, weights: Weights, sign: int) -> tuple[float, list[int]]:
        columns = [self.column[atom] for atom in weights]
        factors = np.array(list(weights.values()), dtype=float)
        solution = self._solve(columns, sign * factors)
        prices = np.array(solution.row_dual[: len(self.rows)])
        binding = [self.rows[place][0] for place in np.flatnonzero(np.abs(prices) > EPSILON).tolist()]
        return float(self.witnesses[self.seen - 1, columns] @ factors), binding

    def witnessed(self, weights: Weights) -> tuple[float, float]:
        columns = [self.column[atom] for atom in weights]
        seen = self.witnesses[: self.seen, columns] @ np.array(list(weights.values()), dtype=float)
        return float(seen.min()), float(seen.max())

    def explore(self, secrets: Sequence[Weights], narrow: Callable[[Weights], bool]) -> None:
        signs = np.random.default_rng(len(self.truth))
        for _round in range(EXPLORATIONS):
            secrets = [weights for weights in secrets if narrow(weights)]
            if len(secrets) <= EXPLORATIONS:
                return
            objective = np.zeros(len(self.truth))
            for weights, sign in zip(secrets, signs.choice((-1.0, 1.0), len(secrets)), strict=True):
                columns = [self.column[atom] for atom in weights]
                objective[columns] += sign * np.array(list(weights.values()))
            self._solve(np.flatnonzero(objective).tolist(), objective[objective != 0])

    def _solve(self, columns: list[int], costs: np.ndarray) -> Any:
        if self.model is None:
            self.model = self._made()
        wanted = dict.fromkeys(self.priced, 0.0) | dict(zip(columns, costs.tolist(), strict=True))
        index, cost = np.array(list(wanted), dtype=np.int32), np.array(list(wanted.values()), dtype=float)
        self.model.changeColsCost(len(index), index, cost)
        self.priced = columns
        self.model.run()
        if self.model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise Unsolved(str(self.model.getModelStatus()))
        solution = self.model.getSolution()
        self._see(np.array(solution.col_value))
        return solution

    def _see(self, witness: np.ndarray) -> None:
        """The store doubles when it is full."""
        if self.seen == len(self.witnesses):
            self.witnesses = np.concatenate([self.witnesses, np.zeros_like(self.witnesses)])
        self.witnesses[self.seen] = witness
        self.seen += 1

    def _made(self) -> Any:
        """Rows of the shown sums first, then the orders (part - whole ≤ 0)."""
        infinite = highspy.kHighsInf
        rows = [[(self.column[atom], 1.0) for atom in parts] for _row, parts in self.rows]
        rows += [[(self.column[part], 1.0), (self.column[whole], -1.0)] for part, whole in self.orders]
        sums = [(-infinite, infinite) if row in self.hidden else (self._sum(parts),) * 2 for row, parts in self.rows]
        bounds = sums + [(-infinite, 0.0)] * len(self.orders)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.members), len(rows)
        lp.col_cost_ = np.zeros(len(self.members))
        fixed = np.array([atom in self.known for atom in self.members])
        lp.col_lower_ = np.where(fixed, self.truth, 0.0)
        lp.col_upper_ = np.where(fixed, self.truth, self.ceiling)
        lp.row_lower_, lp.row_upper_ = (np.array([pair[side] for pair in bounds], dtype=float) for side in (0, 1))
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0, *map(len, rows)])
        lp.a_matrix_.index_ = np.array([column for row in rows for column, _value in row], dtype=np.int32)
        lp.a_matrix_.value_ = np.array([value for row in rows for _column, value in row])
        model = highspy.Highs()
        for option, value in OPTIONS:
            model.setOptionValue(option, value)
        model.passModel(lp)
        return model

    def _sum(self, parts: Iterable[int]) -> float:
        return float(sum(self.truth[self.column[atom]] for atom in parts))


# the models are small: presolve and threads cost more than they save
OPTIONS = (("output_flag", False), ("presolve", "off"), ("solver", "simplex"), ("threads", 1))


def _components(count: int, sets: Iterable[Iterable[int]]) -> list[int]:
    """Per atom the number of the part it lies in: atoms that share a set lie in one part."""
    parent = list(range(count))

    def root(atom: int) -> int:
        while parent[atom] != atom:
            parent[atom] = parent[parent[atom]]
            atom = parent[atom]
        return atom

    for members in sets:
        roots: Iterator[int] = (root(atom) for atom in members)
        first = next(roots, None)
        for other in roots:
            if first is not None and other != first:
                parent[other] = first
    return [root(atom) for atom in range(count)]
