"""Gathering what coverage rests on: offerings here, areas and reach from monitoring, the ranking from factors."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts import public as accounts
from config.api.access import Principal
from config.errors import Fault, NotFound, Refusal
from config.stores import StoreAway
from factors import public as factors
from interventions import coverage
from interventions.models import EffectLevel, Offering
from interventions.services.reach import Reach, realised_reach
from interventions.services.strength import Strength, strength_of
from interventions.supplies import supply_of
from monitoring import public as monitoring


@dataclass(frozen=True)
class Question:
    """What coverage is asked for. No area codes: the whole city. See coverage.Choice for what None means."""

    municipality_code: str
    day: date
    area_codes: tuple[str, ...] = ()
    minimum_level: int | None = None
    life_phase: str | None = None
    life_domain: str | None = None
    domain_code: str | None = None
    reach_year: int | None = None


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
    """The active offerings that answer a question, and what could not be asked. supplies: all of the city."""

    question: Question
    area_codes: tuple[str, ...]
    supplies: tuple[coverage.Supply, ...]
    active: tuple[coverage.Active, ...]
    shown: dict[str, CoveredOffering]
    absent: tuple[str, ...]

    @property
    def counting(self) -> tuple[coverage.Active, ...]:
        """Those at or above the minimum level."""
        return coverage.at_least(self.active, self.question.minimum_level)

    def covered(self, actives: Iterable[coverage.Active]) -> list[CoveredOffering]:
        return [self.shown[one.supply.offering_code] for one in actives]


def survey(*, question: Question, principal: Principal) -> Survey:
    """Find the active offerings. The number of queries grows with the areas asked for, not with the offerings.

    Raises Refusal for an unknown municipality or area. Without the monitoring store it still answers, on the area codes
    as given and without realised reach, and says that monitoring is absent.
    """
    if accounts.municipality_name(code=question.municipality_code) is None:
        _refuse("municipalityCode", "unknown-municipality", _("Deze gemeente kennen wij niet."))
    places, areas_away = _places(question)
    offerings = Offering.objects.filter(municipality_code=question.municipality_code).with_facts().order_by("code")
    known = {offering.code: offering for offering in offerings}
    supplies = tuple(map(supply_of, known.values()))
    active = coverage.select(supplies, choice_of(question, places))
    reach, reach_away = realised_reach(
        municipality_code=question.municipality_code,
        offerings=[known[one.supply.offering_code] for one in active],
        year=question.reach_year or question.day.year,
        principal=principal,
    )
    levels = EffectLevel.objects.in_bulk()
    shown = {
        one.supply.offering_code: CoveredOffering(
            active=one,
            offering=known[one.supply.offering_code],
            effect_level=None if one.level is None else levels[one.level],
            reach=reach.get(one.supply.offering_code),
        )
        for one in active
    }
    absent = ("monitoring",) if areas_away or reach_away else ()
    return Survey(question, tuple(place.code for place in places), supplies, active, shown, absent)


def ranked_needs(*, question: Question, definition_code: str) -> tuple[factors.RankingView, list[coverage.RankedNeed]]:
    """The newest ranking of a definition, narrowed to the life phase and life domain asked for. Raises NotFound."""
    ranking = factors.newest_ranking(definition_code=definition_code)
    if ranking is None:
        detail = _("Deze rangschikking bestaat niet of is nog niet berekend.")
        raise NotFound(detail, [Fault("definitionCode", "no-ranking", detail, place="query", value=definition_code)])
    return ranking, [_need(factor) for factor in ranking.factors if _plays(factor, question)]


def needs_about(
    *, ranking: factors.RankingView, needs: Iterable[coverage.RankedNeed], factor_codes: Collection[str],
    outcome: str | None,
) -> list[coverage.RankedNeed]:  # fmt: skip
    """The needs narrowed to some factors, and to those with evidence on an outcome as its source published it.

    factor_codes: ours, or those of the texts, which stand for one or more of ours. One that the ranking does not have
    comes last, unranked: offerings may work on it all the same. Raises Refusal if nothing speaks about the outcome.
    """
    chosen = list(needs)
    if outcome:
        about = factors.factors_towards_outcome(
            model_code=ranking.model_code, version=ranking.model_version, outcome=outcome
        )
        if not about:
            _refuse("outcome", "unknown-outcome", _("Geen bewijs in dit model gaat over deze uitkomst."), outcome)
        chosen = [need for need in chosen if need.factor_code in about]
    if not factor_codes:
        return chosen
    translated = factors.translate_factor_codes(codes=factor_codes)
    asked = list(dict.fromkeys(code for one in factor_codes for code in (one, *translated.get(one, ()))))
    known = {factor.code for factor in ranking.factors}
    names = factors.factor_labels(codes=asked)
    outside = [code for code in asked if code not in known and (code in names or code not in translated)]
    return [need for need in chosen if need.factor_code in asked] + [
        coverage.RankedNeed(code, None, name=names.get(code, code)) for code in outside
    ]


def _need(factor: factors.RankedFactor) -> coverage.RankedNeed:
    return coverage.RankedNeed(
        factor_code=factor.code,
        dense_rank=factor.dense_rank if factor.ranked else None,
        score=factor.score,
        name=factor.name,
        kind=factor.kind,
        life_phases=frozenset(factor.life_phases),
        life_domains=frozenset(factor.life_domains),
        rank_low=factor.rank_low,
        rank_high=factor.rank_high,
    )


def _plays(factor: factors.RankedFactor, question: Question) -> bool:
    in_phase = question.life_phase is None or question.life_phase in factor.life_phases
    return in_phase and (question.life_domain is None or question.life_domain in factor.life_domains)


def choice_of(question: Question, places: tuple[coverage.Place, ...]) -> coverage.Choice:
    """The question as coverage reckons with it."""
    return coverage.Choice(
        places=places,
        day=question.day,
        minimum_level=question.minimum_level,
        life_phase=question.life_phase,
        life_domain=question.life_domain,
        domain_code=question.domain_code,
    )


def _places(question: Question) -> tuple[tuple[coverage.Place, ...], bool]:
    """The areas with what lies above and below them; True if monitoring could not be asked."""
    city = question.municipality_code
    codes = tuple(dict.fromkeys(question.area_codes)) or (city,)
    try:
        return tuple(_place(code, city) for code in codes), False
    except StoreAway:
        return tuple(coverage.Place(code, whole_city=code == city) for code in codes), True


def _place(code: str, city: str) -> coverage.Place:
    if code == city:
        return coverage.Place(code, whole_city=True)
    area = monitoring.area(code=code)
    if area is None:
        _refuse("areaCode", "unknown-area", _("Dit gebied kennen wij niet."), code)
    elif area.municipality_code != city:
        _refuse("areaCode", "area-elsewhere", _("Dit gebied ligt niet in deze gemeente."), code)
    above = frozenset(monitoring.areas_above(code=code))
    return coverage.Place(code, above=above, below=frozenset(monitoring.areas_below(code=code)))


def _refuse(key: str, code: str, detail: str, value: str | None = None) -> None:
    raise Refusal("", [Fault(key, code, detail, place="query", value=value)])
