"""The smallest change of element weights that lets another factor reach number 1 (ranking.md §2.8).

A score is linear in the weights, so where two scores meet is a plane, and the nearest point of it among the weights
(none negative, adding up to 1) is a linear programme for the sum of changes (L1) and a projection for their length
(L2). Both are solved exactly; the new weights are put to the proof by scoring again.
"""

from dataclasses import dataclass, replace
from math import fsum, inf, sqrt
from typing import Literal

import numpy as np

from factors.ranking.graph import check_figures
from factors.ranking.model import EmptySelection, LocalData, Selection
from factors.ranking.network import Floats, Network
from factors.ranking.parameters import Parameters
from factors.ranking.ranks import keys
from factors.ranking.scoring import Scores, score

Norm = Literal["l1", "l2"]


@dataclass(frozen=True, slots=True)
class Change:
    """New weights, adding up to 1, and how far they lie from the old ones: l1 the sum of changes, l2 their length.

    leader_score, challenger_score: scored anew with these weights; equal but for rounding.
    """

    norm: Norm
    distance: float
    weights: tuple[tuple[str, float], ...]
    leader_score: float
    challenger_score: float


@dataclass(frozen=True, slots=True)
class Challenge:
    """What it takes for one factor to reach the leader. Both None: no weights do it."""

    challenger: str
    l1: Change | None
    l2: Change | None


@dataclass(frozen=True, slots=True)
class WeightFlips:
    """leaders: all on rank 1. With several, they share it already: nothing has to change.

    leader: the one compared with, first by code. challenges: the other ranked factors listed, nearest first by l1,
    then code. nearest_l1, nearest_l2: codes of who needs least; None when nobody can reach the leader.
    """

    leader: str
    leaders: tuple[str, ...]
    weights: tuple[tuple[str, float], ...]
    challenges: tuple[Challenge, ...]
    nearest_l1: str | None
    nearest_l2: str | None


def weight_flips(
    network: Network,
    *,
    parameters: Parameters,
    selection: Selection,
    local: LocalData | None = None,
    challengers: int | None = None,
) -> WeightFlips:
    """The smallest changes for all ranked factors listed, or the highest `challengers` of those below rank 1.

    Raises EmptySelection when nobody is ranked, and what `score` raises.
    """
    check_figures(network, local)
    within = network.within(selection.keeps) if selection.mode == "induced" else network
    scores = score(within, parameters=parameters, selection=selection, local=local)
    order, leaders = _in_order(scores, selection)
    contest = _Contest(scores, parameters, selection, local, order[0])
    codes = [factor.code for factor in within.factors]
    found = [contest.challenge(row) for row in order[leaders:][:challengers]]
    return WeightFlips(
        leader=codes[order[0]],
        leaders=tuple(codes[row] for row in order[:leaders]),
        weights=tuple(zip(contest.names, scores.weights, strict=True)),
        challenges=tuple(sorted(found, key=lambda each: (each.l1.distance if each.l1 else inf, each.challenger))),
        nearest_l1=min(((each.l1.distance, each.challenger) for each in found if each.l1), default=(0, None))[1],
        nearest_l2=min(((each.l2.distance, each.challenger) for each in found if each.l2), default=(0, None))[1],
    )


def _in_order(scores: Scores, selection: Selection) -> tuple[list[int], int]:
    """Rows of the ranked factors listed, by rank and then code, and how many share rank 1. Raises EmptySelection."""
    factors = scores.graph.network.factors
    listed = [row for row in np.flatnonzero(scores.ranked).tolist() if selection.keeps(factors[row])]
    if not listed:
        raise EmptySelection("no factor is ranked")
    key = keys(scores.score, scores.graph.parameters.rank_digits)
    order = sorted(listed, key=lambda row: (-key[row], factors[row].code))
    return order, int((key[order] == key[order[0]]).sum())


