"""What partners measure: measures, their components in fixed order, and the rules counts obey (DOMAIN.md §7). Pure.

Counts of a report stand in the order of `Measure.components`; None is "not delivered", which is not zero. The order is
part of the stored data: append, never reorder. Scales: outcome_scales.json (003, Bijlage 9).
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import pairwise, repeat
from operator import itemgetter, lt
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
LARGEST = 10_000_000  # more than any municipality has people; keeps sums inside bigint

Counts = tuple[int | None, ...]
Sums = tuple[int, int]


@dataclass(frozen=True)
class Component:
    """One count of a measure. A stock is the last value over time, a flow adds up."""

    name: str
    stock: bool = False


@dataclass(frozen=True)
class Ratio:
    """A figure that divides one component by another. Only what is known with both counts in it (docs/adr/0021)."""

    code: str
    part: str
    whole: str


@dataclass(frozen=True)
class Broken:
    """A rule that counts break: `component` holds `value`, and may be at most `limit`, the value of `whole`."""

    code: str
    component: str
    value: int
    whole: str
    limit: int


@dataclass(frozen=True)
class Measure:
    """A measure: its components, the chains of parts and wholes, its distribution, and what a release shows.

    funnels: from the largest to the smallest; each delivered step is at most the one before it.
    levels: the components that form a distribution; whole: the component its total may not exceed.
    shown: the figures of a release: a name and the components added up in it (distributions are merged, DOMAIN.md §8).
    ratios: in the order in which `paired` has their sums, two for each. Appended to, never reordered.
    """

    code: str
    components: tuple[Component, ...]
    funnels: tuple[tuple[str, ...], ...] = ()
    levels: tuple[str, ...] = ()
    whole: str = ""
    shown: tuple[tuple[str, tuple[str, ...]], ...] = ()
    ratios: tuple[Ratio, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(component.name for component in self.components)

    @property
    def stocks(self) -> tuple[bool, ...]:
        return tuple(component.stock for component in self.components)

    def named(self, counts: Sequence[int | None]) -> dict[str, int | None]:
        return dict(zip(self.names, counts, strict=True))

    def level_counts(self, counts: Sequence[int | None]) -> tuple[int, ...] | None:
        """The distribution, or None if it was not delivered."""
        named = self.named(counts)
        given = [named[level] for level in self.levels]
        return None if None in given or not given else tuple(value or 0 for value in given)

    @cached_property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Of each ratio, where part and whole stand in the counts."""
        return tuple((self.names.index(ratio.part), self.names.index(ratio.whole)) for ratio in self.ratios)

    def plain_pairs(self, counts: Counts) -> Counts:
        """Part and whole of each ratio as the counts have them; neither where one is unknown."""
        found: list[int | None] = []
        for part, whole in self.pairs:
            both = counts[part], counts[whole]
            found += (None, None) if None in both else both
        return tuple(found)

    def apart(self, paired: Sequence[int | None] | None) -> dict[str, Sums | None]:
        """Ratio → sums of part and whole over what is known with both, None where nothing is. Empty: as the counts."""
        if paired is None:
            return {}
        sums = zip(self.ratios, paired[::2], paired[1::2], strict=True)
        return {r.code: None if part is None or whole is None else (part, whole) for r, part, whole in sums}

    def unpaired(self, counts: Counts, paired: Sequence[int | None] | None) -> list[str]:
        """The ratios whose sums differ from the plain ones."""
        plain = self.apart(self.plain_pairs(counts))
        return [code for code, sums in self.apart(paired).items() if sums != plain[code]]

    def right(self, columns: Mapping[str, Sequence[Any]]) -> list[Counts] | None:
        """The counts of many reports, each in order, when nothing is wrong with any; None means look closer.

        columns: component → a value per report as received, none of them null; all deliver the same components. Column
        by column, so thousands cost little; a test holds it to the long way (services/delivery/intake.py).
        """
        if not columns or not columns.keys() <= self._name_set:
            return None
        if any(set(map(type, one)) != {int} or min(one) < 0 or max(one) > LARGEST for one in columns.values()):
            return None
        if any(any(map(lt, whole, part)) for whole, part in self._orders(columns)):
            return None
        given = not self._level_set.isdisjoint(columns)
        left_out = {name: repeat(0 if given and name in self._level_set else None) for name in self.names}
        return list(zip(*{**left_out, **columns}.values(), strict=False))

    def _orders(self, columns: Mapping[str, Sequence[int]]) -> Iterator[tuple[Iterable[int], Iterable[int]]]:
        """(wholes, parts): what may not exceed what, as far as delivered."""
        for funnel in self.funnels:
            yield from pairwise(columns[name] for name in funnel if name in columns)
        if levels := [columns[level] for level in self.levels if level in columns and self.whole in columns]:
            yield columns[self.whole], map(sum, zip(*levels, strict=True))

    @cached_property
    def _name_set(self) -> frozenset[str]:
        return frozenset(self.names)

    @cached_property
    def _level_set(self) -> frozenset[str]:
        return frozenset(self.levels)

    def broken(self, named: Mapping[str, int | None]) -> Iterator[Broken]:
        """Every rule the counts break. named: known components only, each a whole number ≥ 0 or None."""
        for funnel in self.funnels:
            steps = [(name, value) for name in funnel if (value := named.get(name)) is not None]
            for at, (part, value) in enumerate(steps[1:], start=1):
                whole, limit = min(steps[:at], key=itemgetter(1))  # the step before may itself be too large
                if value > limit:
                    yield Broken("part-exceeds-whole", part, value, whole, limit)
        total = sum(named.get(level) or 0 for level in self.levels)
        limit_ = named.get(self.whole) if self.whole else None
        if limit_ is not None and total > limit_:
            yield Broken("distribution-exceeds-participants", self.whole, total, self.whole, limit_)


