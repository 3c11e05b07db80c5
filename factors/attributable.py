"""Population attributable fractions: which share of the cases would not be there without the factor. Pure.

Source: ranking.md §2.6. Levin 1953 with unadjusted relative risks and the prevalence in the population; Miettinen 1974
with adjusted ones and the prevalence among cases; partial change as PIF; several factors together with communality
weights (Lancet Commission 2020). An odds ratio of a common outcome is no relative risk, and fractions of several
factors never add up: combine them.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass


class InvalidFraction(ValueError):
    """Figures that no attributable fraction can be made of; subclasses name why."""


class ShareNotInRange(InvalidFraction):
    """A prevalence, communality or published fraction outside 0..1: a percentage where a fraction belongs."""


class RiskNotPositive(InvalidFraction):
    """A relative risk that is 0 or less, or not finite."""


class NothingToCombine(InvalidFraction):
    """No factor at all."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """One factor of an outcome. risk: relative risk; prevalence, communality: fractions.

    communality: the share of the factor's variance that it has in common with the other factors.
    """

    code: str
    risk: float
    prevalence: float
    communality: float = 0.0


@dataclass(frozen=True, slots=True)
class WeightedFraction:
    """fraction: of the factor alone; weight: 1 - communality; share: its part of the combined fraction."""

    code: str
    fraction: float
    weight: float
    share: float


@dataclass(frozen=True, slots=True)
class Combined:
    """fraction: of all factors together, at least the largest weighted one; the shares add up to it."""

    fraction: float
    factors: tuple[WeightedFraction, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A published fraction against the one its own inputs give. consistent: equal within the tolerance."""

    code: str
    published: float
    computed: float
    consistent: bool


def levin(*, prevalence: float, risk: float) -> float:
    """PAF = p (RR - 1) / (1 + p (RR - 1)), p in the population; negative when the factor protects (RR < 1).

    Raises ShareNotInRange, RiskNotPositive.
    """
    return impact(prevalence=prevalence, risk=risk, new_prevalence=0.0)


def impact(*, prevalence: float, risk: float, new_prevalence: float) -> float:
    """PIF = (p - p') (RR - 1) / (1 + p (RR - 1)): the share of cases gone when p becomes p'.

    Raises ShareNotInRange, RiskNotPositive.
    """
    _check_share("prevalence", prevalence)
    _check_share("new prevalence", new_prevalence)
    _check_risk(risk)
    return (prevalence - new_prevalence) * (risk - 1) / (1 + prevalence * (risk - 1))


def miettinen(*, prevalence_in_cases: float, risk: float) -> float:
    """PAF = p_cases (RR - 1) / RR, right with adjusted relative risks. Raises ShareNotInRange, RiskNotPositive."""
    _check_share("prevalence in cases", prevalence_in_cases)
    _check_risk(risk)
    return prevalence_in_cases * (risk - 1) / risk


def combine(exposures: Iterable[Exposure]) -> Combined:
    """1 - prod(1 - w PAF) with w = 1 - communality, divided over the factors in proportion to their own PAF.

    Factors that protect (RR < 1) come in recoded: as the lack of what protects. Raises NothingToCombine,
    ShareNotInRange, RiskNotPositive (also for RR < 1).
    """
    told = tuple(exposures)
    if not told:
        raise NothingToCombine("no factors")
    for each in told:
        _check_share(f"{each.code}: communality", each.communality)
        if each.risk < 1:
            raise RiskNotPositive(f"{each.code}: recode a protective factor, RR = {each.risk}")
    fractions = [levin(prevalence=each.prevalence, risk=each.risk) for each in told]
    weights = [1 - each.communality for each in told]
    together = 1 - math.prod(1 - w * fraction for w, fraction in zip(weights, fractions, strict=True))
    total = math.fsum(fractions)
    return Combined(
        together,
        tuple(
            WeightedFraction(each.code, fraction, weight, together * fraction / total if total else 0.0)
            for each, fraction, weight in zip(told, fractions, weights, strict=True)
        ),
    )


def check_published(exposure: Exposure, *, published: float, tolerance: float = 0.005) -> Check:
    """Does a published PAF follow from its own prevalence and relative risk by Levin's formula?

    tolerance: covers inputs that were rounded for print. Raises ShareNotInRange, RiskNotPositive.
    """
    _check_share(f"{exposure.code}: published", published)
    computed = levin(prevalence=exposure.prevalence, risk=exposure.risk)
    return Check(exposure.code, published, computed, abs(published - computed) <= tolerance)


def _check_share(name: str, share: float) -> None:
    if not 0 <= share <= 1:
        raise ShareNotInRange(f"{name}: {share} is not a fraction in 0..1")


def _check_risk(risk: float) -> None:
    if not (math.isfinite(risk) and risk > 0):
        raise RiskNotPositive(f"RR = {risk}")
