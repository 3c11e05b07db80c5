"""One indicator over a set of areas, over the periods in a longer one, or both (DOMAIN.md §4). Pure.

First each area over its periods, then the areas together; what no figure says stays out and shows in the basis.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitoring.combination import RESULTS, SCALES, Cell, Combined, Rule, combine
from monitoring.periods import MONTHS, Kind, Period
from monitoring.series import Value

ADDED = {"count"}  # what is added over areas; of these no ratio is pooled


@dataclass(frozen=True)
class Rules:
    """By which rules an indicator may be combined."""

    areas: Rule
    periods: Rule


@dataclass(frozen=True)
class Part:
    """One area in the combination. status: `final`, or why it carries no value; parts: periods used, and expected."""

    area_code: str
    value: float | None
    status: str
    used: int = 1
    total: int = 1


@dataclass(frozen=True)
class Figure:
    """The combination by one rule. own: the indicator's rule. statistic: what kind of value this is."""

    rule: Rule
    own: bool
    statistic: str
    found: Combined


@dataclass(frozen=True)
class RollUp:
    """All figures of one definition, statistic, population and source. head: any value of it, for its unit."""

    head: Value
    figures: tuple[Figure, ...]
    parts: tuple[Part, ...]


def roll_ups(values: Iterable[Value], *, areas: Sequence[str], period: Period, of: Kind | None, rules: Rules
             ) -> tuple[RollUp, ...]:  # fmt: skip
    """One per definition, statistic, population and source, never mixed; in the order of those.

    values: of one indicator, any order; of one area and period the newest vintage counts. of: combine periods of this
    kind into `period`; without it only figures of `period` itself. Raises NotCombinable.
    """
    groups: dict[tuple[str, ...], dict[str, dict[Period, Value]]] = defaultdict(lambda: defaultdict(dict))
    for value in sorted(values, key=lambda value: value.area_year):
        if value.period.kind == (of or period.kind) and period.covers(value.period):
            groups[value.series_key][value.area_code][value.period] = value
    return tuple(_roll_up(groups[key], areas, period, of, rules) for key in sorted(groups))


def _roll_up(by_area: dict[str, dict[Period, Value]], areas: Sequence[str], period: Period, of: Kind | None,
             rules: Rules) -> RollUp:  # fmt: skip
    head = next(iter(next(iter(by_area.values())).values()))
    scale, total = SCALES.get(head.unit, 1.0), MONTHS[period.kind] // MONTHS[of] if of else 1
    cells, parts = [], []
    for code in areas:
        found = [value for _period, value in sorted(by_area.get(code, {}).items())]
        cell, part = _of_area(code, found, total, rules.periods if of else None, scale, head)
        cells.append(cell)
        parts.append(part)
    if len(areas) == 1:
        return RollUp(head, (_of_one(cells[0], parts[0], of, rules, head),), tuple(parts))
    return RollUp(head, tuple(_figures(cells, rules.areas, scale, head)), tuple(parts))


def _of_area(code: str, found: Sequence[Value], total: int, rule: Rule | None, scale: float, head: Value
             ) -> tuple[Cell, Part]:  # fmt: skip
    cells = [Cell(value.value, value.numerator, value.denominator, value.definition_version) for value in found]
    nothing = Cell(None, definition_version=head.definition_version)
    status = found[0].status if found else "not-delivered"
    if rule is None:
        cell = cells[0] if cells else nothing
        return cell, Part(code, cell.value, status, int(cell.value is not None))
    made = combine([*cells, *[nothing] * (total - len(cells))] if rule != "last" else cells, rule, scale=scale)
    cell = Cell(made.value, made.numerator, made.denominator, head.definition_version)
    return cell, Part(code, made.value, "final" if made.value is not None else status, made.used, total)


def _of_one(cell: Cell, part: Part, of: Kind | None, rules: Rules, head: Value) -> Figure:
    """A single area: over its periods, or just its own figure."""
    rule: Rule = rules.periods if of else rules.areas
    found = Combined(
        cell.value, cell.numerator, cell.denominator, part.used if cell.value is not None else 0, part.total
    )
    return Figure(rule, True, RESULTS.get(rule, head.statistic) if of else head.statistic, found)


def _figures(cells: Sequence[Cell], own: Rule, scale: float, head: Value) -> Iterable[Figure]:
    """By the indicator's own rule first, and beside it the pooled ratio and the mean of areas, each labelled."""
    combine(cells, own, scale=scale)  # raises NotCombinable where the indicator says so
    others: tuple[Rule, ...] = ("mean-of-areas",) if head.statistic in ADDED else ("pooled-ratio", "mean-of-areas")
    for rule in dict.fromkeys((own, *others)):
        found = combine(cells, rule, scale=scale)
        if rule == own or found.value is not None:
            yield Figure(rule, rule == own, RESULTS.get(rule, head.statistic), found)


def values_in(one: RollUp, area_code: str, period: Period) -> Iterator[Value]:
    """The figures, marked as computed, and then the parts; of a single area the figure alone.

    area_code: of the area that the figures are about.
    """
    like = one.head._replace(area_code=area_code, area_year=period.last.year, period=period, qualifier="exact",
                             basis="", conflict="", note="", areas_used=None, areas_total=None)  # fmt: skip
    for figure in one.figures:
        found = figure.found
        yield like._replace(
            statistic=figure.statistic, value=found.value, numerator=found.numerator, denominator=found.denominator,
            status="missing" if found.value is None else "final", basis=found.basis, origin="computed",
            citation=f"{figure.rule}: {like.citation}",
        )  # fmt: skip
    for part in one.parts if len(one.parts) > 1 else ():
        over_periods = part.total > 1
        yield like._replace(
            area_code=part.area_code, value=part.value, numerator=None, denominator=None, status=part.status,
            basis=f"{part.used} of {part.total}" if over_periods else like.basis,
            origin="computed" if over_periods else like.origin,
        )  # fmt: skip
