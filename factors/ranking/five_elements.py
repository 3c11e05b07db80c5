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
    parameters, state = graph.parameters, graph.state
    goals = saturate(graph.goal_sum, parameters.half_points_goals)
    reach, relevant = graph.path_sum(goals), _relevant(graph)
    elements = [
        Element("goals", graph.goal_sum, goals, "goals"),
        Element("network", reach, saturate(reach, parameters.half_points_factors), "paths", worth=goals),
        _whether("causal", graph, relevant & state.causal),
        _whether("sequence", graph, relevant & state.sequence),
        _whether("significant", graph, relevant & graph.in_columns(graph.network.significant)),
    ]
    named = dict(parameters.weights)
    weights = [named[element.name] for element in elements]
    if local and local.weight > 0:
        elements.append(share_element("local", graph) if local.form == "prevalence" else gap_element(graph, local))
        weights.append(local.weight)
    return Scored(tuple(elements), (graph.goal_sum > 0) | (reach > 0), tuple(weights))


def _relevant(graph: Graph) -> Flags:
    """Relations that end at a selected goal or at a tied factor."""
    tied = graph.tied
    if tied.ndim > 1 and bool((tied == tied[:, :1]).all()):
        tied = tied[:, :1]  # the same in every draw, as almost always
    return graph.in_columns(graph.selected) | (
        graph.in_columns(graph.frame.between) & tied.take(graph.frame.end, axis=0)
    )


def _whether(name: str, graph: Graph, qualifying: Flags) -> Element:
    """Is there such a relation from here; extended: 1 - 2^-n. Only active relations are marked in any way."""
    count = graph.count_from(qualifying)
    value = np.minimum(count, 1.0) if graph.parameters.whether == "binary" else 1.0 - np.exp2(-count)
    return Element(name, count, value, "relations", qualifying=qualifying)
