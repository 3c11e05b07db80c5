"""Figures we compute from published ones: marked as computed, with rule and basis."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from monitoring.combination import RESULTS, SCALES, Cell, Combined, Rule, combine
from monitoring.models import Indicator, Observation
from monitoring.periods import Period
from monitoring.services.figures.observations import Row, observation


def over_areas(
    *, indicator_code: str, parent_code: str, member_codes: Collection[str], demo: bool = False
) -> list[Row]:
    """The indicator for an area from those of its parts, by the indicator's own rule, per period and definition.

    Only the parts' own published statistic is used; parts without a value count in the basis only. Rows to be loaded.
    One query beside the indicator's. Raises NotCombinable.
    """
    indicator = Indicator.objects.get(code=indicator_code)
    parts = Observation.objects.filter(indicator_code=indicator_code, area_code__in=member_codes, origin="published")
    groups: dict[tuple[Any, ...], list[Observation]] = defaultdict(list)
    for part in parts:
        groups[_like(part)].append(part)
    return [_combined(indicator, parent_code, group, total=len(member_codes), demo=demo) for group in groups.values()]


def _like(part: Observation) -> tuple[Any, ...]:
    return (part.period_kind, part.period_start, part.definition_version, part.population, part.statistic,
            part.source_code, part.area_year)  # fmt: skip


def _combined(indicator: Indicator, parent_code: str, parts: list[Observation], *, total: int, demo: bool) -> Row:
    rule: Rule = indicator.combine_areas  # type: ignore[assignment]
    missing = [Cell(None, definition_version=parts[0].definition_version)] * (total - len(parts))
    found = combine([*map(_cell, parts), *missing], rule, scale=SCALES.get(indicator.unit, 1.0))
    one = parts[0]
    return observation(
        indicator_code=indicator.code, area_code=parent_code, area_year=one.area_year,
        period=Period(one.period_kind, one.period_start, one.period_end),  # type: ignore[arg-type]
        definition_version=one.definition_version, population=one.population,
        statistic=RESULTS.get(rule, one.statistic), source_code=one.source_code, unit=one.unit, demo=demo,
        citation=f"{rule}: {one.citation}", **figure(found),
    )  # fmt: skip


def figure(found: Combined) -> dict[str, Any]:
    """The fields of an observation that a combination gives."""
    return {
        "value": found.value, "numerator": found.numerator, "denominator": found.denominator,
        "status": "missing" if found.value is None else "final", "origin": "computed",
        "basis": f"{found.used} of {found.total} areas", "areas_used": found.used, "areas_total": found.total,
    }  # fmt: skip


def _cell(part: Observation) -> Cell:
    return Cell(part.value, part.numerator, part.denominator, part.definition_version)


def pooled_ratios(*, pairs: Iterable[dict[str, str]]) -> list[Row]:
    """A ratio of two indicators beside the published mean of ratios: `preschool-reach` = participants / indications.

    pairs: rows with indicator_code, numerator_indicator, denominator_indicator, basis, note. Rows to be loaded.
    """
    return [row for pair in pairs for row in _ratio(pair)]


def _ratio(pair: dict[str, str]) -> Iterable[Row]:
    above, below = (
        {(*_like(row)[:5], row.area_code): row for row in Observation.objects.filter(indicator_code=pair[side])}
        for side in ("numerator_indicator", "denominator_indicator")
    )
    unit = Indicator.objects.get(code=pair["indicator_code"]).unit
    for key in above.keys() & below.keys():
        top, bottom = above[key], below[key]
        if top.value is not None and bottom.value is not None:
            yield _pooled(pair, unit, top, bottom)


def _pooled(pair: dict[str, str], unit: str, top: Observation, bottom: Observation) -> Row:
    found = combine([Cell(0.0, top.value, bottom.value, top.definition_version)], "pooled-ratio", scale=SCALES[unit])
    made = observation(
        indicator_code=pair["indicator_code"], area_code=top.area_code, area_year=top.area_year,
        period=Period(top.period_kind, top.period_start, top.period_end),  # type: ignore[arg-type]
        definition_version=top.definition_version, population=top.population, statistic="pooled-ratio",
        source_code=top.source_code, unit=unit, qualifier=_vaguer(top.qualifier, bottom.qualifier),
        note=f"{pair['note']} ({pair['basis']})", citation=top.citation, **figure(found),
    )  # fmt: skip
    basis = f"{pair['numerator_indicator']} / {pair['denominator_indicator']}; {bottom.basis}"
    return {**made, "basis": basis, "areas_used": top.areas_used, "areas_total": top.areas_total}


def _vaguer(one: str, other: str) -> str:
    return one if one != "exact" else other
