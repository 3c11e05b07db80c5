"""What changes between two days: gaps that open and close, offerings that come and go, agreements that run out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from interventions.coverage.bits import CoveredBits, Positions
from interventions.coverage.supply import Place, Supply, is_active, level_on, way_to

DAY = timedelta(days=1)


@dataclass(frozen=True)
class AreaChange:
    """One area on the second day beside the first. Codes, sorted."""

    area_code: str
    opened: tuple[str, ...]
    closed: tuple[str, ...]
    started: tuple[str, ...]
    ended: tuple[str, ...]


@dataclass(frozen=True)
class Ending:
    """An agreement that runs out on a day (the first on which it no longer holds)."""

    agreement_code: str
    offering_code: str
    on: date


@dataclass(frozen=True)
class OpenedGap:
    """A factor that is covered in these areas until the agreement ends, and then no longer."""

    factor_code: str
    area_codes: tuple[str, ...]


@dataclass(frozen=True)
class Expiring:
    """What an ending agreement leaves behind. goes_on: the offering stays active by another agreement."""

    ending: Ending
    goes_on: bool
    opens: tuple[OpenedGap, ...]


def reach(supplies: Iterable[Supply], places: Sequence[Place]) -> dict[str, tuple[str, ...]]:
    """Offering → codes of the places it reaches, in the order of the places."""
    return {
        supply.offering_code: tuple(place.code for place in places if way_to(place, supply) is not None)
        for supply in supplies
    }


def counts_on(supply: Supply, day: date, minimum_level: int | None) -> bool:
    """Active that day, and at or above the minimum; not listed counts only when there is no minimum."""
    if not is_active(supply, day):
        return False
    level = level_on(supply.listings, day)
    return minimum_level is None or (level is not None and level >= minimum_level)


def covered_on(
    supplies: Iterable[Supply], reached: Mapping[str, Sequence[str]], places: Iterable[Place], day: date,
    minimum_level: int | None, positions: Positions,
) -> CoveredBits:  # fmt: skip
    """The covered factors of every place on a day."""
    found = CoveredBits(place.code for place in places)
    for supply in supplies:
        if counts_on(supply, day, minimum_level):
            found.put(supply.offering_code, positions.bits(supply.factor_codes), reached[supply.offering_code])
    return found


def changes(
    supplies: Sequence[Supply], places: Sequence[Place], *, first: date, second: date, minimum_level: int | None,
    factor_codes: Sequence[str],
) -> tuple[AreaChange, ...]:  # fmt: skip
    """Per place, in the order given, what differs between two days, for these factors and the same supplies.

    started and ended: offerings that count (active and at the minimum level) on one of the days only.
    """
    positions, reached = Positions(factor_codes), reach(supplies, places)
    before = covered_on(supplies, reached, places, first, minimum_level, positions)
    after = covered_on(supplies, reached, places, second, minimum_level, positions)
    then = {one.offering_code for one in supplies if counts_on(one, first, minimum_level)}
    now = {one.offering_code for one in supplies if counts_on(one, second, minimum_level)}
    here = {place.code: {code for code, codes in reached.items() if place.code in codes} for place in places}
    return tuple(
        AreaChange(
            place.code,
            opened=_sorted(positions, before.covered(place.code) & ~after.covered(place.code)),
            closed=_sorted(positions, after.covered(place.code) & ~before.covered(place.code)),
            started=tuple(sorted((now - then) & here[place.code])),
            ended=tuple(sorted((then - now) & here[place.code])),
        )
        for place in places
    )


def _sorted(positions: Positions, bits: int) -> tuple[str, ...]:
    return tuple(sorted(positions.names(bits)))


def expiring(
    supplies: Sequence[Supply], places: Sequence[Place], endings: Iterable[Ending], *, minimum_level: int | None,
    factor_codes: Sequence[str],
) -> tuple[Expiring, ...]:  # fmt: skip
    """Per ending agreement the gaps it opens, by day of ending and code.

    A gap opens in an area when the factor is covered there the day before and is not on the day itself, and the
    offering was one of those that worked on it: of two that end together each is named.
    """
    positions, reached = Positions(factor_codes), reach(supplies, places)
    by_day: dict[date, list[Ending]] = defaultdict(list)
    for ending in sorted(endings, key=lambda one: (one.on, one.agreement_code)):
        by_day[ending.on].append(ending)
    found = []
    for day, ones in by_day.items():
        lost = _lost(supplies, places, reached, day, minimum_level, positions)
        found += [_expiring(supplies, ending, lost, reached, positions, minimum_level) for ending in ones]
    return tuple(found)


def _lost(
    supplies: Sequence[Supply], places: Sequence[Place], reached: Mapping[str, Sequence[str]], day: date,
    minimum_level: int | None, positions: Positions,
) -> dict[str, int]:  # fmt: skip
    """Area → the factors covered the day before and not on the day: only what changes overnight is touched."""
    covered = covered_on(supplies, reached, places, day - DAY, minimum_level, positions)
    every = positions.bits(positions.codes)
    before = covered.missing(every)
    for supply in supplies:
        counted, counts = (counts_on(supply, one, minimum_level) for one in (day - DAY, day))
        if counted and not counts:
            covered.take(supply.offering_code, reached[supply.offering_code])
        elif counts and not counted:
            covered.put(supply.offering_code, positions.bits(supply.factor_codes), reached[supply.offering_code])
    return {area: missing & ~before[area] for area, missing in covered.missing(every).items()}


def _expiring(
    supplies: Sequence[Supply], ending: Ending, lost: Mapping[str, int], reached: Mapping[str, Sequence[str]],
    positions: Positions, minimum_level: int | None,
) -> Expiring:  # fmt: skip
    supply = next(one for one in supplies if one.offering_code == ending.offering_code)
    own = positions.bits(supply.factor_codes) if counts_on(supply, ending.on - DAY, minimum_level) else 0
    areas: dict[str, list[str]] = defaultdict(list)
    for area in reached[supply.offering_code]:
        for factor in positions.names(lost[area] & own):
            areas[factor].append(area)
    opens = tuple(OpenedGap(factor, tuple(codes)) for factor, codes in sorted(areas.items()))
    return Expiring(ending, is_active(supply, ending.on), opens)
