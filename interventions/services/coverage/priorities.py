"""Priority gaps per area: the ranking, the need in the area and the lack of offerings, with what would change it."""

from collections.abc import Collection
from dataclasses import dataclass

from config.stores import StoreAway
from factors import public as factors
from interventions import coverage
from interventions.coverage import Covered, PriorityGap, Verdict
from interventions.services.coverage.cities import City, city_of
from interventions.services.coverage.closers import Closer, closers
from interventions.services.coverage.questions import Question, ranked_needs
from monitoring import public as monitoring

UNKNOWN = monitoring.FactorNeed("unknown", ())


@dataclass(frozen=True)
class Datum:
    """Something that would change a line, and between which priorities it would then lie.

    kind: observation (of one of these indicators, here) | indicator-link (no indicator speaks about the factor yet) |
    recognition (a higher level of one of these interventions) | offering (of one of these interventions).
    """

    kind: str
    codes: tuple[str, ...]
    priority_low: float
    priority_high: float


@dataclass(frozen=True)
class Line:
    """One gap with what its need rests on, what would change it and which interventions would close it."""

    gap: PriorityGap
    need: monitoring.FactorNeed
    changed_by: tuple[Datum, ...]
    closable_by: tuple[str, ...]


@dataclass(frozen=True)
class AreaLines:
    """One area; `priority` adds up its lines, so that areas can be set beside each other."""

    area_code: str
    name: str
    offering_count: int
    lines: tuple[Line, ...]

    @property
    def priority(self) -> float:
        return sum(line.gap.priority for line in self.lines)


@dataclass(frozen=True)
class Priorities:
    """Areas by priority, highest first, then by code; closers per factor."""

    city: City
    ranking: factors.RankingView
    areas: tuple[AreaLines, ...]
    closers: dict[str, tuple[Closer, ...]]
    absent: tuple[str, ...]


def priorities(*, question: Question, area_level: str, definition_code: str, top: int) -> Priorities:
    """The priority gaps of every area. Raises Refusal for an unknown city or area, NotFound without a ranking.

    Without the monitoring store every need is unknown (and counts as such).
    """
    city = city_of(question=question, area_level=area_level)
    ranking, needs = ranked_needs(question=question, definition_code=definition_code)
    asked = [need for need in needs if need.dense_rank is not None and need.dense_rank <= top]
    known, away = _needs([place.code for place in city.places], [need.factor_code for need in asked])
    closing = closers(question=question, factor_codes=[need.factor_code for need in asked], supplies=city.supplies)
    highest = max((factor.score for factor in ranking.factors if factor.ranked), default=0.0)
    areas = [_area(city, place, asked, known.get(place.code, {}), closing, highest, top) for place in city.places]
    ordered = tuple(sorted(areas, key=lambda area: (-area.priority, area.area_code)))
    absent = tuple(sorted({*city.absent, *(("monitoring",) if away else ())}))
    return Priorities(city, ranking, ordered, closing, absent)


def _needs(areas: Collection[str], codes: Collection[str]) -> tuple[dict[str, dict[str, monitoring.FactorNeed]], bool]:
    try:
        return monitoring.factor_needs(area_codes=areas, factor_codes=codes), False
    except StoreAway:
        return {}, True


def _area(
    city: City, place: coverage.Place, needs: list[coverage.RankedNeed], known: dict[str, monitoring.FactorNeed],
    closing: dict[str, tuple[Closer, ...]], highest: float, top: int,
) -> AreaLines:  # fmt: skip
    active = city.active_in(place)
    gaps = coverage.priority_gaps(
        coverage.factor_coverage(needs, active, city.question.minimum_level),
        verdict_of=lambda code: Verdict(known.get(code, UNKNOWN).verdict),
        highest_score=highest,
        top=top,
    )
    lines = tuple(
        _line(gap, known.get(gap.need.factor_code, UNKNOWN), closing.get(gap.need.factor_code, ())) for gap in gaps
    )
    return AreaLines(place.code, city.names.get(place.code, place.code), len(active), lines)


def _line(gap: PriorityGap, need: monitoring.FactorNeed, closing: tuple[Closer, ...]) -> Line:
    codes = tuple(closer.intervention.code for closer in closing)
    data = []
    if (band := gap.with_a_figure) is not None:
        linked = tuple(one.code for one in need.indicators)
        data.append(Datum("observation" if linked else "indicator-link", linked, *band))
    if gap.lack is Covered.BELOW_MINIMUM:
        below = tuple(sorted({one.supply.intervention_code for one in gap.below_minimum}))
        data.append(Datum("recognition", below, 0.0, gap.priority))
    data.append(Datum("offering", codes, 0.0, gap.priority))
    return Line(gap, need, tuple(data), codes)
