"""An order published elsewhere beside one of ours, over the factors that both know. Pure.

Ranks of different lists compare only among the same factors: a published group of 17 says nothing of our other 75.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from scipy.stats import kendalltau  # type: ignore[import-untyped]


class Item(Protocol):
    code: str
    rank: int
    factor_code: str


@dataclass(frozen=True)
class Beside:
    """One published factor with ours. *_among: competition rank among the compared factors alone."""

    code: str
    factor_code: str
    published_rank: int
    dense_rank: int
    competition_rank: int
    score: float
    published_among: int
    rank_among: int


@dataclass(frozen=True)
class Overlap:
    """Of the `size` compared factors published up to a rank, how many stand among our first `size` (ties included)."""

    up_to_rank: int
    size: int
    common: int


def beside(items: Iterable[Item], ours: Mapping[str, Mapping[str, Any]]) -> tuple[Beside, ...]:
    """Published factors whose nearest factor is ranked by us, in published order; ours: per factor its stored ranks."""
    known = sorted((i for i in items if i.factor_code in ours), key=lambda item: (item.rank, item.code))
    places = [ours[item.factor_code]["competition_rank"] for item in known]
    return tuple(
        Beside(
            code=item.code,
            factor_code=item.factor_code,
            published_rank=item.rank,
            dense_rank=ours[item.factor_code]["dense_rank"],
            competition_rank=place,
            score=ours[item.factor_code]["score"],
            published_among=1 + sum(other.rank < item.rank for other in known),
            rank_among=1 + sum(other < place for other in places),
        )
        for item, place in zip(known, places, strict=True)
    )


def compare(rows: Sequence[Beside]) -> tuple[float | None, tuple[Overlap, ...]]:
    """Kendall's tau-b between the two orders (None when one ties everything), and the overlap per published group."""
    published, ours = [row.published_rank for row in rows], [row.rank_among for row in rows]
    decided = min(len(set(published)), len(set(ours))) > 1
    tau_b = round(float(kendalltau(published, ours).statistic), 12) if decided else None
    return tau_b, tuple(_overlap(rows, rank) for rank in sorted(set(published)))


def _overlap(rows: Sequence[Beside], rank: int) -> Overlap:
    first = {row.code for row in rows if row.published_rank <= rank}
    our_first = {row.code for row in rows if row.rank_among <= len(first)}
    return Overlap(rank, len(first), len(first & our_first))
