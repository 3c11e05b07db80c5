"""The parameter sets of the two methods (ranking.md §1.2): our choices where the sources are silent.

A set is frozen: another value is another version, and the version is raised only when results change.
"""

from dataclasses import dataclass
from typing import Literal

from factors.evidence import StrengthScale
from factors.ranking.model import check_weights

Method = Literal["rip-2019", "five-elements-2023"]


class UnknownParameterSet(ValueError):
    """No parameter set of that method and name."""


class InvalidDepth(ValueError):
    """Paths of less than one step, or longer ones without a damping between 0 and 1."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """All choices behind one ranking.

    weights: per element, normalised when used. undirected: for whom an undirected relation counts. network:
    which relations with other factors count. half_points_*: the amount that earns half of an element's
    points, at goals, (rip-2019) factors and (five-elements-2023) network. whether: how a number of qualifying
    relations becomes 0..1. mixed_share: from which share of the minor sign on a lever is mixed.
    gap_half_points: the relative gap that earns half the points.
    """

    method: Method
    name: str
    version: str
    weights: tuple[tuple[str, float], ...]
    scale: StrengthScale
    undirected: Literal["both-ends", "origin"]
    network: Literal["out", "any-direction"]
    depth: int
    damping: float | None
    half_points_goals: float
    half_points_factors: float
    whether: Literal["binary", "halving"] | None
    p_missing: float = 0.15
    rank_digits: int = 6
    mixed_share: float = 0.20
    gap_half_points: float = 0.5

    def __post_init__(self) -> None:
        """Raises InvalidWeight, AllWeightsZero, InvalidDepth."""
        check_weights(dict(self.weights))
        if self.depth < 1 or (self.depth > 1 and not (self.damping is not None and 0 < self.damping < 1)):
            raise InvalidDepth(f"depth {self.depth}, damping {self.damping}")


_RIP = (("relevance", 0.4), ("impact", 0.4), ("prevalence", 0.2))
_FIVE = (("goals", 0.2), ("network", 0.2), ("causal", 0.2), ("sequence", 0.2), ("significant", 0.2))

PARAMETER_SETS = (
    Parameters(
        method="rip-2019",
        name="published",
        version="1",
        weights=_RIP,
        scale=StrengthScale(mode="count"),
        undirected="both-ends",
        network="out",
        depth=1,
        damping=None,
        half_points_goals=2.0,
        half_points_factors=4.0,
        whether=None,
    ),
    Parameters(
        method="rip-2019",
        name="extended",
        version="1",
        weights=_RIP,
        scale=StrengthScale(mode="graded-quality"),
        undirected="origin",
        network="out",
        depth=3,
        damping=0.5,
        half_points_goals=1.0,
        half_points_factors=2.0,
        whether=None,
    ),
    Parameters(
        method="five-elements-2023",
        name="published",
        version="1",
        weights=_FIVE,
        scale=StrengthScale(mode="graded"),
        undirected="both-ends",
        network="any-direction",
        depth=1,
        damping=None,
        half_points_goals=1.0,
        half_points_factors=1.0,
        whether="binary",
    ),
    Parameters(
        method="five-elements-2023",
        name="extended",
        version="1",
        weights=_FIVE,
        scale=StrengthScale(mode="graded-quality"),
        undirected="origin",
        network="out",
        depth=3,
        damping=0.5,
        half_points_goals=1.0,
        half_points_factors=1.0,
        whether="halving",
    ),
)


def parameter_set(method: str, name: str) -> Parameters:
    """The current version of a named set. Raises UnknownParameterSet."""
    for parameters in PARAMETER_SETS:
        if (parameters.method, parameters.name) == (method, name):
            return parameters
    raise UnknownParameterSet(f"{method}/{name}")
