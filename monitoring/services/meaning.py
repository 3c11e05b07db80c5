"""What figures mean: indicators, their definitions and links, and sources. Read once, and again when that changed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from monitoring.models import DataSource, FigureState, Indicator, IndicatorDefinition, IndicatorLink

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


def stamp_of_meaning() -> int:
    """To be read before anything that it speaks of. One query."""
    return FigureState.objects.filter(area_code=MEANING).values_list("stamp", flat=True).first() or 0


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


def _by_indicator(things: Iterable[Thing]) -> dict[str, tuple[Thing, ...]]:
    found = defaultdict(list)
    for thing in things:
        found[thing.indicator_id].append(thing)
    return {code: tuple(some) for code, some in found.items()}
