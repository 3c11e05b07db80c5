"""A made-up country of any size: neighbourhoods in districts in cities, indicators and figures, made by the database.

Everything follows from the codes by arithmetic, so the same size is the same country, and a run that was broken off
goes on where it stopped. The whole country (18,400 areas x 200 indicators x 10 years) is 36.8 million figures.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

FIRST_YEAR = 2015
SOURCE = "bench"
AREAS_AT_ONCE = 200

AREAS = """
INSERT INTO monitoring_area (code, level, name_nl, name_en, aliases_nl, municipality_code, municipality_name,
                             valid_from, demo, source)
SELECT code, level, 'Gebied ' || code, '', '', '', '', 0, false, 'bench' FROM (
    SELECT 'NL00' AS code, 'country' AS level
    UNION SELECT 'GM' || lpad((n / 100)::text, 4, '0'), 'municipality' FROM generate_series(0, %(n)s - 1) n
    UNION SELECT 'WK' || lpad((n / 10)::text, 6, '0'), 'neighbourhood' FROM generate_series(0, %(n)s - 1) n
    UNION SELECT 'BU' || lpad(n::text, 8, '0'), 'sub-neighbourhood' FROM generate_series(0, %(n)s - 1) n
) AS made ON CONFLICT DO NOTHING
"""
INSIDE = """
INSERT INTO monitoring_areamembership (hierarchy, parent_code, child_code, valid_from, source)
SELECT 'cbs', CASE left(code, 2) WHEN 'GM' THEN 'NL00'
              WHEN 'WK' THEN 'GM' || lpad((substr(code, 3)::int / 10)::text, 4, '0')
              ELSE 'WK' || lpad((substr(code, 3)::int / 10)::text, 6, '0') END, code, 0, 'bench'
FROM monitoring_area WHERE code <> 'NL00' ON CONFLICT DO NOTHING
"""
FIGURES = """
INSERT INTO monitoring_observation (indicator_code, area_code, area_year, period_kind, period_start, period_end,
    definition_version, population, statistic, source_code, value, unit, qualifier, status, numerator, denominator,
    basis, conflict, note, citation, origin, demo, municipality_code)
SELECT 'indicator-' || lpad(i::text, 3, '0'), a.code, y, 'year', make_date(y, 1, 1), make_date(y + 1, 1, 1), '', '',
       'share', 'bench', CASE WHEN known THEN round(100.0 * part / whole, 2) END, 'percent', 'exact',
       CASE WHEN known THEN 'final' ELSE 'missing' END, CASE WHEN known THEN part END,
       CASE WHEN known THEN whole END, '', '', '', 'bench', 'published', false, ''
FROM unnest(%(areas)s::text[], %(places)s::int[]) AS a(code, place), generate_series(0, %(indicators)s - 1) i,
     generate_series(%(first)s, %(first)s + %(years)s - 1) y,
     LATERAL (SELECT 200 + (a.place * 7919 + i * 104729) %% 3000 AS whole, (a.place + 3 * i + y) %% 97 > 0 AS known) w,
     LATERAL (SELECT (a.place * 31 + i * 17 + y * 13) %% whole AS part) p
ORDER BY a.code, i, y
"""


@dataclass(frozen=True)
class Size:
    """How large a country. neighbourhoods: the smallest areas; above ten of them lies one, above a hundred a city."""

    neighbourhoods: int
    indicators: int
    years: int

    @property
    def areas(self) -> list[str]:
        """Every code; the smallest first."""
        n = self.neighbourhoods
        codes = [f"BU{number:08}" for number in range(n)]
        codes += [f"WK{number:06}" for number in range(-(-n // 10))]
        return [*codes, *(f"GM{number:04}" for number in range(-(-n // 100))), "NL00"]

    @property
    def figures(self) -> int:
        return len(self.areas) * self.indicators * self.years


def above(code: str) -> list[str]:
    """A smallest area and what it lies in."""
    number = int(code[2:])
    return [code, f"WK{number // 10:06}", f"GM{number // 100:04}", "NL00"]


def indicator(number: int) -> str:
    return f"indicator-{number:03}"


def make_places(owner: Any, size: Size) -> None:
    """Areas, their hierarchy and indicators, where they are not there yet."""
    owner.execute(AREAS, {"n": size.neighbourhoods})
    owner.execute(INSIDE)
    _indicators(size)


def make_figures(owner: Any, size: Size) -> None:
    """What is not there yet of figures and series, saying how fast. A piece of areas is made whole or not at all."""
    sql = "SELECT area_code FROM monitoring_figurestate"
    done = {code for (code,) in owner.execute(sql).fetchall()}
    places = {code: place for place, code in enumerate(size.areas)}
    waiting = [code for code in places if code not in done]
    begun, made = perf_counter(), 0
    for some in _pieces(waiting):
        with owner.transaction():
            owner.execute(FIGURES, {"areas": some, "places": [places[code] for code in some], "first": FIRST_YEAR,
                                    "indicators": size.indicators, "years": size.years})  # fmt: skip
            owner.execute("INSERT INTO monitoring_figurestate (area_code) SELECT unnest(%s::text[])", [some])
        made += len(some) * size.indicators * size.years
        tell(f"made {made:,} of {size.figures:,} figures, {made / (perf_counter() - begun):,.0f} a second")
    if waiting:
        owner.execute("VACUUM ANALYZE monitoring_observation")
    _fold(owner, size)


def _indicators(size: Size) -> None:
    from monitoring.models import DataSource, Indicator, IndicatorDefinition, IndicatorLink

    if DataSource.objects.filter(code=SOURCE).exists():
        return
    DataSource.objects.create(code=SOURCE, name_nl="Bench")
    codes = [indicator(number) for number in range(size.indicators)]
    Indicator.objects.bulk_create(
        Indicator(code=code, name_nl=f"Aandeel {code}", name_en=f"Share {code}", kind="effect", unit="percent",
                  direction="lower-better", combine_areas="pooled-ratio", relevant_difference=2, next_expected="2026")
        for code in codes
    )  # fmt: skip
    IndicatorDefinition.objects.bulk_create(IndicatorDefinition(indicator_id=code) for code in codes)
    IndicatorLink.objects.bulk_create(
        IndicatorLink(indicator_id=code, target_kind=kind, target_code=target, role="measures", basis="bench")
        for code in codes for kind, target in (("domain", "work"), ("factor", "debt"))
    )  # fmt: skip


def _fold(owner: Any, size: Size) -> None:
    from monitoring.services.figures import series

    begun, done = perf_counter(), 0
    per_area = size.indicators * size.years
    while some := series.fold_some():
        done += some
        tell(f"folded {done:,} areas, {done * per_area / (perf_counter() - begun):,.0f} figures a second")
    if not done:
        return
    for table in ("monitoring_observationseries", "monitoring_figurestate", "monitoring_area"):
        owner.execute(f"VACUUM ANALYZE {table}")


def _pieces(codes: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(codes), AREAS_AT_ONCE):
        yield codes[start : start + AREAS_AT_ONCE]


def tell(text: str) -> None:
    """How far it is: on one line of a terminal, else a line now and then."""
    if sys.stderr.isatty():
        print(f"\r{text:<79}", end="", file=sys.stderr, flush=True)
    elif os.environ.get("BENCH_PROGRESS", "1") == "1" and perf_counter() - _told[0] > 10:
        print(f"  {text}", file=sys.stderr, flush=True)
        _told[0] = perf_counter()


_told = [0.0]
