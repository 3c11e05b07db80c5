"""The draft of an area analysis, written by the service: figures, what stands out, the factors behind it, and gaps.

The shape is JSON from the start: what is stored, shown and printed is one and the same (DOMAIN.md §4, §9).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from accounts import public as accounts
from config.api.access import anonymous
from config.errors import Fault, Refusal
from factors import public as factors
from interventions import analysis_words as words
from interventions import coverage
from interventions.codes import LIFE_DOMAINS, LIFE_PHASES
from interventions.services.coverage.questions import Question, ranked_needs
from interventions.services.coverage.survey import survey
from monitoring import public as monitoring

TOP = 5  # dense ranks that count as high
RECENT_YEARS = 3  # our reading: an older figure is no recent one
Json = dict[str, Any]


@dataclass(frozen=True)
class Order:
    """What to analyse. definition_code: the ranking to use."""

    municipality_code: str
    area_code: str
    definition_code: str
    day: date


@dataclass(frozen=True)
class Known:
    """What the two stores say, read once."""

    ranking: factors.RankingView
    findings: tuple[monitoring.IndicatorFinding, ...]
    pillars: tuple[factors.PillarEntry, ...]
    of_domain: Mapping[str, frozenset[str]]

    @property
    def ranked(self) -> dict[str, factors.RankedFactor]:
        return {factor.code: factor for factor in self.ranking.factors}


def draft(order: Order) -> Json:
    """Write the draft. Raises Refusal for an area outside the municipality, NotFound without a ranking."""
    with translation.override("nl"):  # a document of a Dutch municipality, whatever its maker's browser asks
        return _draft(order)


def _draft(order: Order) -> Json:
    area = monitoring.area(code=order.area_code)
    if area is None or area.municipality_code != order.municipality_code:
        detail = _("Dit gebied kennen wij niet in deze gemeente.")
        raise Refusal("", [Fault("#/areaCode", "unknown-area", detail, value=order.area_code)])
    question = Question(municipality_code=order.municipality_code, day=order.day, area_codes=(order.area_code,))
    ranking, needs = ranked_needs(question=question, definition_code=order.definition_code)
    known = Known(ranking, monitoring.area_findings(area_code=order.area_code), factors.pillars(), _of_domain(ranking))
    pillars = [_pillar(pillar, known) for pillar in known.pillars]
    return {
        "area": {"code": area.code, "name": area.name, "level": area.level},
        "municipality": {"code": order.municipality_code,
                         "name": accounts.municipality_name(code=order.municipality_code)},
        "day": order.day.isoformat(),
        "pillars": pillars,
        "recurringFactors": list(_recurring(pillars, ranking)),
        "dataGaps": list(_data_gaps(known, order.day)),
        "coverage": _coverage(question, needs, ranking),
        "results": list(_results(order)),
        "ranking": [_ranked(factor) for factor in ranking.factors if factor.ranked],
        "inputs": _inputs(order, known),
    }  # fmt: skip


def _of_domain(ranking: factors.RankingView) -> dict[str, frozenset[str]]:
    """Domain → factors with a relation straight to a goal that stands for it."""
    model = {"model_code": ranking.model_code, "version": ranking.model_version}
    domains = factors.goal_domains(**model)
    found: dict[str, set[str]] = defaultdict(set)
    for goal, codes in factors.factors_of_goals(**model).items():
        found[domains.get(goal, "")] |= set(codes)
    return {domain: frozenset(codes) for domain, codes in found.items()}


def _pillar(pillar: factors.PillarEntry, known: Known) -> Json:
    return {"code": pillar.code, "name": pillar.name, "domains": [_domain(one, known) for one in pillar.domains]}


def _domain(domain: factors.DomainEntry, known: Known) -> Json:
    here = [one for one in known.findings if domain.code in one.domain_codes]
    loud = [one for one in here if one.stands_out]
    behind = _factors(domain.code, loud, known) if loud else []
    statements = [_loud(one) for one in loud]
    if loud:
        statements += [_behind(domain.name, behind, known.ranking), *_where(domain.name, behind, known.ranking)]
    return {"code": domain.code, "name": domain.name, "indicators": [_indicator(one) for one in here],
            "factors": behind, "statements": statements}  # fmt: skip


def _indicator(one: monitoring.IndicatorFinding) -> Json:
    return {
        "indicatorCode": one.code, "name": one.name, "unit": one.unit or None, "decimals": one.decimals,
        "period": one.period, "value": one.value, "status": one.status, "comparedCode": one.compared_code,
        "comparedName": one.compared_name, "comparedValue": one.compared_value, "againstCode": one.against_code,
        "againstName": one.against_name, "againstValue": one.against_value, "difference": one.difference,
        "verdict": one.word, "ground": one.ground, "why": one.why, "standsOut": one.stands_out, "source": one.source,
        "citation": one.citation or None, "factorCodes": sorted({link.code for link in one.factors}), "demo": one.demo,
    }  # fmt: skip


def _loud(one: monitoring.IndicatorFinding) -> Json:
    text = words.stands_out(
        name=one.name, own=one.compared_name or "", other=one.against_name or "", period=one.period, word=one.word,
        ground=one.ground, why=one.why, own_value=words.with_unit(one.compared_value, one.unit, one.decimals),
        other_value=words.with_unit(one.against_value, one.unit, one.decimals),
    )  # fmt: skip
    figures = [
        {"indicatorCode": one.code, "areaCode": code, "period": one.period, "value": value, "unit": one.unit or None}
        for code, value in ((one.compared_code, one.compared_value), (one.against_code, one.against_value))
    ]
    return {"kind": "stands-out", "text": text, "figures": figures, "sources": [_source(one)]}


def _source(one: monitoring.IndicatorFinding) -> str:
    return f"{one.source}: {one.citation}" if one.citation else one.source


def _factors(domain: str, loud: Iterable[monitoring.IndicatorFinding], known: Known) -> list[Json]:
    """What the model and the indicators set behind a domain: by rank, unranked ones last."""
    linked = defaultdict(set)
    for one in loud:
        for link in one.factors:
            linked[link.code].add(one.code)
    codes = (set(linked) | known.of_domain.get(domain, frozenset())) & set(known.ranked)
    found = sorted((known.ranked[code] for code in codes), key=lambda f: (f.dense_rank or 10**6, f.code))
    inside = known.of_domain.get(domain, frozenset())
    return [
        _ranked(factor) | {"indicatorCodes": sorted(linked[factor.code]), "inModel": factor.code in inside}
        for factor in found
    ]


def _ranked(factor: factors.RankedFactor) -> Json:
    return {"factorCode": factor.code, "name": factor.name, "kind": factor.kind, "denseRank": factor.dense_rank,
            "score": factor.score, "lifePhases": list(factor.life_phases),
            "lifeDomains": list(factor.life_domains)}  # fmt: skip


def _behind(domain: str, behind: list[Json], ranking: factors.RankingView) -> Json:
    text = words.behind(domain=domain, factors=[(one["name"], one["denseRank"]) for one in behind])
    figures: list[Json] = [{"factorCode": one["factorCode"], "denseRank": one["denseRank"]} for one in behind]
    figures.append({"factorCount": len(behind)})
    return {"kind": "factors-behind", "text": text, "figures": figures, "sources": [_model(ranking)]}


def _where(domain: str, behind: list[Json], ranking: factors.RankingView) -> Iterator[Json]:
    """In which life phases and life domains the high-ranked factors behind a domain lie: where to intervene."""
    high = [one for one in behind if one["denseRank"] is not None and one["denseRank"] <= TOP]
    phases, places = (Counter(code for one in high for code in one[key]) for key in ("lifePhases", "lifeDomains"))
    if not phases and not places:
        return
    text = words.where(domain=domain, count=len(high), top=TOP, phases=_in_order(phases), places=_in_order(places))
    figures = [{"lifePhase": code, "factorCount": count} for code, count in _in_order(phases)]
    figures += [{"lifeDomain": code, "factorCount": count} for code, count in _in_order(places)]
    figures.append({"factorCount": len(high), "topRank": TOP})
    yield {"kind": "where-to-intervene", "text": text, "figures": figures, "sources": [_model(ranking)]}


def _in_order(counted: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))


def _model(ranking: factors.RankingView) -> str:
    return f"{ranking.model_code} {ranking.model_version}, {ranking.method}, {ranking.snapshot_id}"


def _recurring(pillars: Iterable[Json], ranking: factors.RankingView) -> Iterator[Json]:
    """Factors behind what stands out in more than one pillar, by rank."""
    seen: dict[str, tuple[Json, dict[str, str]]] = {}
    for pillar in pillars:
        for domain in pillar["domains"]:
            for factor in domain["factors"]:
                seen.setdefault(factor["factorCode"], (factor, {}))[1][pillar["code"]] = pillar["name"]
    found = [(factor, names) for factor, names in seen.values() if len(names) > 1]
    for factor, names in sorted(found, key=lambda one: (one[0]["denseRank"] or 10**6, one[0]["factorCode"])):
        text = words.recurring(name=factor["name"], rank=factor["denseRank"], pillars=list(names.values()))
        yield {"factorCode": factor["factorCode"], "name": factor["name"], "denseRank": factor["denseRank"],
               "pillarCodes": list(names), "pillarCount": len(names), "text": text,
               "sources": [_model(ranking)]}  # fmt: skip


def _data_gaps(known: Known, day: date) -> Iterator[Json]:
    """High-ranked factors without a (recent) figure here; that too is a result."""
    of_factor = defaultdict(list)
    for one in known.findings:
        for link in one.factors:
            of_factor[link.code].append(one)
    for factor in known.ranking.factors:
        if factor.ranked and factor.dense_rank is not None and factor.dense_rank <= TOP:
            reason = _why_gap(of_factor.get(factor.code, ()), day)
            if reason:
                text = words.data_gap(name=factor.name, rank=factor.dense_rank, reason=reason)
                sources = _grounds_of(of_factor.get(factor.code, ()), known)
                yield {"factorCode": factor.code, "name": factor.name, "denseRank": factor.dense_rank,
                       "reason": reason, "text": text, "sources": sources}  # fmt: skip


def _grounds_of(found: Iterable[monitoring.IndicatorFinding], known: Known) -> list[str]:
    """The ranking that sets the factor high, and the sources of the figures that fall short."""
    return [_model(known.ranking), *sorted({_source(one) for one in found})]


def _why_gap(found: Iterable[monitoring.IndicatorFinding], day: date) -> str | None:
    every = list(found)
    with_value = [one for one in every if one.value is not None]
    if not every:
        return "no-indicator"
    if not with_value:
        return "no-value"
    return None if max(int(one.period[:4]) for one in with_value) >= day.year - RECENT_YEARS else "not-recent"


def _coverage(question: Question, needs: list[coverage.RankedNeed], ranking: factors.RankingView) -> Json:
    """What active offerings reach the area, and what is missing."""
    found = survey(question=question, principal=anonymous())
    covered = coverage.factor_coverage(needs, found.active, None)
    sources = [_model(ranking), words.supply_source(question.municipality_code, question.day.isoformat())]
    return {
        "offerings": [{"offeringCode": one.offering.code, "name": one.offering.name_nl,
                       "organisationCode": one.offering.organisation_id} for one in found.covered(found.active)],
        "gaps": [_gap(gap, sources) for gap in coverage.gaps(covered, TOP)],
        "emptyCells": [{"lifePhase": phase, "lifeDomain": place}
                       for phase, place in coverage.empty_cells(found.active, LIFE_PHASES, LIFE_DOMAINS)],
        "absent": list(found.absent),
    }  # fmt: skip


def _gap(gap: coverage.Gap, sources: list[str]) -> Json:
    need = gap.need
    text = words.coverage_gap(name=need.name, rank=need.dense_rank or 0, below=len(gap.below_minimum))
    return {"factorCode": need.factor_code, "name": need.name, "denseRank": need.dense_rank, "text": text,
            "belowMinimumCount": len(gap.below_minimum), "sources": sources}  # fmt: skip


def _results(order: Order) -> Iterator[Json]:
    for one in monitoring.results_of(municipality_code=order.municipality_code, area_code=order.area_code):
        yield {
            "id": one.id, "statement": one.statement, "motivation": one.motivation or None, "kind": one.kind,
            "rule": one.rule, "targetKind": one.target_kind, "targetAmount": one.target_amount,
            "baselinePeriod": one.baseline, "targetPeriod": one.period, "state": one.state,
            "certainty": one.certainty, "nextDue": one.next_due, "partnerCodes": list(one.partner_codes),
            "indicators": [_stood(stood) for stood in one.indicators],
            "mean": _stood(one.mean) if one.mean else None,
        }  # fmt: skip


def _stood(one: monitoring.ResultIndicatorView) -> Json:
    return {
        "indicatorCode": one.code, "name": one.name, "condition": one.condition or None, "unit": one.unit or None,
        "decimals": one.decimals, "state": one.state, "certainty": one.certainty, "ground": one.ground,
        "baseline": one.baseline, "measuredPeriod": one.measured_period, "latest": one.latest,
        "improvement": one.improvement, "expected": one.expected, "goal": one.goal, "nextDue": one.next_due,
        "points": [{"period": period, "value": value} for period, value in one.points],
    }  # fmt: skip


def _inputs(order: Order, known: Known) -> Json:
    """What the draft rests on, so that it can be made again."""
    return {
        "definitionCode": order.definition_code, "snapshotId": known.ranking.snapshot_id,
        "modelCode": known.ranking.model_code, "modelVersion": known.ranking.model_version,
        "method": known.ranking.method, "indicatorCount": len(known.findings), "day": order.day.isoformat(),
        "topRank": TOP, "recentYears": RECENT_YEARS,
    }  # fmt: skip
