"""What a network and a way of walking it fix, whatever the goals, weights and draws: worked out once, kept with the
network, so that a next score of the same network costs only what differs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from factors.evidence import StrengthScale
from factors.ranking.network import Flags, Floats, Ints, Network
from factors.ranking.parameters import Parameters
from factors.ranking.paths import Arcs, arcs_of
from factors.ranking.walks import Block, Pattern, Sums, blocks_of, pattern_of

KEPT_FRAMES = 8
KEPT_PATHS = 16_000_000
"""Best paths kept between scores: 12 bytes each. A larger network is walked anew each time."""


@dataclass(frozen=True, eq=False)
class Frame:
    """One network as one parameter set walks it. both_ends: an undirected relation can be walked from both.

    states: the network's own state (graph.py) by the share that stands for an unknown prevalence.
    """

    network: Network
    scale: StrengthScale
    both_ends: bool
    any_way: bool
    depth: int
    damping: float
    states: dict[float, Any] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def strength(self) -> Floats:
        return self.network.strengths(self.scale)

    @cached_property
    def backwards(self) -> Flags:
        """Relations that influence both ends."""
        return ~self.network.directed & self.both_ends

    @cached_property
    def influence(self) -> Arcs:
        """W."""
        return arcs_of(self.network, self.strength, self.backwards)

    @cached_property
    def any_direction(self) -> Arcs:
        """Q."""
        return arcs_of(self.network, self.strength, np.ones_like(self.network.directed))

    @cached_property
    def between(self) -> Flags:
        """Relations between factors."""
        return ~self.network.to_goal

    @cached_property
    def end(self) -> Ints:
        """Per relation the factor at its end, 0 for those to a goal."""
        return np.where(self.network.to_goal, 0, self.network.target)

    @cached_property
    def goal(self) -> Ints:
        """Per relation the goal at its end, for those between factors one past the goals."""
        return np.where(self.network.to_goal, self.network.target, len(self.network.goals))

    @cached_property
    def by_origin(self) -> Sums:
        """Sums over relations per factor they start from."""
        return Sums(self.network.origin, len(self.network.factors))

    @cached_property
    def pattern(self) -> Pattern:
        """Where B can be walked."""
        return pattern_of(self.network, np.ones_like(self.backwards) if self.any_way else self.backwards)

    @cached_property
    def by_arc_origin(self) -> Sums:
        return Sums(self.pattern.origin, len(self.network.factors))

    @cached_property
    def steps(self) -> sparse.csr_array:
        """B as a matrix, steps of strength 0 included."""
        pattern, factors = self.pattern, len(self.network.factors)
        arcs = pattern.values(self.strength, self.strength)
        return sparse.csr_array((arcs, pattern.target, pattern.start), shape=(factors, factors))

    @cached_property
    def paths(self) -> sparse.csr_array | None:
        """V as a matrix; None when it is too large to keep."""
        if self.depth == 1:
            return self.steps
        arcs = self.pattern.values(self.strength, self.strength)
        damped, found, size = damp(arcs, self.damping), [], 0
        for block in blocks_of(self.pattern, depth=self.depth):
            found.append(_rows(block, block.values(arcs, damped)))
            size += len(block.target)
            if size > KEPT_PATHS:
                return None
        return _stacked(found, len(self.network.factors))

    @cached_property
    def reached(self) -> Floats:
        """The best paths to all other factors, summed: a vector over the factors."""
        if self.paths is None:
            return self.reach_by(self.pattern.values(self.strength, self.strength), None, self.blocks())
        total: Floats = self.paths @ np.ones(len(self.network.factors))
        return total

    def reach(self, worth: Floats) -> Floats:
        """Per factor: the best path to every other factor times what being there is worth, summed.

        worth: (factors,) or (factors, draws).
        """
        if self.paths is None:
            return self.reach_by(self.pattern.values(self.strength, self.strength), worth, self.blocks())
        reached: Floats = self.paths @ worth
        return reached

    def reach_by(self, arcs: Floats, worth: Floats | None, blocks: Iterable[Block]) -> Floats:
        """The same with other values of the arcs, (arcs, draws). worth: None when every factor counts as 1."""
        damped = damp(arcs, self.damping) if self.depth > 1 else arcs
        parts = []
        for block in blocks:
            value = block.values(arcs, damped)
            if worth is not None:
                value = value * worth.take(block.target, axis=0)
            parts.append(block.sums(value))
        return np.concatenate(parts)

    def blocks(self) -> Iterable[Block]:
        return blocks_of(self.pattern, depth=self.depth)


def frame_of(network: Network, parameters: Parameters) -> Frame:
    """The frame of the network for these parameters, made at the first call."""
    way = (
        parameters.scale,
        parameters.undirected == "both-ends",
        parameters.network == "any-direction",
        parameters.depth,
        parameters.damping or 1.0,
    )
    known: dict[object, Frame] = network.frames
    if (frame := known.get(way)) is None:
        if len(known) >= KEPT_FRAMES:
            known.clear()
        frame = known[way] = Frame(network, *way)
    return frame


def damp(arcs: Floats, damping: float) -> Floats:
    """The arcs damped, as later steps of a path, and one more row of ones: no step."""
    damped = np.empty((len(arcs) + 1, *arcs.shape[1:]))
    np.multiply(arcs, damping, out=damped[:-1])
    damped[-1] = 1.0
    return damped


def _rows(block: Block, values: Floats) -> tuple[Floats, Ints, Ints]:
    order = np.arange(len(values)) if block.sums.order is None else block.sums.order
    counts = np.bincount(block.sums.index, minlength=block.sums.size)
    return values[order], block.target[order], counts


def _stacked(found: list[tuple[Floats, Ints, Ints]], factors: int) -> sparse.csr_array:
    if not found:
        return sparse.csr_array((factors, factors))
    values, targets, counts = (np.concatenate(part) for part in zip(*found, strict=True))
    start = np.concatenate([[0], np.cumsum(counts)])
    return sparse.csr_array((values, targets.astype(np.int32), start.astype(np.int32)), shape=(factors, factors))
