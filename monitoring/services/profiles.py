"""Reading what a profile needs in a constant number of queries, and building it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from monitoring.models import (
    Area,
    AreaMembership,
    DataSource,
    Indicator,
    IndicatorDefinition,
    IndicatorLink,
)
from monitoring.profile import AreaRef, IndicatorFacts, IndicatorProfile, Value, profiles
from monitoring.services.values import values_of

STILL = 9999  # later than any end: what holds then has no end


@dataclass(frozen=True)
class AreaProfile:
    """An area with its figures. above: areas it lies in, nearest first; nearest: the nearest of them with figures."""

    area: Area
    above: tuple[Area, ...]
    profiles: tuple[IndicatorProfile, ...]
    indicators: dict[str, Indicator]
    definitions: dict[str, tuple[IndicatorDefinition, ...]]
    links: dict[str, tuple[IndicatorLink, ...]]
    sources: dict[str, DataSource]
    nearest: Area | None


def profile_of(area: Area, *, year: int | None = None) -> AreaProfile:
    """The profile of one vintage of an area from official figures. Eight queries, whatever its size.

    year: in which to see what it lies in; without it the last year of the vintage, or now.
    """
    above = _areas_above(area, year or _last_year(area))
    values = values_of([area.code, *(other.code for other in above)])
    own = [value for value in values if value.area_code != area.code or _of_vintage(area, value)]
    indicators = {thing.code: thing for thing in _indicators(area, own)}
    definitions, links = _definitions(indicators), _links(indicators)
    facts = [_facts(thing, definitions.get(code, ())) for code, thing in indicators.items()]
    found = profiles(area=_ref(area), above=[_ref(other) for other in above], indicators=facts, values=own)
    with_figures = {value.area_code for value in own if value.value is not None}
    return AreaProfile(
        area=area, above=above, profiles=found, indicators=indicators, definitions=definitions, links=links,
        sources={source.code: source for source in DataSource.objects.all()},
        nearest=next((other for other in above if other.code in with_figures), None),
    )  # fmt: skip


def _last_year(area: Area) -> int:
    return STILL if area.valid_until is None else area.valid_until - 1


def _areas_above(area: Area, year: int) -> tuple[Area, ...]:
    codes = AreaMembership.objects.above(area.code, year)
    newest = {found.code: found for found in Area.objects.filter(code__in=codes).newest()}
    return tuple(newest[code] for code in codes if code in newest)


def _of_vintage(area: Area, value: Value) -> bool:
    """Whether the value was measured on the area as it was in this vintage."""
    return area.valid_from <= value.area_year and (area.valid_until is None or value.area_year < area.valid_until)


def _indicators(area: Area, values: Sequence[Value]) -> list[Indicator]:
    codes = {value.indicator_code for value in values if value.area_code == area.code}
    return list(Indicator.objects.filter(code__in=codes).order_by("kind", "code"))


def _definitions(codes: dict[str, Indicator]) -> dict[str, tuple[IndicatorDefinition, ...]]:
    found = defaultdict(list)
    for thing in IndicatorDefinition.objects.filter(indicator__in=list(codes)).order_by("indicator_id", "order"):
        found[thing.indicator_id].append(thing)
    return {code: tuple(things) for code, things in found.items()}


def _links(codes: dict[str, Indicator]) -> dict[str, tuple[IndicatorLink, ...]]:
    found = defaultdict(list)
    rows = IndicatorLink.objects.filter(indicator__in=list(codes))
    for thing in rows.order_by("indicator_id", "target_kind", "target_code", "role"):
        found[thing.indicator_id].append(thing)
    return {code: tuple(things) for code, things in found.items()}


def _facts(thing: Indicator, definitions: Sequence[IndicatorDefinition]) -> IndicatorFacts:
    orders = {definition.version: definition.order for definition in definitions}
    return IndicatorFacts(thing.code, thing.direction, thing.relevant_difference, orders)


def _ref(area: Area) -> AreaRef:
    return AreaRef(area.code, area.level)
