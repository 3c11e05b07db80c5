"""A ranking as plain frozen values, in an order that depends on nothing but the content.

orjson writes these dataclasses as they are; the same input gives the same bytes.
"""

from dataclasses import dataclass
from typing import Literal

from factors.ranking.lever import Lever
from factors.ranking.model import Mode
from factors.ranking.parameters import Parameters

UnrankedReason = Literal["no-relations", "tested-not-found", "not-tied"]


@dataclass(frozen=True, slots=True)
class Term:
    """One line of the explanation: where some points come from.

    target: the goal, or the factor at the end of the path; None for a figure of the factor itself. relations:
    the ordered pairs passed on the way, each as (from, to) in the model, so an association may be passed
    backwards. sign: +1 when more of the factor gives more of the target (or helps the goal), 0 unknown.
    amount: before scaling. flags: of the relations passed.
    """

    target: str | None
    relations: tuple[tuple[str, str], ...]
    sign: int
    amount: float
    points: float
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ElementPoints:
    """One element of one factor: points = weight * value, divided over the terms. raw: before scaling."""

    name: str
    weight: float
    raw: float
    value: float
    points: float
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class RankedFactor:
    """A factor with its place. score_range: the score if its unknown prevalence were 0 and 1, else None."""

    code: str
    score: float
    dense_rank: int
    competition_rank: int
    lever: Lever
    connections: int
    score_range: tuple[float, float] | None
    flags: tuple[str, ...]
    elements: tuple[ElementPoints, ...]


@dataclass(frozen=True, slots=True)
class UnrankedFactor:
    """A factor without a place (score 0), and why: no relations, none found, or not tied to the goals."""

    code: str
    reason: UnrankedReason
    connections: int


@dataclass(frozen=True, slots=True)
class Ordering:
    """Another way to order the same factors: (code, dense rank), in the order of the ranking itself."""

    name: str
    dense_ranks: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Kendall's tau-b between two orderings, -1..1; None when one of them ties everything."""

    first: str
    second: str
    tau_b: float | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The listed factors by rank, then code. goals: (code, weight averaging 1).

    leader_is_most_connected: whether a factor on rank 1 has the most connections of all listed; None when
    none is ranked.
    """

    parameters: Parameters
    mode: Mode
    goals: tuple[tuple[str, float], ...]
    life_phases: tuple[str, ...]
    life_domains: tuple[str, ...]
    kinds: tuple[str, ...]
    area: str | None
    with_local_data: bool
    factors: tuple[RankedFactor, ...]
    unranked: tuple[UnrankedFactor, ...]
    leader_is_most_connected: bool | None
    orderings: tuple[Ordering, ...]
    agreements: tuple[Agreement, ...]
