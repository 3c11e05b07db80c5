"""What coverage is asked for, and the ranked factors it is asked about."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from django.utils.translation import gettext as _

from config.errors import Fault, NotFound, Refusal
from factors import public as factors
from interventions import coverage


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
            _refuse_outcome(ranking, outcome)
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


def _refuse_outcome(ranking: factors.RankingView, outcome: str) -> None:
    """With the outcomes that are written most like it."""
    known = factors.published_outcomes(model_code=ranking.model_code, version=ranking.model_version)
    alike = get_close_matches(outcome, known, n=5, cutoff=0)
    detail = _("Geen bewijs in dit model gaat over deze uitkomst.")
    raise Refusal("", [Fault("outcome", "unknown-outcome", detail, place="query", value=outcome, expected=alike)])
