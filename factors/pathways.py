"""Why a knob matters: the strongest paths from a factor to a goal (ranking.md §1.5, §2.9). Pure.

A path follows relations as recorded, active ones only, and passes no factor twice. Its strength is the product of the
graded strengths with every step after the first damped, so lengths -ln(strength x damping) add up and Yen's algorithm
gives the strongest paths in order (Yen 1971; networkx).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice, pairwise

import networkx as nx

from factors.closed_lists import LIFE_PHASES
from factors.evidence import Relation, StrengthScale, strength

DAMPING = 0.5
SCALE = StrengthScale(mode="graded")


@dataclass(frozen=True, slots=True)
class Step:
    """One relation of a path. runs_back: it leads to a factor of an earlier phase of life only."""

    relation: Relation
    strength: float
    runs_back: bool


@dataclass(frozen=True, slots=True)
class Pathway:
    """A path. sign: of the whole, 0 when a step has none. weakest: place of the weakest step."""

    steps: tuple[Step, ...]
    strength: float
    sign: int
    weakest: int

    @property
    def codes(self) -> tuple[str, ...]:
        return (self.steps[0].relation.origin, *(step.relation.target for step in self.steps))

    @property
    def runs_back(self) -> bool:
        return any(step.runs_back for step in self.steps)


def ways(relations: Iterable[Relation], *, damping: float = DAMPING) -> nx.DiGraph:
    """All active relations as arcs with their length; made once per version."""
    graph = nx.DiGraph()
    for relation in relations:
        size = strength(relation, SCALE)
        if size > 0:
            graph.add_edge(relation.origin, relation.target, length=-math.log(size * damping), told=relation, size=size)
    return graph


def strongest(
    graph: nx.DiGraph, *, origin: str, goal: str, limit: int, phases: dict[str, tuple[str, ...]], longest: int = 8,
    damping: float = DAMPING,
) -> tuple[Pathway, ...]:  # fmt: skip
    """The `limit` strongest simple paths, strongest first. phases: of each factor. longest: steps of a path at most.

    Empty when the goal cannot be reached.
    """
    if origin not in graph or goal not in graph or not nx.has_path(graph, origin, goal):
        return ()
    routes = nx.shortest_simple_paths(graph, origin, goal, weight="length")
    short = (route for route in islice(routes, limit * 10) if len(route) <= longest + 1)
    return tuple(_pathway(graph, route, phases, damping) for route in islice(short, limit))


def _pathway(graph: nx.DiGraph, route: list[str], phases: dict[str, tuple[str, ...]], damping: float) -> Pathway:
    arcs = [graph.edges[pair] for pair in pairwise(route)]
    steps = tuple(Step(arc["told"], arc["size"], _runs_back(arc["told"], phases)) for arc in arcs)
    return Pathway(
        steps=steps,
        strength=math.prod(step.strength for step in steps) * damping ** (len(steps) - 1),
        sign=math.prod(step.relation.sign for step in steps),
        weakest=min(range(len(steps)), key=lambda place: steps[place].strength),
    )


def _runs_back(relation: Relation, phases: dict[str, tuple[str, ...]]) -> bool:
    """Whether all phases of the target lie before all of the origin; a phase nobody named runs nowhere."""
    origin, target = (
        [LIFE_PHASES.index(phase) for phase in phases.get(code, ()) if phase in LIFE_PHASES]
        for code in (relation.origin, relation.target)
    )
    return bool(origin and target) and max(target) < min(origin)
