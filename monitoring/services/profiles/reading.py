"""Reading what a profile needs in a constant number of queries, and building it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from config.languages import label
from monitoring.models import (
    Area,
    AreaMembership,
    DataSource,
    Indicator,
    IndicatorDefinition,
    IndicatorLink,
)
from monitoring.periods import Period
from monitoring.profile import AreaRef, IndicatorProfile, Peer, profiles
from monitoring.series import Series
from monitoring.services.figures.meaning import MEANING, Meaning, meaning
from monitoring.services.figures.values import series_of, stamps_in, states_of, values_of
from monitoring.services.profiles.company import Chosen, company

STILL = 9999  # later than any end: what holds then has no end


@dataclass(frozen=True)
class AreaProfile:
    """An area with its figures. above: areas it lies in, nearest first; nearest: the nearest of them with figures.

    stamps: of every area whose figures are in here and of MEANING, from before these were read (figures/series.py).
    """

    area: Area
    above: tuple[Area, ...]
    profiles: tuple[IndicatorProfile, ...]
    indicators: dict[str, Indicator]
    definitions: dict[str, tuple[IndicatorDefinition, ...]]
    links: dict[str, tuple[IndicatorLink, ...]]
    sources: dict[str, DataSource]
    nearest: Area | None
    stamps: dict[str, int]
    chosen: Chosen | None = None

    @property
    def peers(self) -> tuple[Peer, ...]:
        """What the figures are set beside, whether or not there is a figure."""
        parents = tuple(Peer("parent", area.code, area.level) for area in self.above)
        return self.chosen.peers if self.chosen else parents

    @property
    def names(self) -> dict[str, str]:
        """Of every area that figures are set beside."""
        return {code: label(area) for code, area in self.around.items()}

    @property
    def around(self) -> dict[str, Area]:
        return {area.code: area for area in self.above} | (self.chosen.areas if self.chosen else {})


def profile_of(area: Area, *, year: int | None = None, against: Sequence[str] = (), on: Sequence[str] = (),
               indicator: str = "", period: Period | None = None, known: Meaning | None = None
               ) -> AreaProfile:  # fmt: skip
    """The profile of one vintage of an area from official figures. At most seven queries, whatever its size, and a
    few more with `against`.

    known: what figures mean, if that was read before the area was; the profile may then be kept by its stamps.
    year: in which to see what it lies in; without it the last year of the vintage, or now. against, on: what to set
    its figures beside (company.py); without it all areas it lies in. indicator: only this one. period: as if nothing
    after it was known, and only series that have a figure of it.
    Raises Refusal for a word of `against` that is no area.
    """
    known = known or meaning()
    above = _areas_above(area, year or _last_year(area), known)
    chosen = company(area, above, against, year=year, on=on, indicator=indicator) if against else None
    others = sorted({*(other.code for other in above), *(chosen.codes if chosen else ())} - {area.code})
    states = states_of([area.code, *others])
    own = _of_vintage(area, series_of(area.code, states, indicator=indicator))
    own = _until(period, own) if period else own
    beside = values_of(others, states, indicator=indicator, beside=own or None)
    codes = {one.indicator_code for one in own}
    indicators = {code: thing for code, thing in known.indicators.items() if code in codes}
    found = profiles(
        area=_ref(area), above=[_ref(other) for other in above], indicators=[known.facts[code] for code in indicators],
        own=own, others=beside, peers=chosen.peers if chosen else None,
    )  # fmt: skip
    with_figures = {value.area_code for value in beside if value.value is not None}
    return AreaProfile(
        area=area, above=above, profiles=found, indicators=indicators,
        definitions=known.definitions, sources=known.sources,
        links={code: known.links[code] for code in indicators if code in known.links},
        nearest=next((other for other in above if other.code in with_figures), None),
        stamps={MEANING: known.stamp} | stamps_in(states, [area.code, *others]),
        chosen=chosen,
    )  # fmt: skip


def _last_year(area: Area) -> int:
    return STILL if area.valid_until is None else area.valid_until - 1


def _areas_above(area: Area, year: int, known: Meaning) -> tuple[Area, ...]:
    return tuple(known.areas(AreaMembership.objects.above(area.code, year)).values())


def _of_vintage(area: Area, own: Iterable[Series]) -> list[Series]:
    """What was measured on the area as it was in this vintage."""
    first, end = area.valid_from, STILL if area.valid_until is None else area.valid_until
    if (first, end) == (0, STILL):
        return list(own)
    found = (one.where(lambda year, _period: first <= year < end) for one in own)
    return [one for one in found if one]


def _until(period: Period, own: Iterable[Series]) -> list[Series]:
    """Figures up to the period, in series that reach it."""
    found = (one.where(lambda _year, other: other.start <= period.start) for one in own if period in one.periods)
    return [one for one in found if one]


def _ref(area: Area) -> AreaRef:
    return AreaRef(area.code, area.level)
