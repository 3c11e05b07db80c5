"""five-elements-2023: goals, network, causal, sequence, significant; of one area a sixth and seventh (ranking.md §1.7).

Source: the description of the factor model by Impactpunt, 2023.
"""

import numpy as np

from factors.ranking.elements import Element, Scored, gap_element, partner_element, saturate, share_element
from factors.ranking.graph import Graph
from factors.ranking.model import LocalData
from factors.ranking.network import Flags


def five_elements_2023(graph: Graph, local: LocalData | None) -> Scored:
    """Score all factors on the five elements, and on the local ones that have a weight."""
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
    if local:
        elements += [_LOCAL[name](graph, local) for name in local.counting]
        weights += local.counting.values()
    return Scored(tuple(elements), (graph.goal_sum > 0) | (reach > 0), tuple(weights))


def _local(graph: Graph, local: LocalData) -> Element:
    return share_element("local", graph) if local.form == "prevalence" else gap_element(graph, local)


_LOCAL = {"local": _local, "partners": partner_element}


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