def _flows(*names: str) -> tuple[Component, ...]:
    return tuple(Component(name) for name in names)


def _scale(code: str, levels: tuple[str, ...], shown: tuple[tuple[str, tuple[str, ...]], ...] = ()) -> Measure:
    """A distribution over `levels` among `participants`; participants stay in the working view: the same people answer
    several scales, so showing them beside each would let withheld cells of one be worked out from another."""
    shown = shown or tuple((level, (level,)) for level in levels)
    return Measure(code, _flows(*levels, "participants"), levels=levels, whole="participants", shown=shown)


def _each(*names: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, (name,)) for name in names)


GRADES = tuple(f"grade{n}" for n in range(1, 11))
REASONS = tuple(f"reason{n}" for n in range(1, 6))
GOALS = ("goalMinus1", "goal0", "goal1", "goal2")
ANSWERS = tuple(f"answer{n}" for n in range(1, 5))
CHANGES = ("strongImprovement", "moderateImprovement", "stabilisation", "moderateDeterioration", "strongDeterioration")
REACH = ("targetGroup", "indicated", "invited", "started", "attendsStructurally", "completed")

MEASURES: dict[str, Measure] = {
    measure.code: measure
    for measure in (
        # those attending now or completing now may have started earlier: both are held to the target group only
        Measure(
            "reach",
            tuple(Component(name, stock=name in {"targetGroup", "attendsStructurally"}) for name in REACH),
            funnels=(REACH[:4], ("targetGroup", "attendsStructurally"), ("targetGroup", "completed")),
            shown=_each(*REACH),
            # over time more may start, or attend, than a target group has: such a share may be above 1
            ratios=(
                Ratio("started-of-target-group", "started", "targetGroup"),
                Ratio("started-of-invited", "started", "invited"),
                Ratio("attends-structurally-of-target-group", "attendsStructurally", "targetGroup"),
            ),
        ),
        Measure("no-show", _flows("appointments", "noShows"), funnels=(("appointments", "noShows"),),
                shown=_each("appointments", "noShows"), ratios=(Ratio("no-show", "noShows", "appointments"),)),
        Measure("reason-of-ending", _flows(*REASONS), levels=REASONS, shown=_each(*REASONS)),
        _scale("satisfaction", GRADES,
               (("grade5OrLower", GRADES[:5]), ("grade6To7", GRADES[5:7]), ("grade8OrHigher", GRADES[7:]))),
        _scale("goal-realisation", GOALS),
        _scale("without-help", ANSWERS),
        _scale("problem-change", CHANGES),
        Measure("information-questions", _flows("asked", "knows", "useful", "goalRealised"),
                funnels=(("asked", "knows", "useful"), ("asked", "goalRealised")),
                shown=_each("asked", "knows", "useful", "goalRealised"),
                ratios=(Ratio("knows-information", "knows", "asked"),
                        Ratio("values-information-as-useful", "useful", "asked"),
                        Ratio("says-goal-realised", "goalRealised", "asked"))),
    )
}  # fmt: skip

