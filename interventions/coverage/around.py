"""Coverage that is not seen at once: through one step of a pathway, and where offerings overlap."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from interventions.coverage.answers import NOT_STATED, FactorCoverage
from interventions.coverage.supply import Active, Codes


@dataclass(frozen=True)
class Indirect:
    """An offering that works on factors which lead to this one in a single step of the model."""

    active: Active
    through: tuple[str, ...]


@dataclass(frozen=True)
class Overlap:
    """Several offerings for the same factor and life phase in one area. Not wrong in itself: worth a conversation."""

    factor_code: str
    life_phase: str
    offerings: tuple[Active, ...]


def steps_towards(steps: Iterable[tuple[str, str]]) -> dict[str, Codes]:
    """Factor → the factors with a relation to it."""
    found: dict[str, set[str]] = defaultdict(set)
    for origin, target in steps:
        found[target].add(origin)
    return {target: frozenset(origins - {target}) for target, origins in found.items()}


def indirect(
    covered: FactorCoverage, offerings: Iterable[Active], towards: Mapping[str, Codes]
) -> tuple[Indirect, ...]:
    """Offerings one step away from a factor; who works on it directly is not indirect. In the order given."""
    before = towards.get(covered.need.factor_code, frozenset())
    direct = {one.supply.offering_code for one in covered.offerings}
    return tuple(
        Indirect(one, tuple(sorted(before & one.supply.factor_codes)))
        for one in offerings
        if one.supply.offering_code not in direct and before & one.supply.factor_codes
    )


def overlaps(offerings: Iterable[Active], factor_codes: Collection[str] | None = None) -> tuple[Overlap, ...]:
    """Factor × life phase with two or more offerings, by code. offerings: of one area. None: every factor."""
    found: dict[tuple[str, str], list[Active]] = defaultdict(list)
    for one in offerings:
        for factor in one.supply.factor_codes:
            for phase in one.supply.life_phases or (NOT_STATED,):
                found[factor, phase].append(one)
    return tuple(
        Overlap(factor, phase, tuple(ones))
        for (factor, phase), ones in sorted(found.items())
        if len(ones) > 1 and (factor_codes is None or factor in factor_codes)
    )
