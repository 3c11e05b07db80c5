"""five-elements-2023: goals, network, causal, sequence, significant; local data as a sixth (ranking.md §1.7).

Source: the description of the factor model by Impactpunt, 2023.
"""

import numpy as np

from factors.ranking.elements import Element, Scored, gap_element, saturate, share_element
from factors.ranking.graph import Graph
from factors.ranking.model import LocalData
from factors.ranking.network import Flags


def five_elements_2023(graph: Graph, local: LocalData | None) -> Scored:
    """Score all factors on the five elements, and on the local one when it has a weight."""
    parameters, network = graph.parameters, graph.network
    goals = saturate(graph.goal_sum, parameters.half_points_goals)
    reach = graph.path_sum(goals)
    elements = [
        Element("goals", graph.goal_sum, goals, "goals"),
        Element("network", reach, saturate(reach, parameters.half_points_factors), "paths", worth=goals),
        _whether("causal", graph, network.causal),
        _whether("sequence", graph, network.sequence),
        _whether("significant", graph, network.significant),
    ]
    named = dict(parameters.weights)
    weights = [named[element.name] for element in elements]
    if local and local.weight > 0:
        complement = share_element if local.form == "prevalence" else gap_element
        elements.append(complement("local", network, parameters, local))
        weights.append(local.weight)
    return Scored(tuple(elements), (graph.goal_sum > 0) | (reach > 0), tuple(weights))


def _whether(name: str, graph: Graph, marked: Flags) -> Element:
    """Does such a relation start here and end at a selected goal or tied factor; extended: 1 - 2^-n."""
    network = graph.network
    relevant = graph.selected.copy()
    between = ~network.to_goal
    relevant[between] = graph.tied[network.target[between]]
    qualifying = relevant & marked  # only active relations are marked
    count = graph.count_from(qualifying)
    value = np.minimum(count, 1.0) if graph.parameters.whether == "binary" else 1.0 - np.exp2(-count)
    return Element(name, count, value, "relations", qualifying=qualifying)
