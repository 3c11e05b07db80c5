"""Why a knob matters: the strongest paths from a factor to a goal (ranking.md §1.5, §2.9). Pure.

A path follows relations as recorded, active ones only, and passes no factor twice. Its strength is the product of the
graded strengths with every step after the first damped, so lengths -ln(strength x damping) add up and the shortest
simple paths are the strongest. They are searched best first; where that would take long, by Yen (1971; networkx).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import islice, pairwise

import networkx as nx

from factors.closed_lists import LIFE_PHASES
from factors.evidence import Relation, StrengthScale, strength

DAMPING = 0.5
SCALE = StrengthScale(mode="graded")
MOST_TRIES = 20_000


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
    if origin not in graph or goal not in graph:
        return ()
    routes = _best_first(graph, origin, goal, limit, longest)
    if routes is None:
        yen = islice(nx.shortest_simple_paths(graph, origin, goal, weight="length"), limit * 10)
        routes = [route for route in yen if len(route) <= longest + 1][:limit]
    return tuple(_pathway(graph, route, phases, damping) for route in routes)


def _best_first(graph: nx.DiGraph, origin: str, goal: str, limit: int, longest: int) -> list[Sequence[str]] | None:
    """Simple paths, shortest first; None when it takes too many tries.

    What a path begun still needs at least is known exactly from one search back from the goal, so hardly any path is
    tried that is not among the answers; only circles that cut off the goal can make it many.
    """
    needed = _needed(graph, goal)
    if origin not in needed:
        return []
    found: list[Sequence[str]] = []
    begun: list[tuple[float, tuple[str, ...], float]] = [(needed[origin], (origin,), 0.0)]
    for _ in range(MOST_TRIES):
        if not begun or len(found) == limit:
            return found
        _total, route, length = heappop(begun)
        if route[-1] == goal:
            found.append(route)
        elif len(route) <= longest:
            for code, arc in graph.adj[route[-1]].items():
                if code in needed and code not in route:
                    so_far = length + arc["length"]
                    heappush(begun, (so_far + needed[code], (*route, code), so_far))
    return None


def _needed(graph: nx.DiGraph, goal: str) -> dict[str, float]:
    """Shortest length to the goal per code from which it can be reached; kept with the graph."""
    kept: dict[str, dict[str, float]] = graph.graph.setdefault("needed", {})
    if goal not in kept:
        kept[goal] = nx.single_source_dijkstra_path_length(graph.reverse(copy=False), goal, weight="length")
    return kept[goal]


def _pathway(graph: nx.DiGraph, route: Sequence[str], phases: dict[str, tuple[str, ...]], damping: float) -> Pathway:
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
