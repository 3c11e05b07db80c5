"""What is on offer: active on a day, within reach of an area, recognised at some level of the effect ladder."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

Codes = frozenset[str]
NONE: Codes = frozenset()


@dataclass(frozen=True)
class Span:
    """Days from `start` up to but not including `end`; without an end it is still open. start = end holds on no day."""

    start: date
    end: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True)
class Listing:
    """A level of the effect ladder (0 to 4) that an intervention held for a time."""

    level: int
    span: Span


@dataclass(frozen=True)
class Supply:
    """One offering with what matters of its intervention. An empty set of codes means: not stated."""

    offering_code: str
    intervention_code: str
    span: Span
    organisation_code: str = ""
    area_codes: Codes = NONE
    city_wide: bool = False
    agreements: tuple[Span, ...] = ()
    listings: tuple[Listing, ...] = ()
    factor_codes: Codes = NONE
    domain_codes: Codes = NONE
    life_phases: Codes = NONE
    life_domains: Codes = NONE
    prevention_levels: Codes = NONE
    duration: str = ""
    intended_reach: int | None = None


@dataclass(frozen=True)
class Place:
    """An area that was asked about, with the areas it lies in and its parts, in all hierarchies.

    whole_city: it is the municipality itself, so that every offering of the municipality is one of its parts or above,
    also where the hierarchy does not know an area (yet, or any more).
    """

    code: str
    above: Codes = NONE
    below: Codes = NONE
    whole_city: bool = False


class Via(StrEnum):
    """How an offering reaches an area; the nearest way is the one shown."""

    OWN_AREA = "own-area"
    AREA_ABOVE = "area-above"
    CITY_WIDE = "city-wide"
    PART = "part"


@dataclass(frozen=True)
class Choice:
    """What coverage is asked for. None means: no such condition.

    minimum_level None counts every active offering; 0 already asks for a stated level: not listed is not zero.
    """

    places: tuple[Place, ...]
    day: date
    minimum_level: int | None = None
    life_phase: str | None = None
    life_domain: str | None = None
    domain_code: str | None = None


@dataclass(frozen=True)
class Active:
    """An offering that is active and in reach, with the level of its intervention that day (None: not listed).

    since: the day from which that level holds.
    """

    supply: Supply
    level: int | None
    via: Via
    since: date | None = None


def is_active(supply: Supply, day: date) -> bool:
    """True if the offering runs that day and an agreement holds.

    An offering without any agreement is active by its own dates: partners also work unasked. Once there are agreements
    one of them must hold: after the last has expired the offering is not active (DOMAIN.md §6), whatever its own end.
    """
    agreed = not supply.agreements or any(span.holds_on(day) for span in supply.agreements)
    return agreed and supply.span.holds_on(day)


def level_on(listings: Iterable[Listing], day: date) -> int | None:
    """The level that holds that day; None: not listed, which is not level 0 and not "does not work".

    Of several the one that began last holds, since a later decision of the committees replaces an earlier one.
    """
    current = listing_on(listings, day)
    return current.level if current else None


def listing_on(listings: Iterable[Listing], day: date) -> Listing | None:
    """The listing that decides the level that day, as level_on has it."""
    current = [listing for listing in listings if listing.span.holds_on(day)]
    return max(current, key=lambda listing: listing.span.start, default=None)


def way_to(place: Place, supply: Supply) -> Via | None:
    """How the offering reaches the place; None if it does not."""
    if place.code in supply.area_codes:
        return Via.OWN_AREA
    if place.above & supply.area_codes:
        return Via.AREA_ABOVE
    if supply.city_wide:
        return Via.CITY_WIDE
    return Via.PART if place.whole_city or place.below & supply.area_codes else None


def select(supplies: Iterable[Supply], choice: Choice) -> tuple[Active, ...]:
    """Active offerings in reach of any of the places and within the choice, also those below its minimum level.

    supplies: offerings of one municipality, in any order. Returned by offering code.
    """
    found = []
    for supply in sorted(supplies, key=lambda one: one.offering_code):
        ways = [way for place in choice.places if (way := way_to(place, supply)) is not None]
        if ways and is_active(supply, choice.day) and fits(supply, choice):
            nearest = min(ways, key=list(Via).index)
            found.append(_active(supply, listing_on(supply.listings, choice.day), nearest))
    return tuple(found)


def _active(supply: Supply, listing: Listing | None, via: Via) -> Active:
    return Active(supply, listing.level, via, listing.span.start) if listing else Active(supply, None, via)


def at_least(offerings: Iterable[Active], minimum_level: int | None) -> tuple[Active, ...]:
    """Those at or above the level; without a minimum all, with one only those that are listed."""
    return tuple(
        one for one in offerings if minimum_level is None or (one.level is not None and one.level >= minimum_level)
    )


def fits(supply: Supply, choice: Choice) -> bool:
    """What an offering does not state fits no condition: unknown is not "yes"."""
    asked = (
        (choice.life_phase, supply.life_phases),
        (choice.life_domain, supply.life_domains),
        (choice.domain_code, supply.domain_codes),
    )
    return all(code is None or code in stated for code, stated in asked)
