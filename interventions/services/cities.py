"""Coverage of many areas of one city at once: its areas, its offerings, and what of them is active where."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts import public as accounts
from config.errors import Fault, Refusal
from config.stores import StoreAway
from interventions import coverage
from interventions.models import Offering
from interventions.services.coverage import Question, choice_of
from interventions.supplies import supply_of
from monitoring import public as monitoring

LEVELS = ("district", "neighbourhood", "sub-neighbourhood")


@dataclass(frozen=True)
class City:
    """places: the areas asked about, by code. unplaced: offerings in areas that the city does not have (any more);
    they count for the city as a whole only."""

    question: Question
    places: tuple[coverage.Place, ...]
    names: dict[str, str]
    offerings: dict[str, Offering]
    supplies: tuple[coverage.Supply, ...]
    unplaced: tuple[str, ...]
    absent: tuple[str, ...]

    def active_in(self, place: coverage.Place) -> tuple[coverage.Active, ...]:
        """The active offerings that reach one of the places, also those below the minimum level."""
        return coverage.select(self.supplies, choice_of(self.question, (place,)))


def city_of(*, question: Question, area_level: str) -> City:
    """The areas of a level, or those the question names. Five queries, however many areas.

    Raises Refusal for an unknown municipality or area. Without the monitoring store only the areas named are looked at,
    or else the city as a whole, without what lies above or below them; it then says that monitoring is absent.
    """
    if accounts.municipality_name(code=question.municipality_code) is None:
        _refuse("municipalityCode", "unknown-municipality", _("Deze gemeente kennen wij niet."))
    rows = Offering.objects.filter(municipality_code=question.municipality_code).with_facts().order_by("code")
    offerings = {offering.code: offering for offering in rows}
    supplies = tuple(map(supply_of, offerings.values()))
    try:
        areas = monitoring.city_places(municipality_code=question.municipality_code, year=question.day.year)
    except StoreAway:
        codes = question.area_codes or (question.municipality_code,)
        places = tuple(coverage.Place(code, whole_city=code == question.municipality_code) for code in codes)
        return City(question, places, {}, offerings, supplies, (), ("monitoring",))
    places = _chosen(question, area_level, areas)
    names = {area.code: area.name for area in areas}
    return City(question, places, names, offerings, supplies, _unplaced(supplies, areas), ())


def _chosen(question: Question, level: str, areas: tuple[monitoring.PlaceView, ...]) -> tuple[coverage.Place, ...]:
    city = question.municipality_code
    known = {area.code: coverage.Place(area.code, area.above, area.below, area.code == city) for area in areas}
    if not question.area_codes:
        return tuple(known[area.code] for area in areas if area.level == level)
    for code in question.area_codes:
        if code not in known:
            _refuse("areaCode", "unknown-area", _("Dit gebied had deze gemeente in dat jaar niet."), code)
    return tuple(known[code] for code in sorted(set(question.area_codes)))


def _unplaced(supplies: tuple[coverage.Supply, ...], areas: tuple[monitoring.PlaceView, ...]) -> tuple[str, ...]:
    known = {code for area in areas for code in (area.code, *area.above)}
    return tuple(one.offering_code for one in supplies if not one.city_wide and not one.area_codes & known)


def _refuse(key: str, code: str, detail: str, value: str | None = None) -> None:
    raise Refusal("", [Fault(key, code, detail, place="query", value=value)])