ASKING = frozenset({"satisfaction", "goal-realisation", "without-help", "information-questions"})
"""Measures for which somebody puts questions to participants; the others are counted from the partner's own records."""

OF_SCALE = {
    "school-grade": "satisfaction", "goal-realisation": "goal-realisation", "reason-of-ending": "reason-of-ending",
    "no-show": "no-show", "without-help": "without-help", "problem-outcome-category": "problem-change",
    "information-questions": "information-questions", "reach": "reach",
}  # fmt: skip
"""Scale of an outcome indicator → the measure that carries it. `new-start-of-help` is derived by the statistics office
and never asked; reach has no scale and goes by its criterion; the four outcome categories are asked as the five
levels of problem-change (no mapping in the text)."""


@dataclass(frozen=True)
class Fit:
    """A measure that fits a service type: how it may be monitored, among whom, which outcome indicators it fills."""

    measure: str
    monitor_types: tuple[str, ...]
    among_nl: str
    indicator_codes: tuple[str, ...] = ()


@cache
def fits() -> dict[str, tuple[Fit, ...]]:
    """Service type → the measures that fit it. Source: outcome_indicators.csv (003, Bijlage 9) and, for reach,
    service_measures.csv, which says per row whether it is our reading."""
    found: dict[str, dict[str, Fit]] = {}
    for row in _rows("service_measures.csv"):
        found.setdefault(row["service_type_code"], {})[row["measure"]] = Fit(row["measure"], ("periodic",), "")
    for row in _rows("outcome_indicators.csv"):
        if measure := OF_SCALE.get(row["scale_code"] or row["outcome_criterion"]):
            known = found.setdefault(row["service_type_code"], {})
            fit = known.get(measure, Fit(measure, tuple(row["monitor_types"].split(";")), row["measured_among_nl"]))
            known[measure] = replace(fit, indicator_codes=(*fit.indicator_codes, row["indicator_code"]))
    return {service: tuple(by_code[c] for c in MEASURES if c in by_code) for service, by_code in found.items()}


WITH_ZEROS, WITH_THOUSANDS = (
    re.compile(r"(\d{1,9})[.,]0{1,2}", re.A),
    re.compile(r"[1-9]\d{0,2}(?:([. ,])\d{3})(?:\1\d{3})*", re.A),
)


def whole_meant(value: object) -> int | None:
    """The count that somebody meant who wrote 12,0 or 1.200, if it can hardly be another.

    1.000 may be one with decimals as programs write them, so it is not told.
    """
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if match := WITH_ZEROS.fullmatch(text):
        return int(match[1])
    if (match := WITH_THOUSANDS.fullmatch(text)) and set(text[-3:]) != {"0"}:
        return int(text.replace(match[1], ""))
    return None


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