@dataclass(frozen=True, slots=True, eq=False)
class _Contest:
    """One ranking and its leader, to be challenged."""

    scores: Scores
    parameters: Parameters
    selection: Selection
    local: LocalData | None
    leader: int

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(element.name for element in self.scores.elements)

    def challenge(self, row: int) -> Challenge:
        weights = np.array(self.scores.weights)
        gain = np.array([element.value[row] - element.value[self.leader] for element in self.scores.elements])
        l1, l2 = nearest_l1(weights, gain), nearest_l2(weights, gain)
        return Challenge(
            self.scores.graph.network.factors[row].code,
            None if l1 is None else self._proven("l1", l1, row),
            None if l2 is None else self._proven("l2", l2, row),
        )

    def _proven(self, norm: Norm, found: Floats, row: int) -> Change:
        """The change with both scores computed anew."""
        weights = dict(zip(self.names, found.tolist(), strict=True))
        parameters, local = _with_weights(self.parameters, weights, self.local)
        again = score(self.scores.graph.network, parameters=parameters, selection=self.selection, local=local).score
        moved = np.abs(found - self.scores.weights)
        distance = fsum(moved) if norm == "l1" else sqrt(fsum(moved**2))
        return Change(norm, distance, tuple(weights.items()), float(again[self.leader]), float(again[row]))


def _with_weights(
    parameters: Parameters, weights: dict[str, float], local: LocalData | None
) -> tuple[Parameters, LocalData | None]:
    """The same with other element weights; those of local data lie with the data."""
    own = tuple((name, weights[name]) for name, _ in parameters.weights)
    if local:
        local = replace(
            local,
            weight=weights.get("local", local.weight),
            partner_weight=weights.get("partners", local.partner_weight),
        )
    return replace(parameters, weights=own), local


def nearest_l1(weights: Floats, gain: Floats) -> Floats | None:
    """Weights v >= 0 with sum 1 and gain . v >= 0 that minimise the sum of |v - weights|; None when there are none.

    gain: per element, challenger minus leader. The linear programme has one row, so taking from where least is gained
    and giving all to where most is gained solves it (as in a fractional knapsack).
    """
    best = int(np.argmax(gain))
    if gain[best] < 0:
        return None
    found, short = weights.copy(), -float(gain @ weights)
    for place in np.argsort(gain, kind="stable").tolist():
        better = gain[best] - gain[place]
        if short <= 0 or better <= 0:
            break
        moved = min(weights[place], short / better)
        found[place] -= moved
        found[best] += moved
        short -= moved * better
    return _cleaned(found)


def nearest_l2(weights: Floats, gain: Floats) -> Floats | None:
    """The same for the length of v - weights: the projection on the plane gain . v = 0 within the simplex.

    When the projection makes elements negative some are held at 0: with so few of them every set to hold is tried,
    and the nearest point that fits is the projection.
    """
    if gain.max() < 0:
        return None
    best: tuple[float, Floats] | None = None
    for held in range(2 ** len(weights) - 1):
        free = np.array([not held >> place & 1 for place in range(len(weights))])
        found = _on_plane(weights, gain, free)
        if found is not None and held == 0:
            return found
        if found is not None:
            distance = float(np.sum((found - weights) ** 2))
            if best is None or distance < best[0] - 1e-15:
                best = distance, found
    return best[1] if best else None


def _on_plane(weights: Floats, gain: Floats, free: np.ndarray) -> Floats | None:
    """The point nearest to the weights with sum 1 and gain . v = 0 over the free elements, the others 0."""
    plane = np.stack([np.ones(int(free.sum())), gain[free]])
    short = np.array([1.0, 0.0]) - plane @ weights[free]
    moved = weights[free] + np.linalg.pinv(plane) @ short
    if np.abs(plane @ moved - [1.0, 0.0]).max() > 1e-9 or moved.min() < -1e-12:
        return None
    found = np.zeros(len(weights))
    found[free] = moved
    return _cleaned(found)


def _cleaned(found: Floats) -> Floats:
    """Without the rounding of the solver: no weight below 0, and all adding up to 1."""
    kept = np.maximum(found, 0.0)
    kept[kept < 1e-12] = 0.0
    cleaned: Floats = kept / fsum(kept)
    return cleaned
