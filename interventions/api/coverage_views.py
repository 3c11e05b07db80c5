"""Coverage: supply against need."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from config.api.access import Public
from config.api.formats import JsonRenderer
from config.api.resources import SingleResource
from config.errors import Fault, Refusal
from factors import public as factors
from interventions import coverage
from interventions.api import coverage_serializers as shapes
from interventions.api import queries
from interventions.api.matrix_formats import MatrixCsvRenderer, MatrixSvgRenderer, MatrixXlsxRenderer
from interventions.codes import LIFE_DOMAINS, LIFE_PHASES, PREVENTION_LEVELS
from interventions.services.closers import closers
from interventions.services.coverage import Question, Survey, needs_about, ranked_needs, survey

Domains = list[tuple[str, factors.DomainEntry]]


class CoverageView(SingleResource):
    """Shared by the three questions: find the active offerings, and say what the answer rests on."""

    access = {"GET": Public("coverage.read")}

    def surveyed(self) -> Survey:
        if self.params["domainCode"]:
            self.domains()
        return survey(question=self._question(), principal=self.principal)

    def _question(self) -> Question:
        asked = self.params
        return Question(
            municipality_code=asked["municipalityCode"],
            day=asked["activeOn"] or timezone.localdate(),
            area_codes=tuple(asked["areaCode"]),
            minimum_level=asked["minimumLevel"],
            life_phase=asked["lifePhase"],
            life_domain=asked["lifeDomain"],
            domain_code=asked["domainCode"],
            reach_year=asked["reachYear"],
        )

    def domains(self) -> Domains:
        return known_domains(self.params["domainCode"])


def known_domains(asked: str | None) -> Domains:
    """(pillar code, domain) in order, narrowed to the one asked for. Raises Refusal if there is no such domain."""
    every = [(pillar.code, domain) for pillar in factors.pillars() for domain in pillar.domains]
    chosen = [(pillar, domain) for pillar, domain in every if asked in (None, domain.code)]
    if not chosen:
        detail = _("Dit domein kennen wij niet.")
        raise Refusal("", [Fault("domainCode", "unknown-domain", detail, place="query", value=asked)])
    return chosen


def _base(found: Survey) -> dict[str, Any]:
    return {"survey": found, "offeringCount": len(found.active), "explanation": _explanation(found)}


def _explanation(found: Survey) -> list[str]:
    lines = [
        _("Aanbod voor de hele stad telt voor elk gebied mee, net als aanbod voor een gebied waar dit gebied in ligt."),
        _("Aanbod in een deel van het gebied telt ook mee; 'via' zegt hoe aanbod het gebied bereikt."),
        _("Een verlopen afspraak telt niet als actief; aanbod zonder afspraak loopt volgens zijn eigen data."),
        _("Niet vermeld op de effectladder betekent niet: werkt niet."),
    ]
    if found.absent:
        lines.append(
            _("De monitoring is even niet bereikbaar: bereik ontbreekt en de ligging van gebieden is niet nagegaan.")
        )
    return lines


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
    known = closers(question=found.question, factor_codes=codes, supplies=found.supplies)
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
    """Preventiematrix: per domein of ambitie het actieve aanbod, verdeeld over universeel, selectief en geïndiceerd.

    Aanbod van een interventie zonder preventieniveau staat in de kolom `not-stated`. Ook als CSV, als werkblad (XLSX)
    om op tafel te leggen, en als kleurenkaart (SVG) met de tekst erbij.
    """

    query = queries.MatrixQuery
    item = shapes.CoverageMatrixSerializer
    renderer_classes = [JsonRenderer, MatrixCsvRenderer, MatrixXlsxRenderer, MatrixSvgRenderer]

    def thing(self) -> dict[str, Any]:
        found = self.surveyed()
        cells = coverage.matrix(found.counting, [one.code for _, one in known_domains(None)], PREVENTION_LEVELS)
        rows = [head | {"cells": _cells(found, cells, domains)} for head, domains in self._heads()]
        without = [one.supply.offering_code for one in found.counting if not one.supply.domain_codes]
        return _base(found) | {"rows": rows, "offeringsWithoutDomain": without}

    def _heads(self) -> list[tuple[dict[str, Any], set[str]]]:
        """What each row is called and the domains it takes in: an ambition for a pillar takes in all of its domains."""
        chosen = self.domains()
        if self.params["rowsBy"] == "domain":
            return [
                ({"domainCode": d.code, "ambitionCode": None, "name": d.name, "pillarCode": pillar}, {d.code})
                for pillar, d in chosen
            ]
        ambitions = factors.ambitions(municipality_code=self.params["municipalityCode"], variant=self.params["variant"])
        rows = []
        for one in ambitions:
            domains = {
                d.code for pillar, d in chosen if one.domain_code in (None, d.code) and pillar == one.pillar_code
            }
            head = {"domainCode": one.domain_code, "ambitionCode": one.code, "name": one.name,
                    "pillarCode": one.pillar_code}  # fmt: skip
            rows += [(head, domains)] if domains else []
        return rows


def _cells(found: Survey, cells: tuple[coverage.Cell, ...], domains: set[str]) -> list[dict[str, Any]]:
    """A column per prevention level; an offering for two domains of a row stands in it once."""
    shown = []
    for level in (*PREVENTION_LEVELS, coverage.NOT_STATED):
        here = [cell.offerings for cell in cells if cell.prevention_level == level and cell.domain_code in domains]
        once = {one.supply.offering_code: one for offerings in here for one in offerings}
        shown.append({"preventionLevel": level, "offerings": found.covered(once[code] for code in sorted(once))})
    return shown
