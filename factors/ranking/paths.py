"""Arcs between factors (W, Q of ranking.md §1.4) and the best damped paths over them (V, §1.5).

Sparse throughout: arcs lie sorted by origin (compressed rows), and paths are walked for a block of origins at
a time, so memory stays linear in relations. Max-times has no place in scipy.sparse, hence the few lines of
numpy.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from factors.ranking.network import Flags, Floats, Ints, Network

BLOCK = 512
"""Origins walked at once: 8 relations each and 3 steps make some 300,000 paths a block."""


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """The strongest step from one factor to another, sorted by origin and target, all strengths above 0.

    relation: row of the relation it comes from, which may point the other way. start[i]:start[i+1] are the
    arcs of factor i.
    """

    start: Ints
    origin: Ints
    target: Ints
    strength: Floats
    relation: Ints

    @property
    def degrees(self) -> Ints:
        """Number of arcs per factor."""
        return np.diff(self.start)


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """The best path per pair, sorted by origin and target. relations: rows of its steps, padded with -1."""

    origin: Ints
    target: Ints
    value: Floats
    relations: Ints


def arcs_of(network: Network, strengths: Floats, backwards: Flags) -> Arcs:
    """Arcs along every relation between factors, and against those marked in `backwards`; the best wins."""
    counts = ~network.to_goal & (strengths > 0)
    forth, back = np.flatnonzero(counts), np.flatnonzero(counts & backwards)
    relation = np.concatenate([forth, back])
    origin = np.concatenate([network.origin[forth], network.target[back]])
    target = np.concatenate([network.target[forth], network.origin[back]])
    keep = _strongest(origin, target, strengths[relation], len(network.factors))
    relation, origin, target = relation[keep], origin[keep], target[keep]
    start = np.searchsorted(origin, np.arange(len(network.factors) + 1))
    return Arcs(start, origin, target, strengths[relation], relation)


def best_paths(arcs: Arcs, *, depth: int, damping: float | None) -> Iterator[Paths]:
    """V by blocks of origins: per pair the best path of at most `depth` steps, each after the first damped.

    A cycle never improves a path, since strengths are at most 1 and damping is below 1.
    """
    for first in range(0, len(arcs.start) - 1, BLOCK):
        rows = slice(arcs.start[first], arcs.start[min(first + BLOCK, len(arcs.start) - 1)])
        yield _walk(arcs, rows, depth, damping or 1.0)


def _walk(arcs: Arcs, rows: slice, depth: int, damping: float) -> Paths:
    steps = [Paths(arcs.origin[rows], arcs.target[rows], arcs.strength[rows], arcs.relation[rows, None])]
    for length in range(2, depth + 1):
        # only the best go on; the last need no sorting out of their own
        going_on = steps[-1] if length == 2 else _best(steps[-1], len(arcs.start) - 1)
        steps.append(_extend(going_on, arcs, damping))
    return _best(_joined(steps), len(arcs.start) - 1) if depth > 1 else steps[0]


def _extend(step: Paths, arcs: Arcs, damping: float) -> Paths:
    """Every path one arc further, except back to where it began."""
    ways = arcs.degrees[step.target]
    path = np.repeat(np.arange(len(ways)), ways)
    within = np.arange(len(path)) - np.repeat(np.cumsum(ways) - ways, ways)
    arc = arcs.start[step.target[path]] + within
    onward = arcs.target[arc] != step.origin[path]
    path, arc = path[onward], arc[onward]
    value = step.value[path] * damping * arcs.strength[arc]
    relations = np.hstack([step.relations[path], arcs.relation[arc, None]])
    return Paths(step.origin[path], arcs.target[arc], value, relations)


def _joined(steps: list[Paths]) -> Paths:
    longest = len(steps)
    routes = [np.pad(s.relations, ((0, 0), (0, longest - s.relations.shape[1])), constant_values=-1) for s in steps]
    return Paths(
        np.concatenate([step.origin for step in steps]),
        np.concatenate([step.target for step in steps]),
        np.concatenate([step.value for step in steps]),
        np.concatenate(routes),
    )


def _best(paths: Paths, factors: int) -> Paths:
    keep = _strongest(paths.origin, paths.target, paths.value, factors)
    return Paths(paths.origin[keep], paths.target[keep], paths.value[keep], paths.relations[keep])


def _strongest(origin: Ints, target: Ints, value: Floats, factors: int) -> Ints:
    """Positions of the largest value per pair, in order of origin and target; of equals the first offered."""
    if not len(value):
        return np.zeros(0, dtype=np.int64)
    pair = origin * factors + target
    order = np.argsort(pair)
    changes = np.diff(pair[order], prepend=-1) != 0
    first = np.flatnonzero(changes)
    best = np.maximum.reduceat(value[order], first)[np.cumsum(changes) - 1]
    return np.minimum.reduceat(np.where(value[order] == best, order, len(order)), first)
