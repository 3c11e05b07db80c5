"""The smallest change of element weights that lets another factor reach number 1 (ranking.md §2.8).

A score is linear in the weights, so where two scores meet is a plane, and the nearest point of it among the weights
(none negative, adding up to 1) is a linear programme for the sum of changes (L1) and a projection for their length
(L2). Both are exact; the new weights are put to the proof by scoring again.
"""

from dataclasses import dataclass, replace
from math import fsum, sqrt
from typing import Literal

import numpy as np
from scipy.optimize import linprog  # type: ignore[import-untyped]

from factors.ranking.model import EmptySelection, LocalData, Selection
from factors.ranking.network import Floats, Network
from factors.ranking.parameters import Parameters
from factors.ranking.ranks import keys
from factors.ranking.scoring import score

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
    challengers: int | None = 20,
) -> WeightFlips:
    """The smallest changes for the highest `challengers` below rank 1 (None: for all ranked factors listed).

    Raises EmptySelection when nobody is ranked, and what `score` raises.
    """
    within = network.within(selection.keeps) if selection.mode == "induced" else network
    scores = score(within, parameters=parameters, selection=selection, local=local)
    codes = [factor.code for factor in within.factors]
    listed = [row for row in np.flatnonzero(scores.ranked).tolist() if selection.keeps(within.factors[row])]
    if not listed:
        raise EmptySelection("no factor is ranked")
    key = keys(scores.score, parameters.rank_digits)
    order = sorted(listed, key=lambda row: (-key[row], codes[row]))
    first = order[0]
    leaders = [row for row in order if key[row] == key[first]]
    values = np.stack([element.value for element in scores.elements], axis=1)
    names, weights = tuple(element.name for element in scores.elements), np.array(scores.weights)

    def prove(norm: Norm, found: Floats | None, row: int) -> Change | None:
        if found is None:
            return None
        again = dict(zip(names, found.tolist(), strict=True))
        new, newly_local = _with_weights(parameters, again, local)
        proof = score(within, parameters=new, selection=selection, local=newly_local)
        moved = np.abs(found - weights)
        distance = fsum(moved) if norm == "l1" else sqrt(fsum(moved**2))
        return Change(norm, distance, tuple(again.items()), float(proof.score[first]), float(proof.score[row]))

    challenges = tuple(
        Challenge(
            codes[row],
            prove("l1", nearest_l1(weights, values[row] - values[first]), row),
            prove("l2", nearest_l2(weights, values[row] - values[first]), row),
        )
        for row in [row for row in order if row not in leaders][:challengers]
    )
    return WeightFlips(
        leader=codes[first],
        leaders=tuple(codes[row] for row in leaders),
        weights=tuple(zip(names, weights.tolist(), strict=True)),
        challenges=tuple(sorted(challenges, key=lambda c: (c.l1.distance if c.l1 else np.inf, c.challenger))),
        nearest_l1=min(((c.l1.distance, c.challenger) for c in challenges if c.l1), default=(0, None))[1],
        nearest_l2=min(((c.l2.distance, c.challenger) for c in challenges if c.l2), default=(0, None))[1],
    )


def _with_weights(
    parameters: Parameters, weights: dict[str, float], local: LocalData | None
) -> tuple[Parameters, LocalData | None]:
    """The same with other element weights; that of local data lies with the data."""
    own = tuple((name, weights[name]) for name, _ in parameters.weights)
    if local and "local" in weights:
        local = replace(local, weight=weights["local"])
    return replace(parameters, weights=own), local


def nearest_l1(weights: Floats, gain: Floats) -> Floats | None:
    """Weights v >= 0 with sum 1 and gain . v >= 0 that minimise the sum of |v - weights|; None when there are none.

    gain: per element, challenger minus leader. Of several solutions, the solver's (always the same one).
    """
    size = len(weights)
    unit, nothing = np.eye(size), np.zeros((1, size))
    found = linprog(
        np.concatenate([np.zeros(size), np.ones(size)]),  # the second half bounds |v - weights| from above
        A_ub=np.block([[unit, -unit], [-unit, -unit], [-gain[None, :], nothing]]),
        b_ub=np.concatenate([weights, -weights, [0.0]]),
        A_eq=np.concatenate([np.ones((1, size)), nothing], axis=1),
        b_eq=[1.0],
        method="highs",
    )
    return _cleaned(found.x[:size]) if found.status == 0 else None


def nearest_l2(weights: Floats, gain: Floats) -> Floats | None:
    """The same for the length of v - weights: the projection on the plane gain . v = 0 within the simplex.

    Elements that the projection would make negative are held at 0. With so few of them every set to hold is tried,
    and the nearest that fits is the projection.
    """
    if gain.max() < 0:
        return None
    best: tuple[float, Floats] | None = None
    for held in range(2 ** len(weights) - 1):
        free = np.array([not held >> place & 1 for place in range(len(weights))])
        found = _on_plane(weights, gain, free)
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
