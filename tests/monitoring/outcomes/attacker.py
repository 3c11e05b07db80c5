"""An attacker who knows only what the public API answers, written apart from the code that protects.

The unknowns are what lived in each neighbourhood in each quarter, and what of a district or city lies in no
neighbourhood shown. Everything published is an equation: a parent is its neighbourhoods and its rest, a year its
quarters. Nothing is negative and a part is no larger than its whole. Shares are made of shown counts only
(`hidden_parts` checks it), so they add no equation.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

STOCKS = {"targetGroup", "attendsStructurally"}
WHOLES = {
    "reach": [("targetGroup", "indicated"), ("indicated", "invited"), ("invited", "started"),
              ("targetGroup", "invited"), ("targetGroup", "started"), ("indicated", "started"),
              ("targetGroup", "attendsStructurally"), ("targetGroup", "completed")],
    "no-show": [("appointments", "noShows")],
    "information-questions": [("asked", "knows"), ("knows", "useful"), ("asked", "useful"), ("asked", "goalRealised")],
}  # fmt: skip
SHARES = {
    "started-of-target-group": ("started", "targetGroup"),
    "started-of-invited": ("started", "invited"),
    "attends-structurally-of-target-group": ("attendsStructurally", "targetGroup"),
    "no-show": ("noShows", "appointments"),
    "grade-sufficient": ("grade5OrLower", "grade6To7", "grade8OrHigher"),
    "goal-reached": ("goalMinus1", "goal0", "goal1", "goal2"),
    "can-go-on-without-help": ("answer1", "answer2", "answer3", "answer4"),
}
Key = tuple[str, str, str]  # area, quarter, name


@dataclass
class Puzzle:
    """One intervention, measure and year as linear equations over unknown counts."""

    unknowns: dict[Key, int] = field(default_factory=dict)
    equations: dict[tuple[tuple[int, ...], int], None] = field(default_factory=dict)
    hidden: dict[tuple[str, str, str], set[int]] = field(default_factory=dict)  # area, period, name → its sum
    orders: set[tuple[int, int]] = field(default_factory=set)

    def unknown(self, key: Key) -> int:
        return self.unknowns.setdefault(key, len(self.unknowns))

    def bounds(self, wanted: Iterable[int]) -> tuple[float, float]:
        """The smallest and largest value the sum of these unknowns can have."""
        aim = np.zeros(len(self.unknowns))
        aim[list(wanted)] = 1
        equal, sums = _matrix([parts for parts, _sum in self.equations], len(aim)), [s for _p, s in self.equations]
        rows = [(part, whole) for part, whole in sorted(self.orders)]
        less = coo_matrix(
            (np.tile([1.0, -1.0], len(rows)), (np.repeat(range(len(rows)), 2), np.array(rows, dtype=int).ravel())),
            shape=(len(rows), len(aim)),
        )
        found = []
        for sign in (1, -1):
            solved = linprog(sign * aim, A_ub=less if rows else None, b_ub=np.zeros(len(rows)) if rows else None,
                             A_eq=equal if sums else None, b_eq=sums or None, bounds=(0, 1e6))  # fmt: skip
            assert solved.success, solved.message
            found.append(sign * float(solved.fun))
        return found[0], found[1]


def _matrix(rows: list[tuple[int, ...]], width: int) -> coo_matrix:
    where = [(number, part) for number, parts in enumerate(rows) for part in parts]
    index = np.array(where, dtype=int).reshape(-1, 2)
    return coo_matrix((np.ones(len(index)), (index[:, 0], index[:, 1])), shape=(len(rows), width))


def puzzles(
    editions: Iterable[list[dict[str, Any]]], city: str, below: Mapping[str, frozenset[str]]
) -> dict[Any, Puzzle]:
    """One puzzle per intervention, measure and year.

    editions: the rows of every release, as the API answers them. below: area → the neighbourhoods in it; known to
    everyone from the list of areas. Only of the city may something lie in no neighbourhood. Assumes that no count
    was corrected between two editions.
    """
    found: dict[Any, Puzzle] = defaultdict(Puzzle)
    for rows in editions:
        for group, cells in _by_table(rows).items():
            _add(found[group], cells, city, below)
    return found


def _by_table(rows: list[dict[str, Any]]) -> dict[Any, dict[tuple[str, str], dict[str, Any]]]:
    found: dict[Any, dict[tuple[str, str], dict[str, Any]]] = defaultdict(dict)
    for row in rows:
        found[row["interventionCode"], row["measure"], row["period"][:4]][row["areaCode"], row["period"]] = row
    return found


def _add(
    puzzle: Puzzle, cells: dict[tuple[str, str], dict[str, Any]], city: str, below: Mapping[str, frozenset[str]]
) -> None:
    for (area, period), row in cells.items():
        for name, value in row["counts"].items():
            parts = [puzzle.unknown(leaf) for leaf in _leaves(cells, area, period, name, city, below)]
            if name in row["suppressed"]:
                puzzle.hidden[area, period, name] = set(parts)
            elif value is not None:
                puzzle.equations[tuple(sorted(parts)), value] = None
        for whole, part in WHOLES.get(row["measure"], ()):
            pair = [puzzle.unknowns.get((area, period, name)) for name in (part, whole)]
            if None not in pair:
                puzzle.orders.add((pair[0], pair[1]))  # type: ignore[arg-type]


def _leaves(
    cells: Mapping[tuple[str, str], Any], area: str, period: str, name: str, city: str,
    below: Mapping[str, frozenset[str]],
) -> Iterator[Key]:  # fmt: skip
    """The unknowns that add up to one number: neighbourhoods with a figure, and the rest of the city.

    The stock of a year does not add up from quarters: it is a base period of its own.
    """
    quarters = {q for _area, q in cells if len(q) > 4}
    inside = [period] if len(period) > 4 or name in STOCKS else sorted(quarters)
    yield from ((place, q, name) for place in sorted(below[area]) for q in inside if (place, q) in cells)
    if area == city:
        yield from (("rest of the city", q, name) for q in inside)


def too_tight(low: float, high: float, truth: int, minimum: int) -> bool:
    """Whether the bounds tell more than the protection interval allows."""
    half, slack = minimum / 2, 1e-3
    if not 0 < truth < minimum:
        return high - low < minimum - slack
    low_enough = low <= max(0, truth - half) + slack
    return not (low_enough and (high >= truth + half - slack or (low <= slack and high >= minimum - slack)))


def hidden_parts(row: Mapping[str, Any]) -> list[str]:
    """Figures of a row that rest on a number it does not show."""
    parts = {name for code in (figure["code"] for figure in row["figures"]) for name in SHARES.get(code, ())}
    return sorted(parts & set(row["suppressed"]))
