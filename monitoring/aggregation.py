"""Working aggregates: which cells a report touches, and how reports combine into a cell (DOMAIN.md §8). Pure.

Sums over offerings count participations, not people. Over factors nothing is totalled.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from monitoring.measures import MEASURES, Counts, Measure
from monitoring.outcome_figures import extremes
from monitoring.periods import Period, wider

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Line:
    """One report as aggregation sees it. places: its area and all areas above it up to the municipality."""

    offering: str
    intervention: str
    organisation: str
    measure: str
    area: str
    places: tuple[str, ...]
    period: Period
    counts: Counts


@dataclass(frozen=True, slots=True)
class Cell:
    """subject_kind: offering or intervention."""

    subject_kind: str
    subject: str
    measure: str
    area: str
    period: Period


@dataclass(frozen=True, slots=True)
class Combined:
    counts: Counts
    lowest: int | None
    highest: int | None
    reports: int
    offerings: tuple[str, ...]


def touched(line: Line) -> Iterator[Cell]:
    """Every cell the report counts in: offering and intervention × its places × its period and the wider ones."""
    for kind, subject in (("offering", line.offering), ("intervention", line.intervention)):
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

    A flow is the sum of what was delivered. A stock is, per offering and area, the last delivered value, then summed
    over both. A component nobody delivered is None: unknown is not zero.
    """
    counts = tuple(
        _last(lines, position) if component.stock else _total(line.counts[position] for line in lines)
        for position, component in enumerate(measure.components)
    )
    lowest, highest = extremes(measure.code, measure.named(counts))
    return Combined(counts, lowest, highest, len(lines), tuple(sorted({line.offering for line in lines})))


def _total(values: Iterable[int | None]) -> int | None:
    given = [value for value in values if value is not None]
    return sum(given) if given else None


def _last(lines: Iterable[Line], position: int) -> int | None:
    newest: dict[tuple[str, str], tuple[date, int]] = {}
    for line in lines:
        value, key = line.counts[position], (line.offering, line.area)
        if value is not None and (key not in newest or line.period.end > newest[key][0]):
            newest[key] = line.period.end, value
    return _total(value for _end, value in newest.values())


@dataclass(frozen=True, slots=True)
class Expectation:
    """An offering with a plan: who is expected to deliver this measure, where and when (half-open, None is open)."""

    offering: str
    intervention: str
    measure: str
    places: frozenset[str] | None  # None: the whole city
    starts: date
    ends: date | None


def expected(cell: Cell, delivered: Iterable[str], expectations: Iterable[Expectation]) -> int:
    """How many offerings could be in the cell: those at work there then with a plan, and those that delivered.

    An offering may deliver for an area where it does not work (participants live elsewhere); it counts once it did.
    """
    subject: Callable[[Expectation], str] = (lambda e: e.offering) if cell.subject_kind == "offering" else (
        lambda e: e.intervention
    )  # fmt: skip
    due = {e.offering for e in expectations if subject(e) == cell.subject and _due(cell, e)}
    return len(due | set(delivered))


def _due(cell: Cell, plan: Expectation) -> bool:
    there = plan.places is None or cell.area in plan.places
    then = plan.starts < cell.period.end and (plan.ends is None or cell.period.start < plan.ends)
    return plan.measure == cell.measure and there and then
