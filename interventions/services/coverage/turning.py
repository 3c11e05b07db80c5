"""Coverage over time: agreements that run out and open a gap, and what differs between two days."""

from dataclasses import dataclass
from datetime import date, timedelta

from factors import public as factors
from interventions import coverage
from interventions.models import Agreement
from interventions.services.coverage.cities import City, city_of
from interventions.services.coverage.questions import Question, ranked_needs

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Watched:
    """A city with the factors of a ranking that are watched, by code their name and place."""

    city: City
    ranking: factors.RankingView
    needs: dict[str, coverage.RankedNeed]


@dataclass(frozen=True)
class ExpiringAgreement:
    """An agreement that ends, and the gaps it then opens."""

    agreement: Agreement
    expiring: coverage.Expiring

    @property
    def last_day(self) -> date:
        """The last day on which it holds."""
        return self.expiring.ending.on - DAY


@dataclass(frozen=True)
class Turned:
    """What differs per area between two days."""

    watched: Watched
    areas: tuple[coverage.AreaChange, ...]


def expiring(
    *, question: Question, area_level: str, definition_code: str, top: int, ends_from: date, ends_until: date
) -> tuple[Watched, tuple[ExpiringAgreement, ...]]:
    """Agreements whose last day lies between two days (both included), by day and code, each with the gaps it opens.

    An offering that ends on its own is not an agreement that ends. One query beside those of the city and the ranking.
    """
    watched = _watched(question, area_level, definition_code, top)
    supplies = _fitting(watched.city)
    codes = [supply.offering_code for supply in supplies]
    rows = Agreement.objects.filter(municipality_code=question.municipality_code, offering__in=codes)
    ending = rows.filter(valid_until__gt=ends_from, valid_until__lte=ends_until + DAY).select_related("offering")
    agreements = {one.code: one for one in ending.order_by("code")}
    endings = [
        coverage.Ending(one.code, one.offering_id, one.valid_until) for one in agreements.values() if one.valid_until
    ]
    found = coverage.expiring(
        supplies, watched.city.places, endings, minimum_level=question.minimum_level,
        factor_codes=sorted(watched.needs),
    )  # fmt: skip
    return watched, tuple(ExpiringAgreement(agreements[one.ending.agreement_code], one) for one in found)


def turned(*, question: Question, area_level: str, definition_code: str, top: int, first: date, second: date) -> Turned:
    """What differs between two days in every area, by the ranking and the offerings as they are known now."""
    watched = _watched(question, area_level, definition_code, top)
    areas = coverage.changes(
        _fitting(watched.city), watched.city.places, first=first, second=second,
        minimum_level=question.minimum_level, factor_codes=sorted(watched.needs),
    )  # fmt: skip
    return Turned(watched, areas)


def _watched(question: Question, area_level: str, definition_code: str, top: int) -> Watched:
    city = city_of(question=question, area_level=area_level)
    ranking, needs = ranked_needs(question=question, definition_code=definition_code)
    high = {one.factor_code: one for one in needs if one.dense_rank is not None and one.dense_rank <= top}
    return Watched(city, ranking, high)


def _fitting(city: City) -> tuple[coverage.Supply, ...]:
    """Offerings within the life phase, life domain and domain asked for."""
    choice = coverage.Choice(
        (), city.question.day, life_phase=city.question.life_phase, life_domain=city.question.life_domain,
        domain_code=city.question.domain_code,
    )  # fmt: skip
    return tuple(one for one in city.supplies if coverage.fits(one, choice))
