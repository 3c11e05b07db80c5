"""What the rows of a prevention matrix are about: domains, ambitions or societal results; and the reach of a cell."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from config.stores import StoreAway
from factors import public as factors
from interventions import coverage
from interventions.services.coverage.survey import CoveredOffering, Survey
from monitoring import public as monitoring

Domains = list[tuple[str, factors.DomainEntry]]
NO_RESULT = dict.fromkeys(("resultId", "areaCode", "targetPeriod", "state"))


@dataclass(frozen=True)
class Head:
    """A row: how it is shown, the domains it takes in, and the area it is about (None: all that were asked about)."""

    shown: dict[str, Any]
    domain_codes: frozenset[str]
    place: coverage.Place | None = None

    def takes(self, supply: coverage.Supply) -> bool:
        """Is the offering meant for one of the domains, and does it reach the area?"""
        meant = bool(supply.domain_codes & self.domain_codes)
        return meant and (self.place is None or coverage.way_to(self.place, supply) is not None)


def heads_by_domain(domains: Domains) -> list[Head]:
    return [
        Head({**NO_RESULT, "domainCode": one.code, "ambitionCode": None, "name": one.name, "pillarCode": pillar},
             frozenset({one.code}))
        for pillar, one in domains
    ]  # fmt: skip


def heads_by_ambition(domains: Domains, *, municipality_code: str, variant: str) -> list[Head]:
    """An ambition for a pillar takes in all of its domains; ambitions without a domain asked for are left out."""
    every = factors.ambitions(municipality_code=municipality_code, variant=variant)
    return [head for one in every if (head := _of_ambition(one, domains)).domain_codes]


def _of_ambition(one: factors.AmbitionEntry, domains: Domains) -> Head:
    taken = {d.code for pillar, d in domains if one.domain_code in (None, d.code) and pillar == one.pillar_code}
    shown = {**NO_RESULT, "domainCode": one.domain_code, "ambitionCode": one.code, "name": one.name,
             "pillarCode": one.pillar_code}  # fmt: skip
    return Head(shown, frozenset(taken))


def heads_by_result(domains: Domains, found: Survey) -> tuple[list[Head], bool]:
    """The societal results of the areas asked about, in the order of their targets; True if monitoring is away.

    A question about the whole city is about the results of all its areas.
    """
    city = found.question.municipality_code
    try:
        results = monitoring.results_of(municipality_code=city)
        areas = monitoring.city_places(municipality_code=city, year=found.question.day.year)
    except StoreAway:
        return [], True
    places = {area.code: coverage.Place(area.code, area.above, area.below, area.code == city) for area in areas}
    ambitions = {
        head.shown["ambitionCode"]: head
        for variant in ("youth", "all-ages")
        for head in heads_by_ambition(domains, municipality_code=city, variant=variant)
    }
    asked = set(found.area_codes)
    return [
        _of_result(one, ambitions[one.ambition_code], places.get(one.area_code, coverage.Place(one.area_code)))
        for one in results
        if one.ambition_code in ambitions and (city in asked or one.area_code in asked)
    ], False


def _of_result(one: monitoring.ResultView, ambition: Head, place: coverage.Place) -> Head:
    shown = {**ambition.shown, "name": one.statement, "resultId": one.id, "areaCode": one.area_code,
             "targetPeriod": one.period, "state": one.state}  # fmt: skip
    return Head(shown, ambition.domain_codes, place)


def reach_together(offerings: Iterable[CoveredOffering]) -> dict[str, int | None]:
    """Intended and realised reach of a cell: sums of what is known, None when nothing is; and of how many it is known.

    Counts participations, not people. A released figure is about an intervention in the whole city: it counts once,
    however many offerings the intervention has here.
    """
    every = list(offerings)
    intended = [one.offering.intended_reach for one in every if one.offering.intended_reach is not None]
    realised = {
        one.offering.code if one.reach.subject == "offering" else one.offering.intervention_id: one.reach.value
        for one in every
        if one.reach is not None and one.reach.value is not None
    }
    return {
        "intended": sum(intended) if intended else None,
        "intendedKnown": len(intended),
        "realised": sum(realised.values()) if realised else None,
        "realisedKnown": len(realised),
    }
