"""Cities kept in the memory of the process, for gaps of many areas at once.

Nothing kept is used before it was found to be as the stores have it: the revisions of its offerings
(register/marking.py) and the stamp of the areas. Of a city that changed only the offerings that changed are read again.
Days need no mark: what holds on which day is decided when it is asked.
"""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from threading import RLock

from config.stores import StoreAway
from interventions import coverage
from interventions.models import Offering
from interventions.services.register import marking
from interventions.supplies import supply_of
from monitoring import public as monitoring

MOST_OFFERINGS = 100_000
"""Offerings that one process keeps; beyond them the city that was asked longest ago is let go."""


@dataclass
class _Kept:
    city: coverage.KeptCity
    revision: int
    stamp: int
    areas: tuple[monitoring.PlaceView, ...] = ()

    @cached_property
    def levels(self) -> dict[str, str]:
        return {area.code: area.level for area in self.areas}


@dataclass(frozen=True)
class CityNow:
    """areas: of every level, by code; none when they can be asked nowhere. away: they are as they were last seen."""

    areas: tuple[monitoring.PlaceView, ...]
    supplies: tuple[coverage.Supply, ...]
    away: bool


@dataclass(frozen=True)
class AreaGaps:
    """Factors that nobody covers in an area, in the order in which they were asked for."""

    municipality_code: str
    area_code: str
    factor_codes: tuple[str, ...]


_lock = RLock()
_cities: OrderedDict[tuple[str, int], _Kept] = OrderedDict()
_positions = coverage.GrowingPositions()


def forget() -> None:
    """Let go of everything."""
    with _lock:
        _cities.clear()


def city_now(*, municipality_code: str, year: int) -> CityNow:
    """The areas and offerings of a city. Two queries when nothing changed, five or seven more when something did."""
    with _lock:
        stamp, newest = _stamp(), marking.revisions([municipality_code])
        kept = _current(municipality_code, year, stamp, newest.get(municipality_code, 0))
        kept = kept or _bare(municipality_code, ())
        return CityNow(kept.areas, kept.city.supplies, stamp is None)


def area_gaps(
    *, municipality_codes: Sequence[str], day: date, minimum_level: int | None, factor_codes: Sequence[str],
    area_level: str, area_codes: Collection[str] = (),
) -> tuple[list[AreaGaps], bool]:  # fmt: skip
    """Per area (of a level, or those named) the factors without an active offering at the level, by city and area.

    Two queries when nothing changed, five more for each city that did. True beside it if monitoring is away: then areas
    are as they were last seen, and of a city that is not kept only those named are looked at, or else the city itself.
    """
    with _lock:
        wanted = _positions.bits(factor_codes)
        stamp, newest = _stamp(), marking.revisions(municipality_codes)
        found = []
        for code in municipality_codes:
            kept = _current(code, day.year, stamp, newest.get(code, 0)) or _bare(code, area_codes)
            missing = kept.city.covered(day, minimum_level).missing(wanted)
            found += [
                AreaGaps(code, area, tuple(one for one in factor_codes if bits >> _positions.place[one] & 1))
                for area, bits in missing.items()
                if (area in area_codes if area_codes else kept.levels.get(area, area_level) == area_level)
            ]
        return found, stamp is None


def _stamp() -> int | None:
    try:
        return monitoring.places_stamp()
    except StoreAway:
        return None


def _current(code: str, year: int, stamp: int | None, revision: int) -> _Kept | None:
    """A city as the stores have it; None when its areas can be asked nowhere."""
    kept = _cities.get((code, year))
    if kept is None or stamp not in (None, kept.stamp) or kept.revision > revision:
        if stamp is None:
            return None
        kept = _read(code, year, stamp, revision)
    elif kept.revision < revision:
        _follow(kept, code, revision)
    _cities[code, year] = kept
    _cities.move_to_end((code, year))
    while len(_cities) > 1 and sum(len(one.city) for one in _cities.values()) > MOST_OFFERINGS:
        _cities.popitem(last=False)
    return kept


def _bare(code: str, area_codes: Collection[str]) -> _Kept:
    """The areas named, or the city itself, without what lies above or below them; not to be kept."""
    places = [coverage.Place(one, whole_city=one == code) for one in area_codes or (code,)]
    rows = Offering.objects.filter(municipality_code=code).with_facts()
    return _Kept(coverage.KeptCity(places, _positions, map(supply_of, rows)), 0, 0)


def _read(code: str, year: int, stamp: int, revision: int) -> _Kept:
    """A city from its rows. The stamp and revision were read before them: what came between is read once more."""
    areas = monitoring.city_places(municipality_code=code, year=year)
    places = [coverage.Place(area.code, area.above, area.below, area.code == code) for area in areas]
    rows = Offering.objects.filter(municipality_code=code).with_facts()
    city = coverage.KeptCity(places, _positions, map(supply_of, rows))
    return _Kept(city, revision, stamp, areas)


def _follow(kept: _Kept, code: str, revision: int) -> None:
    """Only the offerings that changed since."""
    changed = marking.changed_since(code, kept.revision)
    rows = {row.code: row for row in Offering.objects.filter(code__in=changed, municipality_code=code).with_facts()}
    for offering in changed:
        if offering in rows:
            kept.city.put(supply_of(rows[offering]))
        else:
            kept.city.take(offering)
    kept.revision = revision
