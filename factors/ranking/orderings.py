"""Other orders beside rip-2019's, and how far they agree: the sources do not say how criteria combine."""

from itertools import combinations

import numpy as np
from scipy.stats import kendalltau  # type: ignore[import-untyped]

from factors.ranking.network import Floats, Ints
from factors.ranking.ranks import average_ranks, dense_ranks, keys
from factors.ranking.result import Agreement, Ordering
from factors.ranking.scoring import Scores


def alternatives(scores: Scores, placed: Ints) -> tuple[tuple[Ordering, ...], tuple[Agreement, ...]]:
    """The placed rows by connections, lexicographic and by Borda; tau-b between these and the score."""
    digits = scores.graph.parameters.rank_digits
    criteria = [keys(element.value[placed], digits) for element in scores.elements]
    ranks = {
        "connections": dense_ranks(scores.graph.any_direction.degrees[placed]),
        "lexicographic": _lexicographic(criteria),
        "borda": dense_ranks(-np.sum([average_ranks(criterion) for criterion in criteria], axis=0)),
    }
    codes = [scores.graph.network.factors[row].code for row in placed]
    orderings = tuple(Ordering(name, tuple(zip(codes, rank.tolist(), strict=True))) for name, rank in ranks.items())
    compared = {"score": dense_ranks(keys(scores.score[placed], digits))} | ranks
    agreements = (Agreement(a, b, _tau_b(compared[a], compared[b])) for a, b in combinations(compared, 2))
    return orderings, tuple(agreements)


def _lexicographic(criteria: list[Floats]) -> Ints:
    """Dense rank by the first criterion, its ties by the second, and so on."""
    rows = np.column_stack(criteria)
    distinct, place = np.unique(rows, axis=0, return_inverse=True)
    return len(distinct) - place.reshape(-1)


def _tau_b(first: Ints, second: Ints) -> float | None:
    if min(len(np.unique(first)), len(np.unique(second))) < 2:
        return None
    return round(float(kendalltau(first, second).statistic), 12)
