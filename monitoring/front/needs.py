"""How an area does on the indicators of a factor, for weighing supply against need (DOMAIN.md §6)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from config.stores import front_door
from monitoring.models import Area, AreaMembership, Indicator, IndicatorDefinition, IndicatorLink, Observation
from monitoring.periods import Period
from monitoring.profile import AreaRef, IndicatorFacts, IndicatorProfile, profiles
from monitoring.querysets.areas import NEAREST_FIRST
from monitoring.series import Value, series_in
from monitoring.services.figures.values import FIELDS

JUDGING = ("prevalence", "measures")
WORST_FIRST = ("worse", "equal", "better")
SAID = {"worse": "worse", "no-clear-difference": "equal", "better": "better"}


@dataclass(frozen=True)
class IndicatorVerdict:
    """One indicator: worse | equal | better | unknown, of which area against which, in which period (ISO)."""

    code: str
    verdict: str
    area_code: str | None
    against_code: str | None
    period: str | None


@dataclass(frozen=True)
class FactorNeed:
    """The least favourable verdict that is known of the factor's indicators; unknown when there is none.

    indicators: every indicator that is linked to the factor, also those without a figure here.
    """

    verdict: str
    indicators: tuple[IndicatorVerdict, ...]


@front_door("monitoring")
def factor_needs(*, area_codes: Collection[str], factor_codes: Collection[str]) -> dict[str, dict[str, FactorNeed]]:
    """Area → factor → need, by the adviser's comparison rule, from official figures. A factor without link: no key.

    A context indicator says nothing about how much there is of a factor and does not count. At most ten queries.
    """
    links = _links(factor_codes)
    facts = _facts({code for codes in links.values() for code in codes})
    parents = _parents(area_codes)
    areas = {area.code: area for area in Area.objects.filter(code__in=parents).newest()}
    judge = _Judge(areas, parents, facts, _values(facts, parents))
    return {
        area: {factor: _need([judge.of(area, code) for code in codes]) for factor, codes in links.items()}
        for area in area_codes
    }


def _need(judged: Iterable[IndicatorVerdict]) -> FactorNeed:
    found = tuple(judged)
    known = [word for word in WORST_FIRST if any(one.verdict == word for one in found)]
    return FactorNeed(known[0] if known else "unknown", found)


class _Judge:
    """Profiles of areas, each made once."""

    def __init__(self, areas: Mapping[str, Area], parents: Mapping[str, set[str]], facts: Mapping[str, IndicatorFacts],
                 values: Mapping[str, list[Value]]) -> None:  # fmt: skip
        self._areas, self._parents, self._facts, self._values = areas, parents, facts, values
        self.profile = cache(self._profile)

    def of(self, area: str, indicator: str) -> IndicatorVerdict:
        profile = self.profile(area).get(indicator)
        one, against = _compared(profile, area) if profile else (None, None)
        beside = next((b for b in self._besides(one, indicator) if b.area_code == against), None)
        if beside is None:
            return IndicatorVerdict(indicator, "unknown", None, None, None)
        word = SAID.get(beside.verdict.word, "unknown")
        return IndicatorVerdict(indicator, word, one, against, beside.value.period.iso)

    def _besides(self, area: str | None, indicator: str) -> tuple[Any, ...]:
        profile = self.profile(area).get(indicator) if area else None
        return profile.benchmarks if profile else ()

    def _profile(self, code: str) -> dict[str, IndicatorProfile]:
        area = self._areas.get(code)
        if area is None:
            return {}
        above = self._above(code)
        own = [value for value in self._values.get(code, ()) if value.area_year >= area.valid_from]
        others = [value for ref in above for value in self._values.get(ref.code, ())]
        made = profiles(area=AreaRef(code, area.level), above=above, indicators=self._facts.values(),
                        own=series_in(own), others=others)  # fmt: skip
        return {one.code: one for one in made}

    def _above(self, code: str) -> list[AreaRef]:
        """What the area lies in, nearest first."""
        refs = [AreaRef(one, self._areas[one].level) for one in _climb(code, self._parents) if one in self._areas]
        return sorted(refs, key=lambda ref: (NEAREST_FIRST.index(ref.level), ref.code))


def _compared(profile: IndicatorProfile, area: str) -> tuple[str | None, str | None]:
    """Which area against which: the adviser's rule for small areas, the nearest that has a figure for others."""
    if profile.comparison is not None:
        return profile.comparison.area, profile.comparison.against
    return area, profile.benchmarks[0].area_code if profile.benchmarks else None


def _links(factor_codes: Collection[str]) -> dict[str, tuple[str, ...]]:
    rows = IndicatorLink.objects.filter(target_kind="factor", target_code__in=factor_codes, role__in=JUDGING)
    found: dict[str, set[str]] = defaultdict(set)
    for factor, indicator in rows.values_list("target_code", "indicator_id"):
        found[factor].add(indicator)
    return {factor: tuple(sorted(codes)) for factor, codes in found.items()}


def _facts(codes: Collection[str]) -> dict[str, IndicatorFacts]:
    orders: dict[str, dict[str, int]] = defaultdict(dict)
    for indicator, version, order in IndicatorDefinition.objects.filter(indicator__in=codes).values_list(
        "indicator_id", "version", "order"
    ):
        orders[indicator][version] = order
    return {
        one.code: IndicatorFacts(one.code, one.direction, one.relevant_difference, orders[one.code])
        for one in Indicator.objects.filter(code__in=codes).order_by("code")
    }


def _parents(area_codes: Collection[str]) -> dict[str, set[str]]:
    """Area → the areas it lies in directly, for the areas given and all above them. A query per level."""
    found: dict[str, set[str]] = {}
    ahead = set(area_codes)
    while ahead:
        found |= {code: set() for code in ahead}
        for child, parent in AreaMembership.objects.filter(child_code__in=ahead).values_list(
            "child_code", "parent_code"
        ):
            found[child].add(parent)
        ahead = {parent for code in ahead for parent in found[code]} - set(found)
    return found


def _climb(code: str, parents: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    ahead = set(parents[code])
    while ahead:
        found |= ahead
        ahead = {further for one in ahead for further in parents[one]} - found
    return found - {code}


def _values(indicators: Collection[str], areas: Collection[str]) -> dict[str, list[Value]]:
    rows = Observation.objects.official().filter(indicator_code__in=indicators, area_code__in=areas)
    found: dict[str, list[Value]] = defaultdict(list)
    for indicator, area, year, kind, start, end, *rest in rows.values_list(*FIELDS):
        found[area].append(Value(indicator, area, year, Period(kind, start, end), *rest))
    return found
