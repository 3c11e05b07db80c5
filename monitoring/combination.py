"""Combining one indicator over areas or periods, by the indicator's own rule (DOMAIN.md §4). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Literal

from config.errors import Refusal

SCALES = {"percent": 100.0, "per-1000": 1000.0, "ratio": 1.0}
"""What a ratio of counts is multiplied by to stand in its unit."""

RESULTS = {"sum": "count", "weighted-mean": "mean", "mean-of-areas": "mean-of-areas", "mean": "mean"}
"""The statistic that a rule gives; a pooled ratio stays what its parts were."""

Rule = Literal["sum", "pooled-ratio", "weighted-mean", "mean-of-areas", "mean", "last", "none"]
"""Over areas: all but `mean` and `last`; over periods: all but `mean-of-areas`. `last`: a stock keeps its last."""


class MixedDefinitions(Refusal):
    """The cells follow more than one definition: there is a break in the series."""

    status = 409
    code = "mixed-definitions"


class NotCombinable(Refusal):
    """The indicator says that its values may not be combined."""

    status = 409
    code = "not-combinable"


@dataclass(frozen=True)
class Cell:
    """One value in the indicator's unit, with its counts where known; `value` None: missing, suppressed, and so on.

    denominator: what a ratio is over, or the number of units a mean stands for.
    """

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    definition_version: str = ""


@dataclass(frozen=True)
class Combined:
    """The value and its basis: `used` of `total` cells carried what the rule needs. No cell gives None, never 0."""

    value: float | None
    numerator: float | None
    denominator: float | None
    used: int
    total: int

    @property
    def basis(self) -> str:
        return f"{self.used} of {self.total}"


def combine(cells: Iterable[Cell], rule: Rule, *, scale: float = 100.0) -> Combined:
    """Combine cells of one indicator and one definition; order and absent cells do not change the value.

    Only `last` looks at the order: the last cell with a value, and it alone is used.
    scale: what a ratio is multiplied by to stand in the indicator's unit (percent: 100, per 1,000: 1000).
    Raises MixedDefinitions for cells of several definitions, NotCombinable for the rule `none`.
    Source: preschool reach 2024 in the NPLV monitor §5.2.2: 413/548 = 75.4 % pooled, 80 % as mean of areas.
    """
    given = tuple(cells)
    versions = {cell.definition_version for cell in given}
    if len(versions) > 1:
        raise MixedDefinitions(f"definitions {', '.join(sorted(repr(v) for v in versions))} cannot be joined")
    if rule == "none":
        raise NotCombinable("this indicator may not be combined")
    usable = [cell for cell in given if _usable(cell, rule)]
    usable = usable[-1:] if rule == "last" else usable
    value, numerator, denominator = _total(usable, rule, scale)
    return Combined(value, numerator, denominator, len(usable) if value is not None else 0, len(given))


def _usable(cell: Cell, rule: Rule) -> bool:
    """Whether the cell has what the rule needs."""
    if cell.value is None:
        return False
    if rule == "pooled-ratio":
        return cell.numerator is not None and cell.denominator is not None
    return rule != "weighted-mean" or cell.denominator is not None


def _total(cells: Sequence[Cell], rule: Rule, scale: float) -> tuple[float | None, float | None, float | None]:
    if not cells:
        return None, None, None
    values = [cell.value or 0.0 for cell in cells]
    numerator, denominator = _sum(c.numerator for c in cells), _sum(c.denominator for c in cells)
    if rule in {"sum", "last"}:
        return fsum(values), numerator, denominator
    if rule in {"mean-of-areas", "mean"}:
        return fsum(values) / len(cells), None, None
    if not denominator:
        return None, None, denominator
    if rule == "pooled-ratio":
        return scale * (numerator or 0.0) / denominator, numerator, denominator
    weighed = fsum(value * (cell.denominator or 0.0) for value, cell in zip(values, cells, strict=True))
    return weighed / denominator, None, denominator


def _sum(numbers: Iterable[float | None]) -> float | None:
    """The sum, or None as soon as one is unknown: a part cannot stand for the whole."""
    known = list(numbers)
    return None if any(n is None for n in known) else fsum(n for n in known if n is not None)
