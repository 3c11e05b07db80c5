"""The front door to areas: plain values only. Raises StoreAway when the store does not answer."""

from dataclasses import dataclass

from config.languages import label
from config.stores import front_door
from monitoring.models import Area, AreaMembership


@dataclass(frozen=True)
class AreaView:
    """One vintage of an area. valid_from, valid_until: years, the end not included; None where no source gives one."""

    code: str
    name: str
    level: str
    municipality_code: str | None
    valid_from: int | None
    valid_until: int | None


@front_door("monitoring")
def area(*, code: str, year: int | None = None) -> AreaView | None:
    """The area as it was in a year, or its newest vintage; None if there is none. One query."""
    found = Area.objects.vintages_of(code).in_year(year).first()
    if found is None:
        return None
    return AreaView(found.code, label(found), found.level, found.municipality_code or None, found.valid_from or None,
                    found.valid_until)  # fmt: skip


@front_door("monitoring")
def areas_above(*, code: str, year: int | None = None) -> tuple[str, ...]:
    """Codes of the areas it lies in, in every hierarchy, nearest first; without itself. One query."""
    return AreaMembership.objects.above(code, year)


@front_door("monitoring")
def areas_below(*, code: str, year: int | None = None) -> tuple[str, ...]:
    """Codes of the areas within it, in every hierarchy, nearest first; without itself. One query."""
    return AreaMembership.objects.below(code, year)
