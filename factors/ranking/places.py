"""From scores in draws to what can be said of each factor's place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factors.ranking.drawing import DoubtParameters
from factors.ranking.network import Flags, Floats
from factors.ranking.ranks import keys

TOP = 5
_UNPLACED = -1.0

Ranks = NDArray[Any]
"""Dense ranks as the smallest unsigned integers that hold them: (draws, factors)."""


@dataclass(frozen=True, slots=True)
class DoubtfulFactor:
    """Where a factor ends in the draws. Ranks are dense; low..high is the interval of the parameter set.

    sucra: 1 when always first, 0 when always last, mean 0.5.
    band: number from the top; factors in one band cannot be told apart.
    """

    code: str
    rank_median: int
    rank_low: int
    rank_high: int
    probability_top5: float
    sucra: float
    band: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """The listed factors that have a place in any draw, by sucra, then code. bands: their codes per band."""

    parameters: DoubtParameters
    draws: int
    seed: int
    factors: tuple[DoubtfulFactor, ...]
    bands: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """dense: ranks, (draws, factors); the unranked of a draw share the one after all others.

    Per factor over the draws: top: how often ranked among the first five; places: sum of the mean places of its
    group where ranked; unplaced: how often unranked; after: sum of the number of ranked factors in those draws.
    """

    dense: Ranks
    top: Floats
    places: Floats
    unplaced: Floats
    after: Floats


def rank_type(factors: int) -> type[np.unsignedinteger[Any]]:
    return np.uint16 if factors < 2**16 else np.uint32


def places_of(score: Floats, ranked: Flags, *, digits: int, draws: int) -> Places:
    """score, ranked: (factors, draws or 1). Unranked factors share the place after all others."""
    key = np.where(ranked, keys(score, digits), _UNPLACED).T
    key = np.ascontiguousarray(np.broadcast_to(key, (max(len(key), draws), key.shape[1]))[:draws])
    order = np.argsort(-key, axis=1)
    changes = np.diff(np.take_along_axis(key, order, axis=1), axis=1) != 0
    group = np.zeros(key.shape, dtype=np.int64)
    np.cumsum(changes, axis=1, out=group[:, 1:])
    dense, places = np.empty(key.shape, rank_type(key.shape[1])), np.empty(key.shape)
    np.put_along_axis(dense, order, (group + 1).astype(dense.dtype), axis=1)
    np.put_along_axis(places, order, _mean_places(changes), axis=1)
    placed = key != _UNPLACED
    in_draw = placed.sum(axis=1, keepdims=True)
    return Places(
        dense,
        top=(placed & (dense <= TOP)).sum(axis=0, dtype=np.float64),
        places=np.where(placed, places, 0.0).sum(axis=0),
        unplaced=(~placed).sum(axis=0, dtype=np.float64),
        after=np.where(placed, 0, in_draw).sum(axis=0, dtype=np.float64),
    )


def _mean_places(changes: Flags) -> Floats:
    """Per place in order, the mean of the places its group takes, from 1."""
    draws, factors = len(changes), changes.shape[1] + 1
    place = np.arange(1, factors + 1, dtype=np.float64)
    if changes.all():
        return np.broadcast_to(place, (draws, factors))
    first, last = np.zeros((2, draws, factors))
    first[:, 0], last[:, -1] = 1, factors
    first[:, 1:] = np.where(changes, place[1:], 0)
    last[:, :-1] = np.where(changes, place[:-1], factors)
    first = np.maximum.accumulate(first, axis=1)
    last = np.minimum.accumulate(last[:, ::-1], axis=1)[:, ::-1]
    return (first + last) / 2


def tell(codes: Sequence[str], parts: Sequence[Places], doubts: DoubtParameters, seed: int) -> Doubt:
    """codes: of the factors in the columns of the parts. Those never ranked are left out."""
    unplaced = _sum(part.unplaced for part in parts)
    ranks = np.concatenate([part.dense for part in parts])
    draws, ever = len(ranks), np.flatnonzero(unplaced < len(ranks))
    codes, ranks, factors = [codes[column] for column in ever.tolist()], ranks[:, ever], len(ever)
    # in a draw where it is unranked a factor has the mean of the places that are left
    left = _sum(part.after for part in parts) + unplaced * (1 + factors)
    places = ((_sum(part.places for part in parts) + left / 2) / draws)[ever]
    ordered = np.sort(np.ascontiguousarray(ranks.T), axis=1, kind="stable")
    tail = (1 - doubts.interval) / 2
    low, median, high = (ordered[:, _at(share, draws)].tolist() for share in (tail, 0.5, 1 - tail))
    top = (_sum(part.top for part in parts) / draws)[ever].tolist()
    sucra = ((factors - places) / max(1, factors - 1)).tolist() if factors > 1 else [1.0] * factors
    order = sorted(range(factors), key=lambda column: (-sucra[column], codes[column]))
    bands = _bands(order, ranks, doubts.certain_from)
    told = tuple(
        DoubtfulFactor(
            code=codes[column],
            rank_median=median[column],
            rank_low=low[column],
            rank_high=high[column],
            probability_top5=top[column],
            sucra=sucra[column],
            band=band,
        )
        for column, band in zip(order, bands, strict=True)
    )
    grouped = groupby(told, key=lambda factor: factor.band)
    return Doubt(doubts, draws, seed, told, tuple(tuple(factor.code for factor in band) for _, band in grouped))


def _sum(parts: Iterable[Floats]) -> Floats:
    return np.sum(list(parts), axis=0)


def _at(share: float, draws: int) -> int:
    """Position of a quantile in a sorted row: the smallest value that this share of the draws does not exceed."""
    return min(draws - 1, max(0, int(np.ceil(round(share * draws, 9))) - 1))


def _bands(order: Sequence[int], ranks: Ranks, certain_from: float) -> list[int]:
    """Band per factor in order, from the top: the first of a band is told apart from none of the others in it.

    A factor joins the band as long as the first of the band is not above it in `certain_from` of the draws;
    otherwise it opens the next band. Bands do not overlap, so belonging together is transitive, which a comparison
    of all pairs is not. The rule is our choice; the chance that one stands above another is what Rücker & Schwarzer
    (2015) average in the P-score.
    """
    bands: list[int] = []
    first = -1
    for column in order:
        if not bands or np.mean(ranks[:, first] < ranks[:, column]) >= certain_from:
            first = column
            bands.append(bands[-1] + 1 if bands else 1)
        else:
            bands.append(bands[-1])
    return bands
