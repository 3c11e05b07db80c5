"""What both methods read: A, W, Q and B of ranking.md §1.4-1.5 for one weighting of goals."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from factors.ranking.network import Flags, Floats, Network, totals
from factors.ranking.parameters import Parameters
from factors.ranking.paths import Arcs, Paths, arcs_of, best_paths


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """One network seen with one parameter set.

    Vectors over relations: strength, goal_amount, selected; over factors: goal_sum.
    goal_amount: weight of the goal times strength, 0 for relations between factors. selected: leads to a goal
    that weighs. influence is W, any_direction is Q, walked is B.
    """

    network: Network
    parameters: Parameters
    strength: Floats
    goal_amount: Floats
    selected: Flags
    goal_sum: Floats
    influence: Arcs
    any_direction: Arcs

    @property
    def tied(self) -> Flags:
        """Factors with a strength above 0 towards a selected goal."""
        return self.goal_sum > 0

    @property
    def walked(self) -> Arcs:
        return self.any_direction if self.parameters.network == "any-direction" else self.influence

    def paths(self) -> Iterator[Paths]:
        """V in blocks of origins, walked anew at each call: all paths of a large model take gigabytes."""
        return best_paths(self.walked, depth=self.parameters.depth, damping=self.parameters.damping)

    def path_sum(self, worth: Floats) -> Floats:
        """Per factor: sum over all other factors of the best path there times what being there is worth."""
        total = np.zeros(len(worth))
        for paths in self.paths():
            total += totals(paths.origin, paths.value * worth[paths.target], len(worth))
        return total

    def count_from(self, relations: Flags) -> Floats:
        """Per factor: how many of the marked relations start there."""
        return np.bincount(self.network.origin[relations], minlength=len(self.network.factors)).astype(np.float64)


def graph_of(network: Network, *, parameters: Parameters, goals: Mapping[str, float]) -> Graph:
    """goals: rescaled weight per goal code; goals not named weigh 0."""
    strength = network.strengths(parameters.scale)
    weights = np.array([goals.get(code, 0.0) for code in network.goals] or [0.0])
    weight = np.where(network.to_goal, weights[np.where(network.to_goal, network.target, 0)], 0.0)
    backwards = ~network.directed if parameters.undirected == "both-ends" else np.zeros_like(network.directed)
    return Graph(
        network=network,
        parameters=parameters,
        strength=strength,
        goal_amount=weight * strength,
        selected=weight > 0,
        goal_sum=totals(network.origin, weight * strength, len(network.factors)),
        influence=arcs_of(network, strength, backwards),
        any_direction=arcs_of(network, strength, np.ones_like(network.directed)),
    )
