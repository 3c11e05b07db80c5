"""What lies behind a stored ranking: worked out anew from its own inputs, never from what holds today."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from config.errors import Fault
from factors.models import RankingSnapshot
from factors.ranking.difference import FactorDifference, difference
from factors.ranking.model import InvalidSelection
from factors.ranking.weights import WeightFlips, weight_flips
from factors.ranking.what_if import SourceInfluence, source_influence
from factors.reading import Reading
from factors.services.wishes import engine_inputs, refusal, wish_from

NO_CHANGE = 1e-12
"""Smaller parts of a score are the rounding of sums, and no cause."""


@dataclass(frozen=True)
class Part:
    cause: str
    value: float


@dataclass(frozen=True)
class AttributedMove:
    """A factor in both rankings as stored, and the parts of its change, adding up to it. None: it has no place."""

    code: str
    old_dense_rank: int | None
    new_dense_rank: int | None
    old_competition_rank: int | None
    new_competition_rank: int | None
    old_score: float
    new_score: float
    change: float
    parts: tuple[Part, ...]

    @property
    def moved(self) -> bool:
        return (self.old_dense_rank, self.old_competition_rank) != (self.new_dense_rank, self.new_competition_rank)


@dataclass(frozen=True)
class Diff:
    """changed: causes in which the two differ. factors: as they stand after, then those that fell out."""

    before: RankingSnapshot
    after: RankingSnapshot
    changed: tuple[str, ...]
    factors: tuple[AttributedMove, ...]

    @property
    def moved_count(self) -> int:
        return sum(factor.moved for factor in self.factors)


@dataclass(frozen=True)
class Sources:
    top: int
    source_count: int
    carrying: tuple[SourceInfluence, ...]


def diff(*, before: Reading, after: Reading) -> Diff:
    """Each factor's change divided over model, evidence, data, weights, method and code (the remainder: what is stored
    differs from what its inputs give today). Ten queries.
    """
    old, new = _stored(before), _stored(after)
    found = difference(
        engine_inputs(wish_from(before.inputs)), engine_inputs(wish_from(after.inputs)),
        stored_before={code: told["score"] for code, told in old.items()},
        stored_after={code: told["score"] for code, told in new.items()},
    )  # fmt: skip
    factors = tuple(_attributed(factor, old.get(factor.code), new.get(factor.code)) for factor in found.factors)
    recoded = any(abs(factor.code_part) > NO_CHANGE for factor in found.factors)
    return Diff(before.snapshot, after.snapshot, (*found.changed, *(["code"] if recoded else [])), factors)


def _stored(reading: Reading) -> dict[str, dict[str, Any]]:
    return {told["code"]: told for told in reading.result["factors"]}


def _attributed(factor: FactorDifference, old: dict[str, Any] | None, new: dict[str, Any] | None) -> AttributedMove:
    old, new = old or {}, new or {}
    parts = (*(Part(cause, value) for cause, value in factor.parts), Part("code", factor.code_part))
    return AttributedMove(
        code=factor.code,
        old_dense_rank=old.get("dense_rank"),
        new_dense_rank=new.get("dense_rank"),
        old_competition_rank=old.get("competition_rank"),
        new_competition_rank=new.get("competition_rank"),
        old_score=old.get("score", 0.0),
        new_score=new.get("score", 0.0),
        change=factor.change,
        parts=parts,
    )


def weights_of(reading: Reading) -> WeightFlips:
    """What it takes for others to reach number 1. Raises CannotRank when nobody is ranked."""
    wish = wish_from(reading.inputs)
    try:
        return weight_flips(
            reading.register.network, parameters=wish.parameters, selection=wish.selection, local=wish.data
        )
    except InvalidSelection as problem:
        raise refusal(problem) from problem


def sources_of(reading: Reading, *, top: int) -> Sources:
    """The sources without which the first places would look different."""
    carrying = source_influence(engine_inputs(wish_from(reading.inputs)), top=top)
    return Sources(top, len(reading.register.content.sources), carrying)


def unknown_ranking(key: str, code: str, place: str = "query") -> Fault:
    location = key if place == "query" else f"#/{key}"
    return Fault(location, "unknown-ranking", _("Deze rangschikking kennen wij niet."), place=place, value=code)
