"""How far turning a factor reaches each goal: the best damped path, straight or by other factors (§1.5, §2.10)."""

from dataclasses import dataclass

import numpy as np

from factors.ranking.graph import Graph
from factors.ranking.network import Floats, Ints
from factors.ranking.paths import best_paths


@dataclass(frozen=True, slots=True)
class Reach:
    """Towards one goal: strength of the best way, and the ordered pairs passed on it; none when it is not reached."""

    goal: str
    value: float
    relations: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """values: (factors, goals). steps: rows of the relations passed, (factors, goals, steps), padded with -1."""

    graph: Graph
    goals: list[str]
    values: Floats
    steps: Ints

    def ways(self, row: int) -> tuple[Reach, ...]:
        """The goals that a factor reaches."""
        relations = self.graph.network.relations
        return tuple(
            Reach(
                goal,
                float(self.values[row, place]),
                tuple((relations[s].origin, relations[s].target) for s in self.steps[row, place].tolist() if s >= 0),
            )
            for place, goal in enumerate(self.goals)
            if self.values[row, place] > 0
        )


def reach_of(graph: Graph, goals: list[str]) -> Reached:
    """Per factor and goal the best of: its own relation, and a best path to another factor times that one's relation.

    Influence only runs along relations, whatever the method counts as connected. The step to the goal is damped like
    every later step. Our choice: the sources do not say how far a factor reaches.
    """
    damping = graph.parameters.damping or 1.0
    direct, relation = _direct(graph, goals)
    values = direct.copy()
    steps = np.full((*direct.shape, graph.parameters.depth + 1), -1, dtype=np.int64)
    steps[:, :, 0] = relation
    for paths in best_paths(graph.influence, depth=graph.parameters.depth, damping=graph.parameters.damping):
        for place in range(len(goals)):
            value = paths.value * damping * direct[paths.target, place]
            order = np.lexsort((-value, paths.origin))
            first = order[np.flatnonzero(np.diff(paths.origin[order], prepend=-1))]
            better = first[value[first] > values[paths.origin[first], place]]
            row = paths.origin[better]
            values[row, place] = value[better]
            steps[row, place] = -1
            steps[row, place, : paths.relations.shape[1]] = paths.relations[better]
            steps[row, place, -1] = relation[paths.target[better], place]
    return Reached(graph, goals, values, steps)


def _direct(graph: Graph, goals: list[str]) -> tuple[Floats, Ints]:
    """Strength to each goal, and the row of that relation, -1 without one."""
    network = graph.network
    column = {goal: place for place, goal in enumerate(goals)}
    values = np.zeros((len(network.factors), len(goals)))
    relation = np.full(values.shape, -1, dtype=np.int64)
    for row in np.flatnonzero(network.to_goal & (graph.state.strength > 0)).tolist():
        place = column.get(network.relations[row].target)
        if place is not None:
            values[network.origin[row], place] = graph.state.strength[row]
            relation[network.origin[row], place] = row
    return values, relation
