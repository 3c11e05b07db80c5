"""Coverage: supply against need."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from config.api.access import Public
from config.api.formats import JsonRenderer
from config.api.resources import SingleResource
from config.days import today
from config.errors import Fault, Refusal
from factors import public as factors
from interventions import coverage
from interventions.access import knows_working_figures
from interventions.api import coverage_serializers as shapes
from interventions.api import queries
from interventions.api.explaining import explanation, reach_absent
from interventions.api.matrix_formats import MatrixCsvRenderer, MatrixSvgRenderer, MatrixXlsxRenderer
from interventions.codes import LIFE_DOMAINS, LIFE_PHASES, PREVENTION_LEVELS
from interventions.services.coverage.closers import closers
from interventions.services.coverage.matrix_rows import (
    Domains,
    Head,
    heads_by_ambition,
    heads_by_domain,
    heads_by_result,
    reach_together,
)
from interventions.services.coverage.questions import Question, needs_about, ranked_needs
from interventions.services.coverage.survey import Survey, survey


class CoverageView(SingleResource):
    """Shared by the three questions: find the active offerings, and say what the answer rests on."""

    access = {"GET": Public("coverage.read")}

    def surveyed(self) -> Survey:
        city = self.params["municipalityCode"]
        self.tells_of(city, everybody=not knows_working_figures(self.principal, city))
        if self.params["domainCode"]:
            self.domains()
        return survey(question=question_of(self.params), principal=self.principal)

    def domains(self) -> Domains:
        return known_domains(self.params["domainCode"])


def question_of(asked: dict[str, Any]) -> Question:
    """What the query keys ask about. Without a day it is about today."""
    return Question(
        municipality_code=asked["municipalityCode"],
        day=asked["activeOn"] or today(),
        area_codes=tuple(asked["areaCode"]),
        minimum_level=asked["minimumLevel"],
        life_phase=asked["lifePhase"],
        life_domain=asked["lifeDomain"],
        domain_code=asked["domainCode"],
        reach_year=asked.get("reachYear"),
    )


def known_domains(asked: str | None) -> Domains:
    """(pillar code, domain) in order, narrowed to the one asked for. Raises Refusal if there is no such domain."""
    every = [(pillar.code, domain) for pillar in factors.pillars() for domain in pillar.domains]
    chosen = [(pillar, domain) for pillar, domain in every if asked in (None, domain.code)]
    if not chosen:
        detail = _("Dit domein kennen wij niet.")
        raise Refusal("", [Fault("domainCode", "unknown-domain", detail, place="query", value=asked)])
    return chosen


def _base(found: Survey) -> dict[str, Any]:
    lines = explanation(absent=reach_absent() if found.absent else "")
    return {"survey": found, "offeringCount": len(found.active), "explanation": lines}


class CoverageFactorsView(CoverageView):
    """Dekking per factor: welk actief aanbod werkt aan de factoren van een rangschikking, en wat het register kent.

    Alle factoren van de rangschikking, in haar volgorde, ook die zonder aanbod; of alleen de factoren (`factorCode`) of
    de uitkomst (`outcome`) waar de vraag over gaat. Aanbod dat via één stap van het model werkt, staat apart en telt
    niet als dekking. Een levensfase of leefgebied geldt voor zowel de factoren als het aanbod.
    """

    query = queries.FactorCoverageQuery
    item = shapes.FactorCoverageSerializer

    def thing(self) -> dict[str, Any]:
        found = self.surveyed()
        ranking, needs = ranked_needs(question=found.question, definition_code=self.params["definitionCode"])
        asked = {"factor_codes": self.params["factorCode"], "outcome": self.params["outcome"]}
        needs = needs_about(ranking=ranking, needs=needs, **asked)
        covered = coverage.factor_coverage(needs, found.active, found.question.minimum_level)
        working = {active.supply.offering_code for one in covered for active in one.offerings}
        outside = [code for code in found.shown if code not in working]
        rows = _factor_rows(found, ranking, covered)
        return _base(found) | {"ranking": ranking, "factors": rows, "offeringsWithoutRankedFactor": outside}


def _factor_rows(
    found: Survey, ranking: factors.RankingView, covered: tuple[coverage.FactorCoverage, ...]
) -> list[dict[str, Any]]:
    steps = factors.factor_steps(model_code=ranking.model_code, version=ranking.model_version)
    towards = coverage.steps_towards((step.from_code, step.to_code) for step in steps)
    codes = [one.need.factor_code for one in covered]
    known = closers(question=found.question, factor_codes=codes, supplies=found.city.supplies)
    return [
        {
            "need": one.need,
            "covered": one.covered,
            "offerings": found.covered(one.offerings),
            "indirect": [
                {"offering": found.shown[each.active.supply.offering_code], "through": each.through}
                for each in coverage.indirect(one, found.active, towards)
            ],
            "closers": known.get(one.need.factor_code, ()),
        }
        for one in covered
    ]


class CoverageGapsView(CoverageView):
    """Witte vlekken: hooggeplaatste factoren, levensfasen en domeinen zonder passend aanbod.

    Alleen aanbod op of boven de laagste trede vult een witte vlek; `belowMinimum` noemt wat daaronder blijft.
    """

    query = queries.GapQuery
    item = shapes.CoverageGapsSerializer

    def thing(self) -> dict[str, Any]:
        found = self.surveyed()
        ranking, needs = ranked_needs(question=found.question, definition_code=self.params["definitionCode"])
        covered = coverage.factor_coverage(needs, found.active, found.question.minimum_level)
        gaps = coverage.gaps(covered, self.params["top"])
        return _base(found) | {
            "ranking": ranking,
            "top": self.params["top"],
            "gaps": [{"need": g.need, "lack": g.lack, "offerings": found.covered(g.below_minimum)} for g in gaps],
            "emptyCells": self._empty_cells(found),
            "domainsWithoutOffering": self._domains_without(found),
            "diversity": coverage.diversity(found.active),
        }

    def _empty_cells(self, found: Survey) -> list[dict[str, str]]:
        asked = found.question
        phases = [asked.life_phase] if asked.life_phase else LIFE_PHASES
        domains = [asked.life_domain] if asked.life_domain else LIFE_DOMAINS
        cells = coverage.empty_cells(found.counting, phases, domains)
        return [{"lifePhase": phase, "lifeDomain": domain} for phase, domain in cells]

    def _domains_without(self, found: Survey) -> list[factors.DomainEntry]:
        entries = {domain.code: domain for _pillar, domain in self.domains()}
        return [entries[code] for code in coverage.uncovered_domains(found.counting, list(entries))]


class CoverageMatrixView(CoverageView):
    """Preventiematrix: het actieve aanbod, verdeeld over universeel, selectief en geïndiceerd.

    Per domein, ambitie of maatschappelijk resultaat; een rij van een resultaat telt wat het gebied van het resultaat
    bereikt en bedoeld is voor de domeinen van zijn ambitie. Aanbod van een interventie zonder preventieniveau staat in
    de kolom `not-stated`. Ook als CSV, als werkblad (XLSX) om op tafel te leggen, en als kleurenkaart (SVG) met tekst.
    """

    query = queries.MatrixQuery
    item = shapes.CoverageMatrixSerializer
    renderer_classes = [JsonRenderer, MatrixCsvRenderer, MatrixXlsxRenderer, MatrixSvgRenderer]

    def thing(self) -> dict[str, Any]:
        found = self.surveyed()
        heads, away = self._heads(found)
        pillars = {pillar.code: pillar.name for pillar in factors.pillars()}
        rows = [_row(found, head) | {"pillarName": pillars[head.shown["pillarCode"]]} for head in heads]
        without = [one.supply.offering_code for one in found.counting if not one.supply.domain_codes]
        base = _base(replace(found, absent=("monitoring",)) if away else found)
        return base | {"placeName": found.place_name, "rows": rows, "offeringsWithoutDomain": without}

    def _heads(self, found: Survey) -> tuple[list[Head], bool]:
        """What the rows are about; True beside it if monitoring, which knows the results, is away."""
        asked, chosen = self.params, self.domains()
        if asked["rowsBy"] == "domain":
            return heads_by_domain(chosen), False
        if asked["rowsBy"] == "ambition":
            city, variant = asked["municipalityCode"], asked["variant"]
            return heads_by_ambition(chosen, municipality_code=city, variant=variant), False
        return heads_by_result(chosen, found)


def _row(found: Survey, head: Head) -> dict[str, Any]:
    """A column per prevention level; an offering for two domains of a row stands in it once."""
    here = [one for one in found.counting if head.takes(one.supply)]
    columns = coverage.by_prevention_level(here, PREVENTION_LEVELS)
    cells = []
    for level, ones in columns.items():
        offerings = found.covered(ones)
        cells.append({"preventionLevel": level, "offerings": offerings, "reach": reach_together(offerings)})
    return {**head.shown, "cells": cells}
