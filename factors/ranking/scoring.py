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
    """Scores of all factors of a network. weights: per element, adding up to 1; score: 0 where not ranked."""

    graph: Graph
    elements: tuple[Element, ...]
    weights: tuple[float, ...]
    ranked: Flags
    score: Floats


def score(network: Network, *, parameters: Parameters, selection: Selection, local: LocalData | None = None) -> Scores:
    """Score every factor of the network; of the selection only the goals matter here. Linear in relations.

    Raises UnknownGoal, InvalidWeight, AllWeightsZero, EmptySelection, GapNotInMethod.
    """
    graph = graph_of(network, parameters=parameters, goals=selection.rescaled_goals(network.goals))
    scored = _METHODS[parameters.method](graph, local)
    total = math.fsum(scored.weights)
    weights = tuple(weight / total for weight in scored.weights)
    summed = np.zeros(len(network.factors))
    for weight, element in zip(weights, scored.elements, strict=True):
        summed += weight * element.value
    return Scores(graph, scored.elements, weights, scored.ranked, np.where(scored.ranked, summed, 0.0))
