"""The same rankings written plainly, with networkx and loops: slow, independent of the arrays, for comparison only."""

from itertools import groupby
from math import atanh, fsum, prod, tanh

import networkx as nx

from factors.evidence import EVIDENCE_TYPES, Record, convert
from factors.ranking import Model, Parameters

Pair = tuple[str, str]


def pairs(model: Model) -> dict[Pair, list[Record]]:
    def key(record: Record) -> Pair:
        return record.origin, record.target

    records = sorted((record for record in model.records if record.origin != record.target), key=key)
    return {pair: list(group) for pair, group in groupby(records, key=key)}


def is_found(records: list[Record]) -> bool:
    said = [record.significant for record in records if record.evidence_type == "meta-analysis"]
    return True in said or False not in said


def strength(records: list[Record], parameters: Parameters) -> float:
    scale = parameters.scale
    if not is_found(records):
        return 0.0
    if scale.mode == "count":
        return 1.0
    size = scale.r_missing
    for tier in EVIDENCE_TYPES:
        sizes = [
            atanh(convert(record.measure, record.effect).size) * (1 if record.sign == "+" else -1)
            for record in records
            if record.evidence_type == tier and record.effect is not None
        ]
        if sizes:
            size = abs(tanh(fsum(sizes) / len(sizes)))
            break
    best = min(EVIDENCE_TYPES.index(record.evidence_type) for record in records)
    quality = dict(scale.quality)[EVIDENCE_TYPES[best]] if scale.mode == "graded-quality" else 1.0
    return min(1.0, size / scale.r_ref) * quality


def graphs(model: Model, parameters: Parameters) -> tuple[nx.DiGraph, nx.DiGraph, nx.DiGraph]:
    """A (to goals), W (influence) and Q (any direction)."""
    to_goals, influence, either = nx.DiGraph(), nx.DiGraph(), nx.DiGraph()
    for graph in (to_goals, influence, either):
        graph.add_nodes_from([factor.code for factor in model.factors])
    for (origin, target), records in pairs(model).items():
        s = strength(records, parameters)
        if target in model.goals:
            to_goals.add_edge(origin, target, s=s)
        elif s > 0:
            directed = any(record.causal or record.sequence for record in records)
            _raise(influence, origin, target, s)
            if not directed and parameters.undirected == "both-ends":
                _raise(influence, target, origin, s)
            _raise(either, origin, target, s)
            _raise(either, target, origin, s)
    return to_goals, influence, either


def _raise(graph: nx.DiGraph, origin: str, target: str, s: float) -> None:
    before = graph.edges[origin, target]["s"] if graph.has_edge(origin, target) else 0.0
    graph.add_edge(origin, target, s=max(before, s))


def best_paths(graph: nx.DiGraph, parameters: Parameters) -> dict[Pair, float]:
    """V, by trying every simple path."""
    best: dict[Pair, float] = {}
    for origin in graph:
        for target in set(graph) - {origin}:
            for path in nx.all_simple_edge_paths(graph, origin, target, cutoff=parameters.depth):
                value = prod(graph.edges[edge]["s"] for edge in path)
                value *= (parameters.damping or 1.0) ** (len(path) - 1)
                best[origin, target] = max(best.get((origin, target), 0.0), value)
    return best


def scores(model: Model, parameters: Parameters, goals: dict[str, float]) -> dict[str, float]:
    """Score per factor; 0 when the gate fails. goals: weight per goal."""
    chosen = {goal: weight for goal, weight in goals.items() if weight > 0}
    u = {goal: weight * len(chosen) / sum(chosen.values()) for goal, weight in chosen.items()}
    to_goals, influence, either = graphs(model, parameters)
    x = {
        code: sum(u.get(goal, 0) * edge["s"] for _, goal, edge in to_goals.out_edges(code, data=True))
        for code in influence
    }
    if parameters.method == "rip-2019":
        return _rip(model, parameters, x, influence)
    return _five(model, parameters, u, x, influence if parameters.network == "out" else either)


def _rip(model: Model, parameters: Parameters, x: dict[str, float], influence: nx.DiGraph) -> dict[str, float]:
    paths, weights = best_paths(influence, parameters), dict(parameters.weights)
    found = {}
    for factor in model.factors:
        reach = sum(value for (origin, _), value in paths.items() if origin == factor.code)
        p = factor.prevalence
        share = parameters.p_missing if p is None else p if factor.kind == "risk" else 1 - p
        tied = x[factor.code] > 0 or any(x[other] > 0 for other in influence.successors(factor.code))
        score = (
            weights["relevance"] * x[factor.code] / (x[factor.code] + parameters.half_points_goals)
            + weights["impact"] * reach / (reach + parameters.half_points_factors)
            + weights["prevalence"] * share
        )
        found[factor.code] = score if tied else 0.0
    return found


def _five(
    model: Model, parameters: Parameters, u: dict[str, float], x: dict[str, float], walked: nx.DiGraph
) -> dict[str, float]:
    paths, weights = best_paths(walked, parameters), dict(parameters.weights)
    e1 = {code: amount / (amount + parameters.half_points_goals) for code, amount in x.items()}
    found = {}
    for code in x:
        reach = sum(value * e1[target] for (origin, target), value in paths.items() if origin == code)
        elements = {"goals": e1[code], "network": reach / (reach + parameters.half_points_factors)}
        told = [
            records
            for (origin, target), records in pairs(model).items()
            if origin == code and is_found(records) and (target in u or x.get(target, 0) > 0)
        ]
        counts = {
            "causal": sum(any(record.causal for record in records) for records in told),
            "sequence": sum(any(record.sequence for record in records) for records in told),
            "significant": sum(
                any(record.significant and record.evidence_type == "meta-analysis" for record in records)
                for records in told
            ),
        }
        for name, n in counts.items():
            elements[name] = float(n > 0) if parameters.whether == "binary" else 1 - 0.5**n
        passes = elements["goals"] > 0 or elements["network"] > 0
        found[code] = sum(weights[name] * value for name, value in elements.items()) if passes else 0.0
    return found
