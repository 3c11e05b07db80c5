"""How sure we may be of one relation, by a rule anyone can repeat (`grade/1`). Pure.

Our rule, in the manner of GRADE (ranking.md §2.5). The best kind of study decides where it begins: meta-analysis high
(4), review or longitudinal moderate (3), anything else low (2). One down for each of: sources that contradict each
other; a single source that is no meta-analysis; an interval that holds no effect at all (or precision that nobody
published); only effects per unit. One up for a large effect (|r| of 0.5 or more) whose order in time or cause
is known. Never below very low (1) or above high. What was tested and not found is graded too: how sure we are of that.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from factors.canonical import EvidenceEntry
from factors.checks import RATIOS
from factors.evidence import Relation

RULE = "grade/1"
GRADES = ("very-low", "low", "moderate", "high")
"""From least to most sure."""
BEGIN = {"meta-analysis": 4, "review": 3, "longitudinal": 3}
LARGE = 0.5


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade with its reasons, in the order in which they were weighed: code and steps up or down."""

    grade: str
    reasons: tuple[tuple[str, int], ...]

    def reaches(self, least: str) -> bool:
        return GRADES.index(self.grade) >= GRADES.index(least)


def grade(relation: Relation, findings: Iterable[EvidenceEntry]) -> Grade:
    """The grade of a relation; findings: those it rests on."""
    told = tuple(findings)
    begin = BEGIN.get(relation.best_type, 2)
    reasons = [(f"best-study-{relation.best_type}", begin), *_doubts(relation, told), *_support(relation)]
    total = sum(steps for _, steps in reasons)
    return Grade(GRADES[min(4, max(1, total)) - 1], tuple(reasons))


def _doubts(relation: Relation, told: tuple[EvidenceEntry, ...]) -> list[tuple[str, int]]:
    sized = [finding for finding in told if finding.effect_size is not None]
    bounded = [finding for finding in sized if finding.interval_low is not None and finding.interval_high is not None]
    weighed = {
        "sources-disagree": relation.contested,
        "single-study": len(relation.sources) < 2 and relation.best_type != "meta-analysis",
        "interval-holds-no-effect": bool(bounded) and all(_holds_nothing(finding) for finding in bounded),
        "precision-unknown": not bounded and all(finding.significant == "unknown" for finding in told),
        "per-unit-only": bool(sized) and all(finding.per_unit for finding in sized),
    }
    return [(code, -1) for code, holds in weighed.items() if holds]


def _support(relation: Relation) -> list[tuple[str, int]]:
    large = relation.rho is not None and abs(relation.rho) >= LARGE and (relation.causal or relation.sequence)
    return [("large-effect", 1)] if large else []


def _holds_nothing(finding: EvidenceEntry) -> bool:
    """Whether the interval holds the value that means no effect."""
    nothing = 1.0 if finding.effect_measure in RATIOS else 0.0
    low, high = finding.interval_low, finding.interval_high
    return low is not None and high is not None and low <= nothing <= high
