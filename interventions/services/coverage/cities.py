"""Coverage of many areas of one city at once: its areas, its offerings, and what of them is active where."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts import public as accounts
from config.errors import Fault, Refusal
from interventions import coverage
from interventions.services.coverage.kept import city_now
from interventions.services.coverage.questions import Question, choice_of
from monitoring import public as monitoring

LEVELS = ("district", "neighbourhood", "sub-neighbourhood")


@dataclass(frozen=True)
class City:
    """places: the areas asked about, by code. unplaced: offerings in areas that the city does not have (any more);
    they count for the city as a whole only."""

    question: Question
    places: tuple[coverage.Place, ...]
    names: dict[str, str]
    supplies: tuple[coverage.Supply, ...]
    unplaced: tuple[str, ...]
    absent: tuple[str, ...]

    def active_in(self, place: coverage.Place) -> tuple[coverage.Active, ...]:
        """The active offerings that reach one of the places, also those below the minimum level."""
        return coverage.select(self.supplies, choice_of(self.question, (place,)))


def city_of(*, question: Question, area_level: str | None = None) -> City:
    """The areas the question names, else those of a level, else the city as one area.

    Three queries, however many areas, when nothing changed.

    Raises Refusal for an unknown municipality or area. Without the monitoring store areas are as they were last seen;
    if they never were, only the areas named are looked at, or else the city as a whole, without what lies above or
    below them. It then says that monitoring is absent.
    """
    if accounts.municipality_name(code=question.municipality_code) is None:
        detail = _("Deze gemeente kennen wij niet.")
        raise Refusal("", [Fault("municipalityCode", "unknown-municipality", detail, place="query")])
    now = city_now(municipality_code=question.municipality_code, year=question.day.year)
    absent = ("monitoring",) if now.away else ()
    if not now.areas:
        codes = question.area_codes or (question.municipality_code,)
        places = tuple(coverage.Place(code, whole_city=code == question.municipality_code) for code in codes)
        return City(question, places, {}, now.supplies, (), absent)
    places = _chosen(question, area_level, now.areas)
    names = {area.code: area.name for area in now.areas}
    return City(question, places, names, now.supplies, _unplaced(now.supplies, now.areas), absent)


def _chosen(
    question: Question, level: str | None, areas: tuple[monitoring.PlaceView, ...]
) -> tuple[coverage.Place, ...]:
    city = question.municipality_code
    known = {area.code: coverage.Place(area.code, area.above, area.below, area.code == city) for area in areas}
    if not question.area_codes and level is not None:
        return tuple(known[area.code] for area in areas if area.level == level)
    chosen = tuple(sorted(set(question.area_codes))) or (city,)
    if faults := [_unknown(code, city) for code in chosen if code not in known and code != city]:
        raise Refusal("", faults)
    return tuple(known.get(code, coverage.Place(code, whole_city=True)) for code in chosen)


def _unknown(code: str, city: str) -> Fault:
    """Why the city does not have this area: it lies elsewhere, it had another code that year, or nobody knows it."""
    area = monitoring.area(code=code)
    elsewhere = area is not None and area.municipality_code != city
    detail = (
        _("Dit gebied ligt niet in deze gemeente.") if elsewhere
        else _("Dit gebied kennen wij niet.") if area is None
        else _("Dit gebied had deze gemeente in dat jaar niet.")
    )  # fmt: skip
    return Fault("areaCode", "area-elsewhere" if elsewhere else "unknown-area", detail, place="query", value=code)


def _unplaced(supplies: tuple[coverage.Supply, ...], areas: tuple[monitoring.PlaceView, ...]) -> tuple[str, ...]:
    known = {code for area in areas for code in (area.code, *area.above)}
    return tuple(one.offering_code for one in supplies if not one.city_wide and not one.area_codes & known)
