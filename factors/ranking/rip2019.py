"""rip-2019: relevance, impact, prevalence (ranking.md §1.6; Rotterdam method guide 2019, factsheet 2020)."""

from factors.ranking.elements import Element, Scored, saturate, share_element
from factors.ranking.graph import Graph
from factors.ranking.model import GapNotInMethod, LocalData, PartnersNotInMethod


def rip_2019(graph: Graph, local: LocalData | None) -> Scored:
    """Score all factors; a local share takes the place of the model's prevalence.

    Ranked: tied to a selected goal, or influencing a factor that is; prevalence alone never ranks.
    Raises GapNotInMethod, PartnersNotInMethod.
    """
    if local and local.form == "gap":
        raise GapNotInMethod("rip-2019 ranks on the prevalence itself")
    if local and local.partner_weight > 0:
        raise PartnersNotInMethod("rip-2019 has no element for partners' scores")
    parameters = graph.parameters
    reach = graph.path_sum(None)
    elements = (
        Element("relevance", graph.goal_sum, saturate(graph.goal_sum, parameters.half_points_goals), "goals"),
        Element("impact", reach, saturate(reach, parameters.half_points_factors), "paths"),
        share_element("prevalence", graph),
    )
    weights = dict(parameters.weights)
    ranked = graph.tied | graph.touches(graph.tied)
    return Scored(elements, ranked, tuple(weights[element.name] for element in elements))
