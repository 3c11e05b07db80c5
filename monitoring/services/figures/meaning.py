"""What figures mean: indicators, their definitions and links, and sources. Read once, and again when that changed."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from config.stores import ask
from monitoring.models import Area, DataSource, Indicator, IndicatorDefinition, IndicatorLink
from monitoring.profile import IndicatorFacts

STORE = "monitoring"

Thing = TypeVar("Thing", IndicatorDefinition, IndicatorLink)
MEANING = ""  # the "area" whose stamp says that areas, hierarchy, indicators or sources changed (docs/adr/0009)


@dataclass(frozen=True)
class Meaning:
    """By indicator code, in the order of profiles; by code of the source. Not to be changed: all requests share it.

    stamp: from before it was read, and 0 when nobody keeps one.
    """

    stamp: int
    indicators: dict[str, Indicator]
    definitions: dict[str, tuple[IndicatorDefinition, ...]]
    links: dict[str, tuple[IndicatorLink, ...]]
    sources: dict[str, DataSource]
    _areas: dict[str, Area] = field(default_factory=dict)

    @cached_property
    def facts(self) -> dict[str, IndicatorFacts]:
        """What judging wants to know of each indicator."""
        return {code: _facts(thing, self.definitions.get(code, ())) for code, thing in self.indicators.items()}

    def areas(self, codes: Collection[str]) -> dict[str, Area]:
        """The newest vintages of areas that others lie in. One query for those not asked for before."""
        if lacking := [code for code in codes if code not in self._areas]:
            self._areas.update({area.code: area for area in Area.objects.filter(code__in=lacking).newest()})
        return {code: self._areas[code] for code in codes if code in self._areas}


def stamp_of_meaning() -> int:
    """To be read before anything that it speaks of. One query."""
    rows = ask(STORE, "SELECT stamp FROM monitoring_figurestate WHERE area_code = %s", [MEANING])
    return rows[0][0] if rows else 0


_known: list[Meaning] = []


def meaning() -> Meaning:
    """As it is now. One query, and four more when it changed."""
    stamp = stamp_of_meaning()
    if _known and stamp and _known[0].stamp == stamp:
        return _known[0]
    found = Meaning(
        stamp,
        {thing.code: thing for thing in Indicator.objects.order_by("kind", "code")},
        _by_indicator(IndicatorDefinition.objects.order_by("indicator_id", "order")),
        _by_indicator(IndicatorLink.objects.order_by("indicator_id", "target_kind", "target_code", "role")),
        {source.code: source for source in DataSource.objects.all()},
    )
    _known[:] = [found]
    return found


def _facts(thing: Indicator, definitions: Iterable[IndicatorDefinition]) -> IndicatorFacts:
    orders = {definition.version: definition.order for definition in definitions}
    return IndicatorFacts(thing.code, thing.direction, thing.relevant_difference, orders, thing.combine_areas)  # type: ignore[arg-type]


def _by_indicator(things: Iterable[Thing]) -> dict[str, tuple[Thing, ...]]:
    found = defaultdict(list)
    for thing in things:
        found[thing.indicator_id].append(thing)
    return {code: tuple(some) for code, some in found.items()}
