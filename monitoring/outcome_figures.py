"""Figures made from counts, each with the number it rests on (DOMAIN.md §7). Pure.

Percentages come from counts only, never from percentages. Where the sources give no cut-off, ours is used and said.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from monitoring.measures import ANSWERS, CHANGES, GOALS, GRADES, MEASURES, REASONS, Ratio, Sums

SUFFICIENT = 6  # grade from which the help was useful enough; the text (003, Bijlage 9) gives none
Named = Mapping[str, int | None]
Apart = Mapping[str, Sums | None]


@dataclass(frozen=True)
class Spread:
    """A figure over areas that weigh the same, however many people each has: areas with a value, out of all of them."""

    mean: float
    lowest: float
    highest: float
    areas: int
    of_areas: int


def spread(values: Sequence[float], of_areas: int) -> Spread | None:
    """values: one per area that has the figure. None where no area has it: unknown is not zero."""
    if not values:
        return None
    return Spread(sum(values) / len(values), min(values), max(values), len(values), of_areas)


@dataclass(frozen=True)
class Figure:
    """value: a share 0–1, or a grade; basis: how many counts it rests on; ours: our cut-off, not the sources'.

    value is pooled: the sum of numerators over the sum of denominators. spread: the same figure over the areas below.
    """

    code: str
    value: float
    basis: int
    ours: bool = False
    spread: Spread | None = None


Maker = Callable[[Named], Figure | None]


def figures(measure: str, counts: Named, apart: Apart = MappingProxyType({})) -> tuple[Figure, ...]:
    """The figures of one cell. counts: by component, or by the merged names of a release; None where unknown.

    apart: ratios whose part and whole are other sums than the counts, since some reports give one of both only; None
    where these are not known. A figure of which a part is unknown or whose basis is zero is left out: unknown is not
    zero.
    """
    made = [_ratio(ratio, counts, apart) for ratio in MEASURES[measure].ratios]
    made += [make(counts) for make in MAKERS.get(measure, ())]
    return tuple(figure for figure in made if figure is not None)


def left_out(measure: str, counts: Named, apart: Apart) -> tuple[str, ...]:
    """The figures that the counts seem to give, and that would be wrong: part and whole come from different reports."""
    right = {figure.code for figure in figures(measure, counts, apart)}
    return tuple(figure.code for figure in figures(measure, counts) if figure.code not in right)


def _ratio(ratio: Ratio, counts: Named, apart: Apart) -> Figure | None:
    part, whole = apart.get(ratio.code, (counts.get(ratio.part), counts.get(ratio.whole))) or (None, None)
    return None if part is None or not whole else Figure(ratio.code, part / whole, whole)


def _share(code: str, parts: Sequence[str], whole: Sequence[str], *, ours: bool = False) -> Maker:
    """Of a distribution, whose levels come together in every report."""

    def make(counts: Named) -> Figure | None:
        part, basis = _sum(counts, parts), _sum(counts, whole)
        return None if part is None or not basis else Figure(code, part / basis, basis, ours)

    return make


def _sum(counts: Named, names: Sequence[str]) -> int | None:
    values = [counts.get(name) for name in names]
    return None if None in values else sum(value or 0 for value in values)


def _mean_grade(counts: Named) -> Figure | None:
    basis = _sum(counts, GRADES)
    if not basis:
        return None
    total = sum(grade * (counts[name] or 0) for grade, name in enumerate(GRADES, 1))
    return Figure("mean-grade", total / basis, basis)


MERGED = ("grade5OrLower", "grade6To7", "grade8OrHigher")
MAKERS: dict[str, tuple[Maker, ...]] = {
    # Bijlage 9: "eenzijdige beëindiging door de cliënt" is reason 3; "regulier" is every other ending
    "reason-of-ending": (
        _share("unilateral-ending-by-client", REASONS[2:3], REASONS),
        _share("regular-ending", [*REASONS[:2], *REASONS[3:]], REASONS),
    ),
    "satisfaction": (
        _mean_grade,
        _share("grade-sufficient", GRADES[SUFFICIENT - 1 :], GRADES, ours=True),
        _share("grade-sufficient", MERGED[1:], MERGED, ours=True),
    ),
    "goal-realisation": (_share("goal-reached", GOALS[3:], GOALS, ours=True),),
    "without-help": (_share("can-go-on-without-help", ANSWERS[2:], ANSWERS, ours=True),),
    "problem-change": (
        _share("improved", CHANGES[:2], CHANGES),
        _share("deteriorated", CHANGES[3:], CHANGES),
    ),
}


def extremes(measure: str, counts: Named) -> tuple[int | None, int | None]:
    """Lowest and highest grade given (satisfaction only). They stay in the working view (DOMAIN.md §8)."""
    given = [grade for grade, name in enumerate(GRADES, 1) if counts.get(name)] if measure == "satisfaction" else []
    return (given[0], given[-1]) if given else (None, None)
