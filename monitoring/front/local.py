"""The front door to figures of one area that say how often a factor occurs there (ranking.md §1.7)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from config.stores import front_door
from monitoring.models import IndicatorDefinition, IndicatorLink, Observation
from monitoring.periods import Period

SHARES = {"share": 1, "pooled-ratio": 0}
"""Statistics that are a share of people; of one indicator a published share is read before a computed one."""
MEASURED = ("final", "provisional", "estimated")
PER_CENT = 100.0


@dataclass(frozen=True)
class CitedObservation:
    """An observation that a figure rests on, by its whole key; value in its own unit (percent)."""

    indicator_code: str
    area_code: str
    area_year: int
    period: str
    definition_version: str
    population: str
    statistic: str
    source_code: str
    value: float
    unit: str
    status: str
    origin: str
    citation: str
    demo: bool


@dataclass(frozen=True)
class LocalValue:
    """How often a factor occurs: share 0..1, turned round where the indicator measures its opposite (`inverse`).

    reference_share, reference: the same indicator, period and definition in the reference area; None when not known.
    """

    factor_code: str
    share: float
    inverse: bool
    observation: CitedObservation
    reference_share: float | None
    reference: CitedObservation | None


@front_door("monitoring")
def local_values(
    *,
    area_code: str,
    reference_code: str | None = None,
    year: int | None = None,
    factor_codes: Collection[str] | None = None,
) -> tuple[LocalValue, ...]:
    """One figure per factor that has one in this area, by factor code. Three queries.

    Read are official observations, in percent of people, of indicators linked in the role `prevalence`: the newest
    (until the end of `year`), of the current definition before older ones, then by code of the indicator. Factors
    without such a figure are left out: unknown is not zero.
    """
    links = IndicatorLink.objects.filter(target_kind="factor", role="prevalence")
    if factor_codes is not None:
        links = links.filter(target_code__in=factor_codes)
    spoken = list(links.order_by("target_code", "indicator_id"))
    codes = {link.indicator_id for link in spoken}
    found = _observations({area_code, reference_code or area_code}, codes, year)
    here = [row for row in found if row.area_code == area_code]
    elsewhere = [row for row in found if row.area_code == reference_code]
    there = {_subject(row): row for row in sorted(elsewhere, key=lambda row: SHARES[row.statistic])}
    chosen = _best(spoken, here, _definition_orders(codes))
    return tuple(_value(link, row, there.get(_subject(row))) for link, row in chosen)


def _observations(areas: set[str], indicators: set[str], year: int | None) -> list[Observation]:
    rows = Observation.objects.official().filter(
        area_code__in=areas, indicator_code__in=indicators, unit="percent", statistic__in=list(SHARES),
        status__in=MEASURED, qualifier="exact", value__gte=0, value__lte=PER_CENT,
    )  # fmt: skip
    if year is not None:
        rows = rows.filter(period_end__lte=date(year + 1, 1, 1))
    return list(rows.order_by("indicator_code", "population", "source_code", "id"))


def _definition_orders(indicators: set[str]) -> dict[tuple[str, str], int]:
    rows = IndicatorDefinition.objects.filter(indicator_id__in=indicators)
    return {(code, version): order for code, version, order in rows.values_list("indicator_id", "version", "order")}


def _best(
    links: Iterable[IndicatorLink], rows: Iterable[Observation], orders: dict[tuple[str, str], int]
) -> list[tuple[IndicatorLink, Observation]]:
    """Per factor the link and observation that count."""
    by_indicator: dict[str, list[Observation]] = {}
    for row in rows:
        by_indicator.setdefault(row.indicator_code, []).append(row)
    best: dict[str, tuple[tuple[int, int, int], IndicatorLink, Observation]] = {}
    for link in links:
        for row in by_indicator.get(str(link.indicator_id), ()):
            order = orders.get((row.indicator_code, row.definition_version), -1)
            merit = (row.period_end.toordinal(), order, SHARES[row.statistic])
            known = best.get(link.target_code)
            if known is None or merit > known[0]:  # the first of equals stays: rows come in a fixed order
                best[link.target_code] = (merit, link, row)
    return [(link, row) for _, link, row in best.values()]


def _subject(row: Observation) -> tuple[object, ...]:
    """What two observations share that may be compared between areas: all but the area and how it was combined."""
    return (row.indicator_code, row.period_start, row.period_end, row.definition_version, row.population,
            row.source_code)  # fmt: skip


def _value(link: IndicatorLink, row: Observation, reference: Observation | None) -> LocalValue:
    return LocalValue(
        factor_code=link.target_code,
        share=_share(row, link.inverse),
        inverse=link.inverse,
        observation=_cited(row),
        reference_share=_share(reference, link.inverse) if reference else None,
        reference=_cited(reference) if reference else None,
    )


def _share(row: Observation, inverse: bool) -> float:
    share = float(row.value or 0.0) / PER_CENT
    return 1 - share if inverse else share


def _cited(row: Observation) -> CitedObservation:
    kind: Any = row.period_kind
    return CitedObservation(
        indicator_code=row.indicator_code,
        area_code=row.area_code,
        area_year=row.area_year,
        period=Period(kind, row.period_start, row.period_end).iso,
        definition_version=row.definition_version,
        population=row.population,
        statistic=row.statistic,
        source_code=row.source_code,
        value=float(row.value or 0.0),
        unit=row.unit,
        status=row.status,
        origin=row.origin,
        citation=row.citation,
        demo=row.demo,
    )


@front_door("monitoring")
def tell_prevalence(*, indicator_codes: Collection[str]) -> bool:
    """Whether any of these indicators says how often a factor occurs. One query."""
    links = IndicatorLink.objects.filter(target_kind="factor", role="prevalence")
    return links.filter(indicator_id__in=indicator_codes).exists()
