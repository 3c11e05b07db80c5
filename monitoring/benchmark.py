"""One figure beside another: the difference, and whether it is more than noise (DOMAIN.md §4). Pure."""

from typing import Literal, NamedTuple

from monitoring.statistics import (
    Counted,
    Interval,
    difference_of_proportions,
    difference_of_rates,
    exposure_needed,
    number_needed,
)

Word = Literal["better", "worse", "higher", "lower", "no-clear-difference", "cannot-tell"]
Ground = Literal["counts", "relevant-difference", "none"]
Step = Literal["area-with-city", "district-with-city", "one-level-up", "nothing-to-compare"]


class Figure(NamedTuple):
    """A value in the unit; counts only where value = scale × numerator / denominator of real counts."""

    value: float
    numerator: float | None = None
    denominator: float | None = None

    @property
    def counted(self) -> Counted | None:
        return Counted.of(self.numerator, self.denominator)


class Rules(NamedTuple):
    """What the indicator says about comparing it.

    better: `higher-better`, `lower-better`; else no judgement. relevant: a difference that matters, in the unit.
    scale: 100 for percentages, 1000 for rates per 1,000. rate: events per exposure, which may exceed one each.
    """

    better: str = ""
    relevant: float | None = None
    scale: float = 100.0
    rate: bool = False


class Verdict(NamedTuple):
    """What can be said, on what ground, and how many must be counted to say more.

    needed: people for a proportion, units of exposure for a rate, in the area itself; None where that makes no sense.
    interval: of the difference in the unit, where counts decide. with_rest: the larger of the two areas was
    taken without the smaller, which lies in it. relevant: the difference that decided, or that counts left room for.
    """

    word: Word
    ground: Ground
    needed: int | None = None
    interval: Interval | None = None
    with_rest: bool = False
    relevant: float | None = None

    @property
    def clear(self) -> bool:
        return self.word in {"better", "worse", "higher", "lower"}


def verdict(own: Figure, other: Figure, rules: Rules, *, part: bool = False, whole: bool = False) -> Verdict:
    """Whether `own` differs from `other` by more than noise.

    part: `own` is counted within `other` (a neighbourhood in its city); it is then judged against the rest of it,
    because an interval of a difference is only right for groups without common members. whole: the other way round.
    Counts decide where both are known; else the relevant difference; else it cannot be told.
    """
    a, b = own.counted, other.counted
    if a and b:
        one, two = a.without(b) if whole else a, b.without(a) if part else b
        if _countable(one, rules) and _countable(two, rules):
            return _by_counts(one, two, rules, with_rest=part or whole)
    difference = own.value - other.value
    if rules.relevant is None:
        return Verdict("cannot-tell", "none", _needed(other.value / rules.scale, difference / rules.scale, rules))
    word = _word(difference, rules) if abs(difference) >= rules.relevant else "no-clear-difference"
    return Verdict(word, "relevant-difference", relevant=rules.relevant)


def _countable(counted: Counted, rules: Rules) -> bool:
    number, total = counted
    return total > 0 and number >= 0 and (rules.rate or number <= total)


def _by_counts(a: Counted, b: Counted, rules: Rules, *, with_rest: bool) -> Verdict:
    """Clear if the interval leaves out zero; cannot-tell if it leaves room for a difference that matters."""
    low, high = (difference_of_rates if rules.rate else difference_of_proportions)(a, b)
    share, scale = b.share, rules.scale
    difference = a.share - share
    shown = Interval(scale * low, scale * high)
    relevant = None if rules.relevant is None else rules.relevant / scale
    if not low <= 0 <= high:
        word, needed = _word(difference, rules), None
    elif relevant is not None and (high >= relevant or low <= -relevant):
        toward = relevant if rules.rate or share + relevant <= 1 else -relevant
        word, needed = "cannot-tell", _needed(share, toward, rules)
    else:
        word = "cannot-tell" if a.number + b.number == 0 and rules.rate and relevant is None else "no-clear-difference"
        needed = _needed(share, difference, rules)
    return Verdict(word, "counts", needed, shown, with_rest, rules.relevant)


def _needed(share: float, difference: float, rules: Rules) -> int | None:
    """How many to count to see this difference; None for what is no ratio of counts."""
    if rules.rate:
        return exposure_needed(share, difference) if share >= 0 else None
    return number_needed(share, difference) if rules.scale > 1 and 0 <= share <= 1 else None


def _word(difference: float, rules: Rules) -> Word:
    up = difference > 0
    if rules.better == "higher-better":
        return "better" if up else "worse"
    if rules.better == "lower-better":
        return "worse" if up else "better"
    return "higher" if up else "lower"


class Compared(NamedTuple):
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
