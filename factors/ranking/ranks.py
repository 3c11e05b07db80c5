"""Ranks with ties (ranking.md §1.8). Scores are rounded first: a tolerance per pair is not transitive."""

import numpy as np
from numpy.typing import ArrayLike

from factors.ranking.network import Floats, Ints


def keys(scores: Floats, digits: int) -> Floats:
    """What is compared: equal keys share a rank. Adding 0 makes a negative zero a plain one."""
    return scores.round(digits) + 0.0


def dense_ranks(values: ArrayLike) -> Ints:
    """1 + the number of distinct higher values: groups without gaps."""
    values = np.asarray(values)
    if not len(values):
        return np.zeros(0, dtype=np.int64)
    order = np.argsort(values)
    ordered = values[order]
    # half the cost of numpy.unique, which counts in a small ranking
    groups = np.zeros(len(values), dtype=np.int64)
    np.cumsum(ordered[1:] != ordered[:-1], out=groups[1:])
    ranks = np.empty_like(groups)
    ranks[order] = groups[-1] + 1 - groups
    return ranks


def competition_ranks(values: ArrayLike) -> Ints:
    """1 + the number of factors with a higher value."""
    ordered = np.sort(np.asarray(values))
    return len(ordered) - np.searchsorted(ordered, values, side="right") + 1


def average_ranks(values: ArrayLike) -> Floats:
    """Mean of the places a tied group takes, highest value first: what Borda counts with."""
    ordered = np.sort(np.asarray(values))
    higher = len(ordered) - np.searchsorted(ordered, values, side="right")
    not_lower = len(ordered) - np.searchsorted(ordered, values, side="left")
    return (higher + not_lower + 1) / 2
