"""Where best paths can run, apart from how strong they are: one pattern for a point and for every draw.

The pattern depends on the network and on how a parameter set walks it. Values over it are vectors, or arrays with a
column per draw; either way the same sums are made in the same order, so a draw without doubt equals the point to the
last bit. Of several ways between two factors the best counts: ways are laid out in rounds (jagged diagonals), the
pairs with most ways first, so that a round is one slice and the maximum needs no sorting.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from factors.ranking.network import Flags, Floats, Ints, Network

PATHS_A_BLOCK = 8192
"""Ways walked at once: with 64 draws their values stay near the processor (4 MB)."""


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums per index 0..size-1 over rows that carry that index, added in the order of the rows or in that of `order`.

    order: all rows, sorted by index and then as they are to be added; None when the rows themselves are in order.
    """

    index: Ints
    size: int
    order: Ints | None = None

    @cached_property
    def _matrix(self) -> sparse.csr_array:
        order = np.argsort(self.index, kind="stable") if self.order is None else self.order
        start = np.searchsorted(self.index[order], np.arange(self.size + 1))
        return sparse.csr_array((np.ones(len(order)), order, start), shape=(self.size, len(order)))

    def __call__(self, amounts: Floats) -> Floats:
        """amounts: (rows,) or (rows, draws)."""
        if amounts.ndim == 1 and self.order is None:
            return np.bincount(self.index, amounts, self.size).astype(np.float64, copy=False)
        summed: Floats = self._matrix @ amounts
        return summed


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """Arcs that can be walked, sorted by origin and target: along relations, and against those that may go both ways.

    one: row of the relation behind the arc, along it when there is one. against: arcs that only exist against their
    relation. both: arcs with a second relation, against it: `other`.
    """

    start: Ints
    origin: Ints
    target: Ints
    one: Ints
    against: Ints
    both: Ints
    other: Ints

    def values(self, strength: Floats, backward: Floats) -> Floats:
        """The strongest step per arc. strength, backward: per relation, along and against it."""
        values = strength.take(self.one, axis=0)
        if backward is not strength:
            values[self.against] = backward.take(self.one[self.against], axis=0)
        values[self.both] = np.maximum(values[self.both], backward.take(self.other, axis=0))
        return values


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Ways to pairs: earlier path x arc, in rounds; round r holds the r-th way of the first pairs that have so many."""

    rounds: tuple[tuple[Ints, Ints], ...]

    def best(self, earlier: Floats, arcs: Floats) -> Floats:
        """The best way per pair; earlier, arcs: (rows,) or (rows, draws)."""
        found: Floats | None = None
        for path, arc in self.rounds:
            value = earlier.take(path, axis=0)
            value *= arcs.take(arc, axis=0)
            if found is None:
                found = value
            else:
                np.maximum(found[: len(path)], value, out=found[: len(path)])
        return earlier[:0] if found is None else found


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """All pairs from some origins. steps: from paths of l steps to those of l + 1; last: over all lengths."""

    rows: slice
    steps: tuple[Ways, ...]
    last: Ways | None
    origin: Ints
    target: Ints
    sums: Sums

    def values(self, arcs: Floats, damped: Floats) -> Floats:
        """V of these pairs. damped: arcs times damping, and a last row of ones: standing still."""
        lengths = [arcs[self.rows]]
        if self.last is None:
            return lengths[0]
        for step in self.steps:
            lengths.append(step.best(lengths[-1], damped))
        return self.last.best(np.concatenate(lengths), damped)


def pattern_of(network: Network, backwards: Flags) -> Pattern:
    """Arcs along all active relations between factors, and against those marked in `backwards`."""
    counts, factors = ~network.to_goal & network.active, len(network.factors)
    forth, back = np.flatnonzero(counts), np.flatnonzero(counts & backwards)
    relation = np.concatenate([forth, back])
    pair = np.concatenate(
        [network.origin[forth] * factors + network.target[forth], network.target[back] * factors + network.origin[back]]
    )
    order = np.argsort(pair, kind="stable")
    first = np.flatnonzero(np.diff(pair[order], prepend=-1))
    several = np.diff(first, append=len(order)) > 1  # at most two: one along, one against
    origin, target = np.divmod(pair[order[first]], max(1, factors))
    return Pattern(
        start=np.searchsorted(origin, np.arange(factors + 1)),
        origin=origin,
        target=target,
        one=relation[order[first]],
        against=np.flatnonzero(order[first] >= len(forth)),
        both=np.flatnonzero(several),
        other=relation[order[first[several] + 1]],
    )


def blocks_of(pattern: Pattern, *, depth: int) -> Iterator[Block]:
    """Paths of at most `depth` steps by blocks of origins, laid out anew at each call."""
    ways = number_of_ways(pattern, depth=depth)
    cuts = np.flatnonzero(np.diff(np.cumsum(ways) // PATHS_A_BLOCK, prepend=-1))
    for first, end in zip(cuts, [*cuts[1:], len(ways)], strict=True):
        yield _block(pattern, slice(int(pattern.start[first]), int(pattern.start[end])), int(first), int(end), depth)


def number_of_ways(pattern: Pattern, *, depth: int) -> Ints:
    """Per factor how many walks of at most `depth` steps start there."""
    ways = np.diff(pattern.start)
    total, reached = ways.copy(), ways
    for _ in range(1, depth):
        reached = np.bincount(pattern.origin, reached[pattern.target], len(ways)).astype(np.int64)
        total += reached
    return total


def _block(pattern: Pattern, rows: slice, first: int, end: int, depth: int) -> Block:
    factors, stay = len(pattern.start) - 1, len(pattern.origin)
    origin, target = pattern.origin[rows], pattern.target[rows]
    steps: list[Ways] = []
    if depth == 1:
        return Block(rows, (), None, origin, target, Sums(origin - first, end - first))
    pairs, before = [origin * factors + target], 0
    for length in range(2, depth + 1):
        path, arc, pair = _onward(pattern, pairs[-1])
        if length == depth:
            break
        ways, ends = _in_rounds(path, arc, pair)
        steps.append(ways)
        before += len(pairs[-1])
        pairs.append(ends)
    known = np.concatenate(pairs)
    last, ends = _in_rounds(
        np.concatenate([np.arange(len(known)), path + before]),
        np.concatenate([np.full(len(known), stay), arc]),
        np.concatenate([known, pair]),
    )
    origin, target = np.divmod(ends, max(1, factors))
    return Block(rows, tuple(steps), last, origin, target, Sums(origin - first, end - first, np.argsort(ends)))


def _onward(pattern: Pattern, pairs: Ints) -> tuple[Ints, Ints, Ints]:
    """Every path one arc further, except back to where it began: (path, arc, new pair)."""
    factors = len(pattern.start) - 1
    origin, target = np.divmod(pairs, max(1, factors))
    ways = pattern.start[target + 1] - pattern.start[target]
    path = np.repeat(np.arange(len(ways)), ways)
    arc = np.arange(len(path)) + np.repeat(pattern.start[target] - (np.cumsum(ways) - ways), ways)
    end = pattern.target[arc]
    onward = end != origin[path]
    path, arc, end = path[onward], arc[onward], end[onward]
    return path, arc, origin[path] * factors + end


def _in_rounds(path: Ints, arc: Ints, pair: Ints) -> tuple[Ways, Ints]:
    """The ways in rounds, and the pairs in the order of their values: most ways first, then by origin and target."""
    order = np.argsort(pair)
    first = np.flatnonzero(np.diff(pair[order], prepend=-1))
    number = np.diff(first, append=len(order))
    most = np.argsort(-number, kind="stable")
    first, number = first[most], number[most]
    rounds = []
    for turn in range(int(number[0]) if len(number) else 0):
        at = order[first[: int(np.searchsorted(-number, -turn))] + turn]
        rounds.append((path[at], arc[at]))
    return Ways(tuple(rounds)), pair[order[first]]
