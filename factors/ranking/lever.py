"""Which way to turn a factor: scores are magnitudes, the direction is told apart (ranking.md §1.8)."""

from typing import Literal

import numpy as np

from factors.ranking.graph import Graph
from factors.ranking.network import Floats, totals
from factors.ranking.paths import Paths

Lever = Literal["reduce", "strengthen", "mixed"]


def levers(graph: Graph) -> tuple[Lever, ...]:
    """Per factor the direction that helps the selected goals, from its signed effect, direct and by paths.

    mixed when the lesser side carries `mixed_share` or more, or when no side carries anything.
    """
    helps, harms = _direct(graph)
    effect = helps - harms
    for paths in graph.paths():
        signed = paths.value * path_signs(graph, paths) * effect[paths.target]
        helps = helps + totals(paths.origin, np.maximum(signed, 0), len(effect))
        harms = harms + totals(paths.origin, np.maximum(-signed, 0), len(effect))
    return tuple(_lever(*sides, graph.parameters.mixed_share) for sides in zip(helps, harms, strict=True))


def path_signs(graph: Graph, paths: Paths) -> Floats:
    """Product of the signs of a path's steps: does more of its origin give more or less of its end."""
    steps = np.where(paths.relations < 0, 1, graph.network.sign[paths.relations])
    signs: Floats = steps.prod(axis=1).astype(np.float64)
    return signs


def _direct(graph: Graph) -> tuple[Floats, Floats]:
    network, size = graph.network, len(graph.network.factors)
    signed = graph.goal_amount * network.sign
    helps = totals(network.origin, np.maximum(signed, 0), size)
    return helps, totals(network.origin, np.maximum(-signed, 0), size)


def _lever(helps: float, harms: float, mixed_share: float) -> Lever:
    total, lesser = helps + harms, min(helps, harms)
    # rounded, so that a share of exactly one fifth does not hang on the last bit of a sum
    if total == 0 or round(lesser / total, 12) >= mixed_share:
        return "mixed"
    return "strengthen" if helps > harms else "reduce"
