"""What the active offerings cover: factors, gaps, the prevention matrix, and how they are spread."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from interventions.coverage.supply import Active, Codes, at_least

EVIDENCE_BASED_FROM = 2
NOT_STATED = "not-stated"


class Covered(StrEnum):
    """Whether an active offering works on a factor, at or above the minimum level."""

    YES = "yes"
    BELOW_MINIMUM = "below-minimum"
    NO = "no"


@dataclass(frozen=True)
class RankedNeed:
    """A factor of a ranking; dense_rank None: it could not be ranked. rank_low–rank_high: its places under doubt."""

    factor_code: str
    dense_rank: int | None
    score: float | None = None
    name: str = ""
    kind: str = ""
    life_phases: Codes = field(default_factory=frozenset)
    life_domains: Codes = field(default_factory=frozenset)
    rank_low: int | None = None
    rank_high: int | None = None


@dataclass(frozen=True)
class FactorCoverage:
    """One factor with every active offering that works on it, also those below the minimum level."""

    need: RankedNeed
    covered: Covered
    offerings: tuple[Active, ...]


@dataclass(frozen=True)
class Gap:
    """A high-ranked factor without an offering that counts; `below_minimum` are the ones that do not."""

    need: RankedNeed
    lack: Covered
    below_minimum: tuple[Active, ...]


@dataclass(frozen=True)
class Cell:
    """One cell of the prevention matrix; the column `not-stated` keeps what gives no prevention level."""

    domain_code: str
    prevention_level: str
    offerings: tuple[Active, ...]


@dataclass(frozen=True)
class Share:
    """How many of the offerings; an offering in two classes counts in both, so shares may add up to more than 1."""

    code: str
    count: int
    share: float


@dataclass(frozen=True)
class Diversity:
    """How a set of offerings is spread. Shares run 0–1; `evidence_based` is None when there is no offering."""

    offering_count: int
    evidence_based: float | None
    effect_levels: tuple[Share, ...]
    prevention_levels: tuple[Share, ...]
    durations: tuple[Share, ...]
    life_phases: tuple[Share, ...]
    life_domains: tuple[Share, ...]


def factor_coverage(
    needs: Iterable[RankedNeed], offerings: Iterable[Active], minimum_level: int | None
) -> tuple[FactorCoverage, ...]:
    """Per factor, in the order given, the offerings whose intervention works on it directly."""
    working = _by(offerings, lambda one: one.supply.factor_codes)
    return tuple(_covered(need, working.get(need.factor_code, ()), minimum_level) for need in needs)


def _covered(need: RankedNeed, offerings: tuple[Active, ...], minimum_level: int | None) -> FactorCoverage:
    if at_least(offerings, minimum_level):
        return FactorCoverage(need, Covered.YES, offerings)
    return FactorCoverage(need, Covered.BELOW_MINIMUM if offerings else Covered.NO, offerings)


def gaps(coverages: Iterable[FactorCoverage], top: int) -> tuple[Gap, ...]:
    """Factors with dense rank 1 to `top` that no offering covers, in the order of the ranking, ties by code."""
    found = [
        Gap(one.need, one.covered, one.offerings)
        for one in coverages
        if one.covered is not Covered.YES and one.need.dense_rank is not None and one.need.dense_rank <= top
    ]
    return tuple(sorted(found, key=lambda gap: (gap.need.dense_rank, gap.need.factor_code)))


def empty_cells(
    offerings: Iterable[Active], life_phases: Sequence[str], life_domains: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Pairs of life phase × life domain for which there is no offering, in the order given."""
    filled = {
        (phase, domain) for one in offerings for phase in one.supply.life_phases for domain in one.supply.life_domains
    }
    return tuple((phase, domain) for phase in life_phases for domain in life_domains if (phase, domain) not in filled)


def uncovered_domains(offerings: Iterable[Active], domain_codes: Sequence[str]) -> tuple[str, ...]:
    """Domains that no offering is meant for, in the order given."""
    served = {code for one in offerings for code in one.supply.domain_codes}
    return tuple(code for code in domain_codes if code not in served)


def matrix(
    offerings: Iterable[Active], domain_codes: Sequence[str], prevention_levels: Sequence[str]
) -> tuple[Cell, ...]:
    """The prevention matrix, row by row: every domain × every prevention level, then the column `not-stated`."""
    rows = _by(offerings, lambda one: one.supply.domain_codes)
    return tuple(
        Cell(code, level, ones)
        for code in domain_codes
        for level, ones in by_prevention_level(rows.get(code, ()), prevention_levels).items()
    )


def by_prevention_level(offerings: Iterable[Active], prevention_levels: Sequence[str]) -> dict[str, tuple[Active, ...]]:
    """One row of the matrix: level → offerings, in the order given, and last `not-stated`."""
    found = _by(offerings, _prevention)
    return {level: found.get(level, ()) for level in (*prevention_levels, NOT_STATED)}


def diversity(offerings: Sequence[Active]) -> Diversity:
    """Shares of the offerings by ladder level, prevention level, duration, life phase and life domain."""

    def spread(classes: Callable[[Active], Iterable[str]]) -> tuple[Share, ...]:
        counted = _by(offerings, classes)
        return tuple(Share(code, len(ones), len(ones) / len(offerings)) for code, ones in sorted(counted.items()))

    founded = len(at_least(offerings, EVIDENCE_BASED_FROM))
    return Diversity(
        offering_count=len(offerings),
        evidence_based=founded / len(offerings) if offerings else None,
        effect_levels=spread(lambda one: ["not-listed" if one.level is None else str(one.level)]),
        prevention_levels=spread(_prevention),
        durations=spread(lambda one: [one.supply.duration or NOT_STATED]),
        life_phases=spread(lambda one: one.supply.life_phases or [NOT_STATED]),
        life_domains=spread(lambda one: one.supply.life_domains or [NOT_STATED]),
    )


def _prevention(one: Active) -> Iterable[str]:
    return one.supply.prevention_levels or (NOT_STATED,)


def _by(offerings: Iterable[Active], classes: Callable[[Active], Iterable[str]]) -> Mapping[str, tuple[Active, ...]]:
    """Offerings per class they belong to, in the order given."""
    found: dict[str, list[Active]] = {}
    for one in offerings:
        for code in classes(one):
            found.setdefault(code, []).append(one)
    return {code: tuple(ones) for code, ones in found.items()}
