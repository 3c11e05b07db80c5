"""The same rankings written plainly with networkx and loops, and with networkx over scipy.

Slow and independent of our arrays: what we measure against, and what the tests compare with.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from math import atanh, fsum, prod, tanh

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from factors.evidence import EVIDENCE_TYPES, Record, convert
from factors.ranking import Factor, Model, Parameters

Pair = tuple[str, str]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Told:
    """What the records of one ordered pair say together; size: |rho|, None when no effect is known."""

    origin: str
    target: str
    to_goal: bool
    size: float | None
    best_type: str
    causal: bool
    sequence: bool
    significant: bool


@dataclass(frozen=True)
class Graphs:
    """told: every relation found, with strength s and flags; walked: the steps between factors that paths take."""

    told: nx.DiGraph
    walked: nx.DiGraph


def relations(model: Model) -> list[Told]:
    """All ordered pairs that were not tested in vain."""

    def key(record: Record) -> Pair:
        return record.origin, record.target

    goals = set(model.goals)
    records = sorted((record for record in model.records if record.origin != record.target), key=key)
    groups = ((pair, list(group)) for pair, group in groupby(records, key=key))
    return [_told(pair, group, pair[1] in goals) for pair, group in groups if _is_found(group)]


def _is_found(records: list[Record]) -> bool:
    said = [record.significant for record in records if record.evidence_type == "meta-analysis"]
    return True in said or False not in said


def _told(pair: Pair, records: list[Record], to_goal: bool) -> Told:
    size = None
    for tier in EVIDENCE_TYPES:
        sizes = [
            atanh(convert(record.measure or "", record.effect).size) * (1 if record.sign == "+" else -1)
            for record in records
            if record.evidence_type == tier and record.effect is not None
        ]
        if sizes:
            size = abs(tanh(fsum(sizes) / len(sizes)))
            break
    best = min(EVIDENCE_TYPES.index(record.evidence_type) for record in records)
    return Told(
        *pair,
        to_goal,
        size,
        EVIDENCE_TYPES[best],
        causal=any(record.causal for record in records),
        sequence=any(record.sequence for record in records),
        significant=any(r.significant and r.evidence_type == "meta-analysis" for r in records),
    )


def strength(told: Told, parameters: Parameters) -> float:
    scale = parameters.scale
    if scale.mode == "count":
        return 1.0
    size = scale.r_missing if told.size is None else told.size
    quality = dict(scale.quality)[told.best_type] if scale.mode == "graded-quality" else 1.0
    return min(1.0, size / scale.r_ref) * quality


def build(factors: Iterable[Factor], found: Iterable[Told], parameters: Parameters) -> Graphs:
    told, walked = nx.DiGraph(), nx.DiGraph()
    for factor in factors:
        told.add_node(factor.code, kind=factor.kind, prevalence=factor.prevalence)
        walked.add_node(factor.code)
    for each in found:
        s = strength(each, parameters)
        told.add_edge(
            each.origin,
            each.target,
            s=s,
            to_goal=each.to_goal,
            causal=each.causal,
            sequence=each.sequence,
            significant=each.significant,
        )
        if not each.to_goal and s > 0:
            _raise(walked, each.origin, each.target, s)
            undirected = not (each.causal or each.sequence)
            if parameters.network == "any-direction" or (undirected and parameters.undirected == "both-ends"):
                _raise(walked, each.target, each.origin, s)
    return Graphs(told, walked)


def _raise(graph: nx.DiGraph, origin: str, target: str, s: float) -> None:
    before = graph.edges[origin, target]["s"] if graph.has_edge(origin, target) else 0.0
    graph.add_edge(origin, target, s=max(before, s))


def every_simple_path(graph: nx.DiGraph, parameters: Parameters) -> dict[Pair, float]:
    """V, by trying every simple path: for small graphs only."""
    best: dict[Pair, float] = {}
    for origin in graph:
        for target in set(graph) - {origin}:
            for path in nx.all_simple_edge_paths(graph, origin, target, cutoff=parameters.depth):
                value = prod(graph.edges[edge]["s"] for edge in path)
                value *= (parameters.damping or 1.0) ** (len(path) - 1)
                best[origin, target] = max(best.get((origin, target), 0.0), value)
    return best


def best_paths(graph: nx.DiGraph, origin: str, parameters: Parameters) -> dict[str, float]:
    """V from one origin, step by step."""
    damping = parameters.damping or 1.0
    step = {target: data["s"] for target, data in graph.adj[origin].items()}
    best = dict(step)
    for _ in range(1, parameters.depth):
        further: dict[str, float] = {}
        for passed, value in step.items():
            for target, data in graph.adj[passed].items():
                reached = value * damping * data["s"]
                if target != origin and reached > further.get(target, 0.0):
                    further[target] = reached
        step = further
        for target, value in step.items():
            if value > best.get(target, 0.0):
                best[target] = value
    return best


def rescaled(goals: dict[str, float]) -> dict[str, float]:
    chosen = {goal: weight for goal, weight in goals.items() if weight > 0}
    return {goal: weight * len(chosen) / sum(chosen.values()) for goal, weight in chosen.items()}


def scores(model: Model, parameters: Parameters, goals: dict[str, float]) -> dict[str, float]:
    """Score per factor; 0 when the gate fails. goals: weight per goal."""
    return score(build(model.factors, relations(model), parameters), parameters, goals)


def score(graphs: Graphs, parameters: Parameters, goals: dict[str, float]) -> dict[str, float]:
    u = rescaled(goals)
    x = {
        code: sum(u.get(target, 0.0) * edge["s"] for target, edge in graphs.told.adj[code].items() if edge["to_goal"])
        for code in graphs.walked
    }
    return (_rip if parameters.method == "rip-2019" else _five)(graphs, parameters, u, x)


def _rip(graphs: Graphs, parameters: Parameters, u: dict[str, float], x: dict[str, float]) -> dict[str, float]:
    weights, found = dict(parameters.weights), {}
    for code, amount in x.items():
        reach = sum(best_paths(graphs.walked, code, parameters).values())
        factor = graphs.told.nodes[code]
        p = factor["prevalence"]
        share = parameters.p_missing if p is None else p if factor["kind"] == "risk" else 1 - p
        tied = amount > 0 or any(x[other] > 0 for other in graphs.walked.adj[code])
        total = (
            weights["relevance"] * amount / (amount + parameters.half_points_goals)
            + weights["impact"] * reach / (reach + parameters.half_points_factors)
            + weights["prevalence"] * share
        )
        found[code] = total if tied else 0.0
    return found


def _five(graphs: Graphs, parameters: Parameters, u: dict[str, float], x: dict[str, float]) -> dict[str, float]:
    weights, found = dict(parameters.weights), {}
    e1 = {code: amount / (amount + parameters.half_points_goals) for code, amount in x.items()}
    for code in x:
        reach = sum(value * e1[target] for target, value in best_paths(graphs.walked, code, parameters).items())
        elements = {"goals": e1[code], "network": reach / (reach + parameters.half_points_factors)}
        relevant = [edge for target, edge in graphs.told.adj[code].items() if target in u or x.get(target, 0) > 0]
        for name in ("causal", "sequence", "significant"):
            n = sum(edge[name] for edge in relevant)
            elements[name] = float(n > 0) if parameters.whether == "binary" else 1 - 0.5**n
        passes = elements["goals"] > 0 or elements["network"] > 0
        found[code] = sum(weights[name] * value for name, value in elements.items()) if passes else 0.0
    return found


def score_over_scipy(graphs: Graphs, parameters: Parameters, goals: dict[str, float]) -> dict[str, float]:
    """The same from a networkx graph in memory, through its own conversion to scipy matrices. One-step paths only."""
    factors, u = list(graphs.walked), rescaled(goals)
    everything = factors + [node for node in graphs.told if node not in graphs.walked]
    n = len(factors)

    def matrix(name: str) -> nx.DiGraph:
        return nx.to_scipy_sparse_array(graphs.told, everything, weight=name, dtype=float, format="csr")[:n]

    weight = np.array([0.0] * n + [u.get(node, 0.0) for node in everything[n:]])
    x = matrix("s") @ weight
    walked = nx.to_scipy_sparse_array(graphs.walked, factors, weight="s", dtype=float, format="csr")
    weights = dict(parameters.weights)
    if parameters.method == "rip-2019":
        total, passes = _rip_over_scipy(graphs, parameters, x, walked)
    else:
        e1 = x / (x + parameters.half_points_goals)
        reach = walked @ e1
        total = weights["goals"] * e1 + weights["network"] * reach / (reach + parameters.half_points_factors)
        relevant = np.concatenate([x > 0, weight[n:] > 0]).astype(float)
        for name in ("causal", "sequence", "significant"):
            total = total + weights[name] * np.minimum(matrix(name) @ relevant, 1.0)
        passes = (x > 0) | (reach > 0)
    return dict(zip(factors, np.where(passes, total, 0.0).tolist(), strict=True))


def _rip_over_scipy(graphs: Graphs, parameters: Parameters, x: Floats, walked: nx.DiGraph) -> tuple[Floats, Floats]:
    weights, reach = dict(parameters.weights), walked @ np.ones(len(x))
    said = [graphs.told.nodes[code] for code in graphs.walked]
    share = np.array([np.nan if node["prevalence"] is None else node["prevalence"] for node in said])
    share = np.where([node["kind"] == "risk" for node in said], share, 1 - share)
    total = (
        weights["relevance"] * x / (x + parameters.half_points_goals)
        + weights["impact"] * reach / (reach + parameters.half_points_factors)
        + weights["prevalence"] * np.where(np.isnan(share), parameters.p_missing, share)
    )
    return total, (x > 0) | (walked @ (x > 0).astype(float) > 0)


def dense_ranks(found: dict[str, float], digits: int) -> dict[str, int]:
    keys = {code: round(value, digits) for code, value in found.items() if value > 0}
    place = {key: rank for rank, key in enumerate(sorted(set(keys.values()), reverse=True), 1)}
    return {code: place[key] for code, key in keys.items()}
