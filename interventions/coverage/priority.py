"""Priority gaps: where a factor weighs much, does badly here, and nobody works on it (DOMAIN.md §6).

priority = score ÷ highest score × need × lack. The formula is ours, and published as ours: FORMULA.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from interventions.coverage.answers import Covered, FactorCoverage, RankedNeed
from interventions.coverage.supply import Active

FORMULA = "score / highestScore * need * lack"


class Verdict(StrEnum):
    """How the area does on the indicators of a factor, beside what it is compared with."""

    WORSE = "worse"
    EQUAL = "equal"
    BETTER = "better"
    UNKNOWN = "unknown"


class Driver(StrEnum):
    """The three parts of the product."""

    SCORE = "score"
    NEED = "need"
    LACK = "lack"


NEED = {Verdict.WORSE: 1.0, Verdict.EQUAL: 0.5, Verdict.UNKNOWN: 0.5, Verdict.BETTER: 0.0}
LACK = {Covered.NO: 1.0, Covered.BELOW_MINIMUM: 0.5, Covered.YES: 0.0}


@dataclass(frozen=True)
class PriorityGap:
    """One factor that is not covered here. score_part, need_part and lack_part run 0–1, and so does their product.

    below_minimum: active offerings that do work on it, but below the level asked for.
    """

    need: RankedNeed
    verdict: Verdict
    lack: Covered
    score_part: float
    need_part: float
    lack_part: float
    below_minimum: tuple[Active, ...]

    @property
    def priority(self) -> float:
        return self.score_part * self.need_part * self.lack_part

    @property
    def drivers(self) -> tuple[Driver, ...]:
        """The part or parts that are highest: what makes this line stand where it stands."""
        parts = self._parts()
        return tuple(driver for driver, part in parts.items() if part == max(parts.values()))

    @property
    def held_back_by(self) -> tuple[Driver, ...]:
        """The part or parts that are lowest, as far as they are below 1."""
        parts = self._parts()
        lowest = min(parts.values())
        return tuple(driver for driver, part in parts.items() if part == lowest < 1)

    @property
    def with_a_figure(self) -> tuple[float, float] | None:
        """Lowest and highest priority once the need is known; None when it is known already."""
        if self.verdict is not Verdict.UNKNOWN:
            return None
        return 0.0, self.score_part * self.lack_part

    def _parts(self) -> dict[Driver, float]:
        return {Driver.SCORE: self.score_part, Driver.NEED: self.need_part, Driver.LACK: self.lack_part}


def priority_gaps(
    coverages: Iterable[FactorCoverage], *, verdict_of: Callable[[str], Verdict], highest_score: float, top: int
) -> tuple[PriorityGap, ...]:
    """Gaps among the factors with dense rank 1 to `top`, highest priority first, ties by code.

    coverages: of one area. verdict_of: factor code → verdict. highest_score: of the whole ranking; nothing scores when
    it is 0. A factor that does better here stays in the list with priority 0: it is a gap, but there is no need.
    """
    found = [
        PriorityGap(
            need=one.need,
            verdict=(verdict := verdict_of(one.need.factor_code)),
            lack=one.covered,
            score_part=(one.need.score or 0.0) / highest_score if highest_score > 0 else 0.0,
            need_part=NEED[verdict],
            lack_part=LACK[one.covered],
            below_minimum=one.offerings,
        )
        for one in coverages
        if one.covered is not Covered.YES and one.need.dense_rank is not None and one.need.dense_rank <= top
    ]
    return tuple(sorted(found, key=lambda gap: (-gap.priority, gap.need.factor_code)))
