"""How each score came about: points per element and term, adding up to the score (ranking.md §1.8).

A scaled sum w*h(x) is divided over its terms in proportion t/x, which is the Aumann-Shapley value of a
function of a sum; an element that asks whether relations exist is divided equally over them, the Shapley
value of OR.
"""

import numpy as np

from factors.ranking.elements import Element
from factors.ranking.graph import Graph
from factors.ranking.lever import path_signs
from factors.ranking.network import Floats, Ints
from factors.ranking.paths import Paths
from factors.ranking.result import ElementPoints, Term
from factors.ranking.scoring import Scores


def explain(scores: Scores, listed: Ints) -> dict[int, tuple[ElementPoints, ...]]:
    """Elements with their terms for the ranked factors among the listed rows."""
    wanted = np.zeros(len(scores.score), dtype=np.bool_)
    wanted[listed] = True
    wanted &= scores.ranked
    told: dict[int, tuple[ElementPoints, ...]] = {}
    for paths in scores.graph.paths():
        signs = path_signs(scores.graph, paths)
        told |= {
            row: _factor(scores, row, paths, signs) for row in np.unique(paths.origin[wanted[paths.origin]]).tolist()
        }
    nowhere = Paths(*(np.zeros(0, dtype=np.int64),) * 2, np.zeros(0), np.zeros((0, 1), dtype=np.int64))
    rest = (row for row in np.flatnonzero(wanted).tolist() if row not in told)
    return told | {row: _factor(scores, row, nowhere, np.zeros(0)) for row in rest}


def _factor(scores: Scores, row: int, paths: Paths, signs: Floats) -> tuple[ElementPoints, ...]:
    explained = []
    for weight, element in zip(scores.weights, scores.elements, strict=True):
        raw, value = float(element.raw[row]), float(element.value[row])
        points = weight * value
        terms = _terms(scores.graph, element, row, points, paths, signs) if points > 0 else ()
        explained.append(ElementPoints(element.name, weight, raw, value, points, terms))
    return tuple(explained)


def _terms(graph: Graph, element: Element, row: int, points: float, paths: Paths, signs: Floats) -> tuple[Term, ...]:
    if element.split == "figure":
        return (Term(None, (), 0, float(element.raw[row]), points),)
    if element.split == "paths":
        return _path_terms(graph, element, row, points, paths, signs)
    rows = slice(*np.searchsorted(graph.network.origin, [row, row + 1]))
    amounts = graph.goal_amount[rows] if element.qualifying is None else element.qualifying[rows].astype(np.float64)
    share = points / float(element.raw[row])
    return tuple(
        _relation_term(graph, rows.start + at, amount, amount * share)
        for at, amount in enumerate(amounts.tolist())
        if amount > 0
    )


def _relation_term(graph: Graph, relation: int, amount: float, points: float) -> Term:
    said = graph.network.relations[relation]
    return Term(said.target, ((said.origin, said.target),), said.sign, amount, points, said.flags)


def _path_terms(
    graph: Graph, element: Element, row: int, points: float, paths: Paths, signs: Floats
) -> tuple[Term, ...]:
    rows = slice(*np.searchsorted(paths.origin, [row, row + 1]))
    ends = paths.target[rows]
    worth = np.ones(len(ends)) if element.worth is None else element.worth[ends]
    amounts = (paths.value[rows] * worth).tolist()
    share = points / float(element.raw[row])
    return tuple(
        _path_term(graph, end, steps, sign, amount, amount * share)
        for end, steps, sign, amount in zip(
            ends.tolist(), paths.relations[rows].tolist(), signs[rows].tolist(), amounts, strict=True
        )
        if amount > 0
    )


def _path_term(graph: Graph, end: int, steps: list[int], sign: float, amount: float, points: float) -> Term:
    passed = [graph.network.relations[step] for step in steps if step >= 0]
    return Term(
        target=graph.network.factors[end].code,
        relations=tuple((relation.origin, relation.target) for relation in passed),
        sign=int(sign),
        amount=amount,
        points=points,
        flags=tuple(sorted({flag for relation in passed for flag in relation.flags})),
    )
