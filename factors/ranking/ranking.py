"""From scores to a ranking: who is listed, on which place, and why."""

from collections.abc import Iterable

import numpy as np

from factors.ranking.explanation import explain
from factors.ranking.graph import check_figures
from factors.ranking.lever import levers
from factors.ranking.model import EmptySelection, LocalData, Selection
from factors.ranking.network import Ints, Network
from factors.ranking.orderings import alternatives
from factors.ranking.parameters import Parameters
from factors.ranking.ranks import competition_ranks, dense_ranks, keys
from factors.ranking.result import ElementPoints, RankedFactor, Ranking, UnrankedFactor, UnrankedReason
from factors.ranking.scoring import Scores, score


def rank(network: Network, *, parameters: Parameters, selection: Selection, local: LocalData | None = None) -> Ranking:
    """Rank the selected factors with one parameter set, with points per element and term.

    Raises UnknownGoal, InvalidWeight, AllWeightsZero, EmptySelection, UnknownCode (a figure of no factor),
    GapNotInMethod, PartnersNotInMethod.
    Source: ranking.md §1.
    """
    check_figures(network, local)
    within = network.within(selection.keeps) if selection.mode == "induced" else network
    listed = np.flatnonzero([selection.keeps(factor) for factor in within.factors])
    if not len(listed):
        raise EmptySelection("no factor left")
    scores = score(within, parameters=parameters, selection=selection, local=local)
    placed = _in_order(scores, listed)
    used = local if local and (parameters.method == "rip-2019" or local.counting) else None
    orderings, agreements = alternatives(scores, placed) if parameters.method == "rip-2019" else ((), ())
    return Ranking(
        parameters=parameters,
        mode=selection.mode,
        goals=tuple(selection.rescaled_goals(network.goals).items()),
        life_phases=tuple(sorted(set(selection.life_phases))),
        life_domains=tuple(sorted(set(selection.life_domains))),
        kinds=tuple(sorted(set(selection.kinds))),
        area=used.area if used else None,
        with_local_data=used is not None,
        factors=_ranked(scores, placed, used),
        unranked=_unranked(scores, listed),
        leader_is_most_connected=_leader_is_most_connected(scores, listed, placed),
        orderings=orderings,
        agreements=agreements,
    )


def _in_order(scores: Scores, listed: Ints) -> Ints:
    """The ranked among the listed rows, by key and then by code (rows are in order of code)."""
    ranked = listed[scores.ranked[listed]]
    order = np.argsort(-keys(scores.score[ranked], scores.graph.parameters.rank_digits), kind="stable")
    return ranked[order]


def _ranked(scores: Scores, placed: Ints, local: LocalData | None) -> tuple[RankedFactor, ...]:
    key = keys(scores.score[placed], scores.graph.parameters.rank_digits)
    dense, competition = dense_ranks(key).tolist(), competition_ranks(key).tolist()
    lever, told = levers(scores.graph), explain(scores, placed)
    connections = scores.graph.any_direction.degrees.tolist()
    missing = _missing(scores, local)
    return tuple(
        RankedFactor(
            code=(code := scores.graph.network.factors[row].code),
            score=float(scores.score[row]),
            dense_rank=dense[place],
            competition_rank=competition[place],
            lever=lever[row],
            connections=connections[row],
            score_range=_score_range(scores, row),
            flags=_flags(scores, row, told[row], [flag for flag, known in missing.items() if code not in known]),
            elements=told[row],
        )
        for place, row in enumerate(placed.tolist())
    )


def _score_range(scores: Scores, row: int) -> tuple[float, float] | None:
    """S(P=0)..S(P=1) when the prevalence that counts is unknown."""
    for weight, element in zip(scores.weights, scores.elements, strict=True):
        if element.assumed is not None and element.assumed[row]:
            without = float(scores.score[row] - weight * element.value[row])
            return (max(0.0, without), min(1.0, without + weight))
    return None


def _missing(scores: Scores, local: LocalData | None) -> dict[str, frozenset[str]]:
    """Flag → codes of the factors that have the local figure it speaks of, for the figures that count here."""
    names = {element.name for element in scores.elements}
    found: dict[str, frozenset[str]] = {}
    if local and names & {"local", "prevalence"}:
        found["local-figure-missing"] = local.complete
    if local and "partners" in names:
        found["partner-figure-missing"] = frozenset(each.factor for each in local.partners)
    return found


def _flags(scores: Scores, row: int, elements: tuple[ElementPoints, ...], missing: Iterable[str]) -> tuple[str, ...]:
    flags = {flag for element in elements for term in element.terms for flag in term.flags} | set(missing)
    if any(element.assumed is not None and element.assumed[row] for element in scores.elements):
        flags.add("prevalence-missing")
    return tuple(sorted(flags))


def _unranked(scores: Scores, listed: Ints) -> tuple[UnrankedFactor, ...]:
    network, connections = scores.graph.network, scores.graph.any_direction.degrees.tolist()
    touched, active = np.zeros((2, len(network.factors)), dtype=np.bool_)
    ends = ((network.origin, slice(None)), (network.target, ~network.to_goal))
    for rows, which in ends:
        touched[rows[which]] = True
        active[rows[which][network.active[which]]] = True
    return tuple(
        UnrankedFactor(network.factors[row].code, _reason(bool(touched[row]), bool(active[row])), connections[row])
        for row in listed[~scores.ranked[listed]].tolist()
    )


def _reason(touched: bool, active: bool) -> UnrankedReason:
    if not touched:
        return "no-relations"
    return "not-tied" if active else "tested-not-found"


def _leader_is_most_connected(scores: Scores, listed: Ints, placed: Ints) -> bool | None:
    if not len(placed):
        return None
    connections = scores.graph.any_direction.degrees
    key = keys(scores.score[placed], scores.graph.parameters.rank_digits)
    return bool(connections[placed[key == key[0]]].max() == connections[listed].max())
