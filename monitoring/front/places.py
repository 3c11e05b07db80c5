"""All areas of a city with what lies above and below them, for questions about every neighbourhood at once."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from config.languages import label
from config.stores import front_door
from monitoring.models import Area, AreaMembership
from monitoring.services.figures.meaning import stamp_of_meaning


@dataclass(frozen=True)
class PlaceView:
    """An area as it holds in a year, with the codes of all areas it lies in and of all its parts."""

    code: str
    name_nl: str
    name_en: str
    level: str
    above: frozenset[str]
    below: frozenset[str]

    @property
    def name(self) -> str:
        """In the language of whoever reads it, also long after it was asked."""
        return label(self)


@front_door("monitoring")
def city_places(*, municipality_code: str, year: int) -> tuple[PlaceView, ...]:
    """The areas of a city that hold in a year, of every level, by code; the city itself too. Two queries."""
    rows = Area.objects.filter(municipality_code=municipality_code).in_year(year).newest()
    areas = {row.code: row for row in rows}
    links = AreaMembership.objects.in_year(year).filter(Q(child_code__in=areas) | Q(parent_code__in=areas))
    up: dict[str, set[str]] = defaultdict(set)
    down: dict[str, set[str]] = defaultdict(set)
    for parent, child in links.values_list("parent_code", "child_code"):
        up[child].add(parent)
        down[parent].add(child)
    return tuple(
        PlaceView(code, row.name_nl, row.name_en, row.level, _walk(code, up), _walk(code, down))
        for code, row in areas.items()
    )


@front_door("monitoring")
def places_stamp() -> int:
    """Another number after every change of areas or of what lies in what: while it is the same, so are they."""
    return stamp_of_meaning()


def _walk(code: str, steps: Mapping[str, set[str]]) -> frozenset[str]:
    """All that can be reached from a code, without itself; a circle ends by itself."""
    found: set[str] = set()
    ahead = set(steps.get(code, ()))
    while ahead:
        found |= ahead
        ahead = {further for one in ahead for further in steps.get(one, ())} - found
    return frozenset(found - {code})
