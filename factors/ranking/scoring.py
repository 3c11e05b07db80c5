"""One score per factor: the one function behind every ranking, view, export and draw."""

import math
from dataclasses import dataclass

import numpy as np

from factors.ranking.elements import Element
from factors.ranking.five_elements import five_elements_2023
from factors.ranking.graph import Graph, graph_of
from factors.ranking.model import LocalData, Selection
from factors.ranking.network import Flags, Floats, Network
from factors.ranking.parameters import Parameters
from factors.ranking.rip2019 import rip_2019

_METHODS = {"rip-2019": rip_2019, "five-elements-2023": five_elements_2023}


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Scores of all factors of a network, (factors,) or (factors, draws); 0 where not ranked.

    weights: per element, adding up to 1 (also when the draws have weights of their own).
    """

    graph: Graph
    elements: tuple[Element, ...]
    weights: tuple[float, ...]
    ranked: Flags
    score: Floats


def score(network: Network, *, parameters: Parameters, selection: Selection, local: LocalData | None = None) -> Scores:
    """Score every factor of the network; of the selection only the goals matter here. Linear in relations.

    Raises UnknownGoal, InvalidWeight, AllWeightsZero, EmptySelection, GapNotInMethod.
    """
    goals = selection.rescaled_goals(network.goals)
    return score_graph(graph_of(network, parameters=parameters, goals=goals, local=local), local)


def score_graph(graph: Graph, local: LocalData | None) -> Scores:
    """Score a graph in any state: the ranking itself, or a number of draws at once. Raises GapNotInMethod."""
    scored = _METHODS[graph.parameters.method](graph, local)
    total = math.fsum(scored.weights)
    weights = tuple(weight / total for weight in scored.weights)
    summed = np.zeros(len(graph.network.factors) if graph.goal_sum.ndim == 1 else (len(graph.network.factors), 1))
    for weight, element in zip(weights, scored.elements, strict=True):
        summed = summed + (graph.state.weights[element.name] if graph.state.weights else weight) * element.value
    return Scores(graph, scored.elements, weights, scored.ranked, np.where(scored.ranked, summed, 0.0))
