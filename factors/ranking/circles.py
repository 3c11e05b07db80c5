"""Vicious and virtuous circles: factors that influence each other all the way round (ranking.md §1.5)."""

from dataclasses import dataclass
from typing import Literal

import networkx as nx

from factors.ranking.network import Network

CircleKind = Literal["vicious", "virtuous", "balancing", "mixed"]


@dataclass(frozen=True, slots=True)
class Circle:
    """Factors that all lead to each other, and the relations between them, as (from, to, sign).

    kind, by the product of the signs around each loop: when all products are plus a change comes back stronger: vicious
    with a risk factor in it, virtuous with none (our choice: whatever comes round, it can be turned both ways);
    balancing: one loop, product minus, so that a change dampens itself; mixed: loops of both kinds, or a sign unknown.
    """

    factors: tuple[str, ...]
    relations: tuple[tuple[str, str, int], ...]
    kind: CircleKind


def circles(network: Network) -> tuple[Circle, ...]:
    """Strongly connected components of two factors or more over active relations, largest first, then by code."""
    graph = nx.DiGraph()
    for relation in network.relations:
        if relation.active and not relation.to_goal:
            graph.add_edge(relation.origin, relation.target, sign=relation.sign)
    risks = {factor.code for factor in network.factors if factor.kind == "risk"}
    found = [component for component in nx.strongly_connected_components(graph) if len(component) > 1]
    return tuple(
        _circle(graph.subgraph(codes), bool(codes & risks)) for codes in sorted(found, key=lambda c: (-len(c), min(c)))
    )


def _circle(graph: nx.DiGraph, risky: bool) -> Circle:
    relations = tuple(sorted((origin, target, sign) for origin, target, sign in graph.edges(data="sign")))
    return Circle(tuple(sorted(graph)), relations, _kind(graph, risky))


def _kind(graph: nx.DiGraph, risky: bool) -> CircleKind:
    if not all(sign for _, _, sign in graph.edges(data="sign")):
        return "mixed"
    if _all_loops_reinforce(graph):
        return "vicious" if risky else "virtuous"
    return "balancing" if graph.number_of_edges() == graph.number_of_nodes() else "mixed"


def _all_loops_reinforce(graph: nx.DiGraph) -> bool:
    """Harary's balance: the factors fall into two sides, plus within a side and minus between.

    Then, and in a strongly connected graph only then, the signs of every loop multiply to plus.
    """
    first = min(graph)
    side = {first: 1}
    for origin, target in nx.bfs_edges(graph, first, sort_neighbors=sorted):
        side[target] = side[origin] * graph.edges[origin, target]["sign"]
    return all(side[origin] * side[target] == sign for origin, target, sign in graph.edges(data="sign"))
