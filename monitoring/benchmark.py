"""One figure beside another: the difference, and whether it is more than noise (DOMAIN.md §4). Pure."""

from dataclasses import dataclass
from typing import Literal

from monitoring.statistics import Counted, difference_of_proportions, number_needed, rates_differ

Word = Literal["better", "worse", "higher", "lower", "no-clear-difference", "cannot-tell"]
Ground = Literal["counts", "relevant-difference", "none"]
Step = Literal["area-with-city", "district-with-city", "one-level-up", "nothing-to-compare"]


@dataclass(frozen=True)
class Figure:
    """A value in the unit; counts only where value = scale × numerator / denominator of real counts."""

    value: float
    numerator: float | None = None
    denominator: float | None = None

    @property
    def counted(self) -> Counted | None:
        if self.numerator is None or not self.denominator:
            return None
        return Counted(self.numerator, self.denominator)


@dataclass(frozen=True)
class Rules:
    """What the indicator says about comparing it.

    better: `higher-better`, `lower-better`; else no judgement. relevant: a difference that matters, in the unit.
    scale: 100 for percentages, 1000 for rates per 1,000. rate: events per exposure, which may exceed one each.
    """

    better: str = ""
    relevant: float | None = None
    scale: float = 100.0
    rate: bool = False


@dataclass(frozen=True)
class Verdict:
    """What can be said, on what ground, and how many must be counted to say more (proportions only)."""

    word: Word
    ground: Ground
    needed: int | None = None

    @property
    def clear(self) -> bool:
        return self.word in {"better", "worse", "higher", "lower"}


def verdict(own: Figure, other: Figure, rules: Rules, *, part: bool = False) -> Verdict:
    """Whether `own` differs from `other` by more than noise.

    part: `own` is counted within `other` (a neighbourhood in its city); it is then judged against the rest of it,
    because an interval of a difference is only right for groups without common members.
    Counts decide where both are known; else the relevant difference; else it cannot be told.
    """
    a, b = own.counted, other.counted
    if a and b:
        rest = b.without(a) if part else b
        if rules.rate and min(rest.count, a.count) >= 0 and rest.total > 0:
            return _by_rates(a, rest, rules)
        if not rules.rate and a.is_proportion and rest.is_proportion:
            return _by_proportions(a, rest, rules)
    if rules.relevant is None:
        return Verdict("cannot-tell", "none")
    difference = own.value - other.value
    word = _word(difference, rules) if abs(difference) >= rules.relevant else "no-clear-difference"
    return Verdict(word, "relevant-difference")


def _by_proportions(a: Counted, b: Counted, rules: Rules) -> Verdict:
    """Clear if the interval leaves out zero; cannot-tell if it leaves room for a difference that matters."""
    interval = difference_of_proportions(a, b)
    difference = a.share - b.share
    if not interval.holds(0):
        return Verdict(_word(difference, rules), "counts")
    relevant = None if rules.relevant is None else rules.relevant / rules.scale
    if relevant is not None and (interval.high >= relevant or interval.low <= -relevant):
        toward = relevant if b.share + relevant <= 1 else -relevant
        return Verdict("cannot-tell", "counts", number_needed(b.share, toward))
    return Verdict("no-clear-difference", "counts", number_needed(b.share, difference))


def _by_rates(a: Counted, b: Counted, rules: Rules) -> Verdict:
    if a.count + b.count == 0:
        return Verdict("cannot-tell", "counts")
    word = _word(a.share - b.share, rules) if rates_differ(a, b) else "no-clear-difference"
    return Verdict(word, "counts")


def _word(difference: float, rules: Rules) -> Word:
    up = difference > 0
    if rules.better == "higher-better":
        return "better" if up else "worse"
    if rules.better == "lower-better":
        return "worse" if up else "better"
    return "higher" if up else "lower"


@dataclass(frozen=True)
class Compared:
    """Which area to set beside which, and why. Codes; `against` None: there is nothing to compare with."""

    step: Step
    area: str | None
    against: str | None
    why: str


def adviser_step(*, area: str, district: str | None, city: str | None, country: str | None, has_figure: frozenset[str],
                 differs: bool | None) -> Compared:  # fmt: skip
    """The adviser's comparison rule: with which scale to look at a neighbourhood.

    has_figure: the areas that have a figure to compare; a district without figures is as no district.
    differs: whether the neighbourhood differs clearly from its district; None when that cannot be told.
    `why` is a code: differs-clearly, no-clear-difference, no-district, too-few-figures, no-figures.
    Source: Rotterdam method guide, Deel 2 Stap 1, schema Dashboard; DOMAIN.md §4.
    """
    if district not in has_figure and {area, city} <= has_figure:
        return Compared("area-with-city", area, city, "no-district")
    if {area, district, city} <= has_figure and differs is not None:
        if differs:
            return Compared("area-with-city", area, city, "differs-clearly")
        return Compared("district-with-city", district, city, "no-clear-difference")
    for low, high in ((district, city), (city, country)):
        if low and high and {low, high} <= has_figure:
            return Compared("one-level-up", low, high, "too-few-figures")
    return Compared("nothing-to-compare", None, None, "no-figures")
