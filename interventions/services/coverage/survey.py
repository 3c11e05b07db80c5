"""The active offerings that answer a question about coverage, with what an answer shows of each."""

from collections.abc import Iterable
from dataclasses import dataclass

from config.api.access import Principal
from interventions import coverage
from interventions.models import EffectLevel, Offering
from interventions.services.coverage.cities import City, city_of
from interventions.services.coverage.questions import Question, choice_of
from interventions.services.coverage.reach import Reach, realised_reach
from interventions.services.coverage.strength import Strength, strength_of


@dataclass(frozen=True)
class CoveredOffering:
    """An active offering with everything an answer shows of it."""

    active: coverage.Active
    offering: Offering
    effect_level: EffectLevel | None
    reach: Reach | None

    @property
    def strength(self) -> Strength:
        """Four things beside each other that are never multiplied: not listed is not zero."""
        return strength_of(self.active, self.offering, self.reach)


@dataclass(frozen=True)
class Survey:
    """The active offerings that answer a question, and what could not be asked."""

    city: City
    active: tuple[coverage.Active, ...]
    shown: dict[str, CoveredOffering]
    absent: tuple[str, ...]

    @property
    def question(self) -> Question:
        return self.city.question

    @property
    def area_codes(self) -> tuple[str, ...]:
        return tuple(place.code for place in self.city.places)

    @property
    def place_name(self) -> str:
        """The areas by name; codes while monitoring is away."""
        return ", ".join(self.city.names.get(code, code) for code in self.area_codes)

    @property
    def counting(self) -> tuple[coverage.Active, ...]:
        """Those at or above the minimum level."""
        return coverage.at_least(self.active, self.question.minimum_level)

    def covered(self, actives: Iterable[coverage.Active]) -> list[CoveredOffering]:
        return [self.shown[one.supply.offering_code] for one in actives]


def survey(*, question: Question, principal: Principal) -> Survey:
    """Find the active offerings in the areas of the question together, or in the whole city. Raises as `city_of` does.

    Two queries for the city when nothing changed, six for the offerings that are active, and those of their reach.
    Without the monitoring store it still answers, without realised reach, and says that monitoring is absent.
    """
    city = city_of(question=question)
    active = coverage.select(city.supplies, choice_of(question, city.places))
    codes = [one.supply.offering_code for one in active]
    offerings = Offering.objects.filter(code__in=codes).with_facts().in_bulk()
    reach, away = realised_reach(
        municipality_code=question.municipality_code,
        offerings=list(offerings.values()),
        year=question.reach_year or question.day.year,
        principal=principal,
    )
    levels = EffectLevel.objects.in_bulk()
    shown = {
        one.supply.offering_code: CoveredOffering(
            active=one,
            offering=offerings[one.supply.offering_code],
            effect_level=None if one.level is None else levels[one.level],
            reach=reach.get(one.supply.offering_code),
        )
        for one in active
    }
    absent = tuple(sorted({*city.absent, *(("monitoring",) if away else ())}))
    return Survey(city, active, shown, absent)
