"""Coverage of every neighbourhood of a city: where it is thin, how it is spread, what runs out and what changed."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from config.api.access import Needs, Public
from config.api.resources import SingleResource
from config.days import today
from config.errors import Fault, NotFound, Refusal
from interventions import coverage
from interventions.access import works_for
from interventions.api import city_serializers as shapes
from interventions.api import queries
from interventions.api.coverage_views import known_domains, question_of
from interventions.api.explaining import areas_absent, explanation
from interventions.services.coverage.cities import City, city_of
from interventions.services.coverage.priorities import priorities
from interventions.services.coverage.questions import Question
from interventions.services.coverage.turning import ExpiringAgreement, Watched, expiring, turned


class CityView(SingleResource):
    """Shared by the questions about every area."""

    access = {"GET": Public("coverage.read")}

    def question(self) -> Question:
        known_domains(self.params["domainCode"])
        return question_of(self.params)

    def city(self) -> City:
        return city_of(question=self.question(), area_level=self.params["areaLevel"])

    def ranked(self) -> dict[str, Any]:
        """What the ranked questions ask besides."""
        asked = self.params
        return {"area_level": asked["areaLevel"], "definition_code": asked["definitionCode"], "top": asked["top"]}


def _base(city: City, absent: tuple[str, ...] | None = None) -> dict[str, Any]:
    missing = city.absent if absent is None else absent
    lines = explanation(absent=areas_absent() if missing else "", parts=False)
    return {"city": city, "absent": missing, "explanation": lines}


class CoveragePrioritiesView(CityView):
    """Witte vlekken op volgorde per gebied: weging van rangschikking, nood en ontbrekend aanbod.

    prioriteit = score ÷ hoogste score × nood (slechter 1, gelijk of onbekend 0,5, beter 0) × gemis (geen aanbod 1,
    alleen onder de laagste trede 0,5). Een onbekende nood is aangegeven. De formule is van ons. De nood is het minst
    gunstige oordeel dat bekend is van de indicatoren van de factor, volgens de vergelijkregel van de gebiedsadviseur.
    """

    query = queries.PriorityQuery
    item = shapes.CoveragePrioritiesSerializer

    def thing(self) -> dict[str, Any]:
        found = priorities(question=self.question(), **self.ranked())
        return _base(found.city, found.absent) | {
            "ranking": found.ranking,
            "top": self.params["top"],
            "formula": coverage.FORMULA,
            "areas": found.areas,
            "closers": [{"factorCode": code, "interventions": ones} for code, ones in sorted(found.closers.items())],
        }


class CoverageDiversityView(CityView):
    """Spreiding van het aanbod per gebied, met het deel dat bewezen is: trede 2 of hoger."""

    query = queries.AreasQuery
    item = shapes.CoverageDiversitySerializer

    def thing(self) -> dict[str, Any]:
        city = self.city()
        whole = coverage.Place(city.question.municipality_code, whole_city=True)
        return _base(city) | {
            "whole": coverage.diversity(city.active_in(whole)),
            "areas": [
                {
                    "areaCode": place.code,
                    "name": city.names.get(place.code, place.code),
                    "diversity": coverage.diversity(city.active_in(place)),
                }
                for place in city.places
            ],
        }


class CoverageOverlapsView(CityView):
    """Overlap: meer dan één aanbod voor dezelfde factor en levensfase in hetzelfde gebied.

    Overlap is niet verkeerd op zich; zij is een gesprek waard.
    """

    query = queries.AreasQuery
    item = shapes.CoverageOverlapsSerializer

    def thing(self) -> dict[str, Any]:
        city = self.city()
        found = {place.code: coverage.overlaps(city.active_in(place)) for place in city.places}
        return _base(city) | {
            "areas": [
                {"areaCode": code, "name": city.names.get(code, code), "overlaps": overlaps}
                for code, overlaps in found.items()
                if overlaps
            ]
        }


class CoverageExpiringView(CityView):
    """Aflopende afspraken, met de witte vlekken die daardoor ontstaan; alleen binnen de eigen gemeente."""

    access = {"GET": Needs("agreements.read")}
    query = queries.ExpiringQuery
    item = shapes.CoverageExpiringSerializer

    def thing(self) -> dict[str, Any]:
        question = self.question()
        if not works_for(self.principal, question.municipality_code):
            raise NotFound()
        first = self.params["endsFrom"] or today()
        last = self.params["endsUntil"] or date(first.year, 12, 31)
        _in_order("endsUntil", first, last)
        watched, found = expiring(question=question, ends_from=first, ends_until=last, **self.ranked())
        return _watched(watched, self.params["top"]) | {
            "endsFrom": first,
            "endsUntil": last,
            "agreements": [_expiring(one, watched) for one in found],
        }


class CoverageChangesView(CityView):
    """Verandering van de dekking tussen twee dagen, per gebied: wat open kwam te liggen en wat is gevuld."""

    query = queries.ChangesQuery
    item = shapes.CoverageChangesSerializer

    def thing(self) -> dict[str, Any]:
        first, second = self.params["dayFrom"], self.params["dayUntil"] or today()
        _in_order("dayUntil", first, second)
        found = turned(question=self.question(), first=first, second=second, **self.ranked())
        areas = [area for area in found.areas if area.opened or area.closed or area.started or area.ended]
        dated = {"dayFrom": first, "dayUntil": second, "areas": areas}
        return _watched(found.watched, self.params["top"]) | dated


def _watched(watched: Watched, top: int) -> dict[str, Any]:
    return _base(watched.city) | {"ranking": watched.ranking, "top": top}


def _in_order(key: str, first: date, second: date) -> None:
    if second < first:
        raise Refusal("", [Fault(key, "ends-before-start", _("Het einde ligt voor het begin."), place="query")])


def _expiring(one: ExpiringAgreement, watched: Watched) -> dict[str, Any]:
    needs = watched.needs
    return {
        "agreementCode": one.agreement.code,
        "offeringCode": one.agreement.offering_id,
        "offeringName": one.agreement.offering.name_nl,
        "organisationCode": one.agreement.offering.organisation_id,
        "lastDay": one.last_day,
        "validUntil": one.agreement.valid_until,
        "goesOn": one.expiring.goes_on,
        "opensGaps": [
            {
                "factorCode": gap.factor_code,
                "name": needs[gap.factor_code].name,
                "denseRank": needs[gap.factor_code].dense_rank,
                "areaCodes": list(gap.area_codes),
            }
            for gap in sorted(one.expiring.opens, key=lambda gap: (needs[gap.factor_code].dense_rank, gap.factor_code))
        ],
    }
