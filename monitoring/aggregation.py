"""Working aggregates: which cells a report touches, and how reports combine into a cell (DOMAIN.md §8). Pure.

This is the definition; services/aggregation (cells.py, cell_rebuild.py) computes the same in sets, and tests hold it to
this.
Sums over offerings count participations, not people. A cell of a factor or goal holds those of all offerings that work
on it, so one participation stands under each of them: over factors nothing is totalled.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from monitoring.measures import MEASURES, Counts, Measure
from monitoring.outcome_figures import extremes
from monitoring.periods import Period, wider

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Line:
    """One report as aggregation sees it. places: its area and all areas above it up to the municipality. factors and
    goals: what the offering works on; a goal by the domain it stands for."""

    offering: str
    intervention: str
    organisation: str
    measure: str
    area: str
    places: tuple[str, ...]
    period: Period
    counts: Counts
    factors: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()

    def subjects(self) -> Iterator[tuple[str, str]]:
        """(kind, code) of what the report counts for."""
        yield "offering", self.offering
        yield "intervention", self.intervention
        yield from (("factor", code) for code in self.factors)
        yield from (("goal", code) for code in self.goals)


@dataclass(frozen=True, slots=True)
class Cell:
    """subject_kind: offering, intervention, factor or goal."""

    subject_kind: str
    subject: str
    measure: str
    area: str
    period: Period


@dataclass(frozen=True, slots=True)
class Combined:
    """paired: for each ratio of the measure the sums of part and whole over what is known with both; None where all of
    them are the plain counts, as they are unless some reports give one of both only."""

    counts: Counts
    lowest: int | None
    highest: int | None
    reports: int
    offerings: tuple[str, ...]
    paired: Counts | None = None


def touched(line: Line) -> Iterator[Cell]:
    """Every cell the report counts in: its subjects × its places × its period and the wider ones."""
    for kind, subject in line.subjects():
        for area in line.places:
            for period in (line.period, *wider(line.period)):
                yield Cell(kind, subject, line.measure, area, period)


def aggregate(lines: Iterable[Line], only: Collection[Cell] | None = None) -> dict[Cell, Combined]:
    """The cells of the lines, or those of `only` that have lines. The order of lines does not matter."""
    members: dict[Cell, list[Line]] = {}
    for line in lines:
        for cell in touched(line):
            if only is None or cell in only:
                members.setdefault(cell, []).append(line)
    return {cell: combine(MEASURES[cell.measure], inside) for cell, inside in members.items()}


def combine(measure: Measure, lines: Sequence[Line]) -> Combined:
    """One cell from its reports.

    A flow is the sum of what was delivered. A stock is, per offering and area, the last delivered value (of two that
    end on one day that of the period begun later), then summed over both. A component nobody delivered is None:
    unknown is not zero.
    """
    counts = tuple(_over_time(measure, lines, position) for position in range(len(measure.components)))
    lowest, highest = extremes(measure.code, measure.named(counts))
    offerings = tuple(sorted({line.offering for line in lines}))
    paired = _paired(measure, lines)
    apart = None if paired == measure.plain_pairs(counts) else paired
    return Combined(counts, lowest, highest, len(lines), offerings, apart)


def _paired(measure: Measure, lines: Sequence[Line]) -> Counts:
    """Two sums for each ratio: of two flows over the reports that give both. A stock holds for longer than the report
    that gives it: with one of them, over the offerings and areas for which both are known."""
    alone = [[line] for line in lines]
    places: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        places[line.offering, line.area].append(line)
    sums: list[int | None] = []
    for pair in measure.pairs:
        groups = places.values() if any(measure.stocks[position] for position in pair) else alone
        found = [[_over_time(measure, group, position) for position in pair] for group in groups]
        both = [values for values in found if None not in values]
        sums += [_total(part for part, _whole in both), _total(whole for _part, whole in both)]
    return tuple(sums)


def _over_time(measure: Measure, lines: Sequence[Line], position: int) -> int | None:
    return _last(lines, position) if measure.stocks[position] else _total(line.counts[position] for line in lines)


def _total(values: Iterable[int | None]) -> int | None:
    given = [value for value in values if value is not None]
    return sum(given) if given else None


def _last(lines: Iterable[Line], position: int) -> int | None:
    newest: dict[tuple[str, str], tuple[date, date, int]] = {}
    for line in lines:
        value, key = line.counts[position], (line.offering, line.area)
        if value is not None:
            newest[key] = max(newest.get(key, (date.min, date.min, 0)), (line.period.end, line.period.start, value))
    return _total(value for _end, _start, value in newest.values())


@dataclass(frozen=True, slots=True)
class Expectation:
    """An offering with a plan: who is expected to deliver this measure, where and when (half-open, None is open)."""

    offering: str
    intervention: str
    measure: str
    places: frozenset[str] | None  # None: the whole city
    starts: date
    ends: date | None
    factors: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()

    def counts_for(self, cell: "Cell") -> bool:
        codes = {"offering": (self.offering,), "intervention": (self.intervention,), "factor": self.factors,
                 "goal": self.goals}  # fmt: skip
        return cell.subject in codes[cell.subject_kind]


def expected(cell: Cell, delivered: Iterable[str], expectations: Iterable[Expectation]) -> int:
    """How many offerings could be in the cell: those at work there then with a plan, and those that delivered.

    An offering may deliver for an area where it does not work (participants live elsewhere); it counts once it did.
    """
    due = {e.offering for e in expectations if e.counts_for(cell) and _due(cell, e)}
    return len(due | set(delivered))


def _due(cell: Cell, plan: Expectation) -> bool:
    there = plan.places is None or cell.area in plan.places
    then = plan.starts < cell.period.end and (plan.ends is None or cell.period.start < plan.ends)
    return plan.measure == cell.measure and there and then
