"""python -m bench.monitoring [--quick]: loading, profiles and storage of figures, against their peers in the same run.

A seeded country of neighbourhoods in districts in cities (18,400 areas × 200 indicators × 10 years; --quick: 320 × 40
× 5) in a throw-away PostgreSQL. Candidates run in turn; a ratio is the median over the rounds. Peers: for loading, COPY
of the same rows into a staging table and an upsert into a copy of our table, without any check or report; for a
profile, the raw SQL of the rows it reads; for storage, a narrow row table with a covering index.
"""

# ruff: noqa: S608 - statements over tables of this bench
import argparse
import csv
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import psycopg

from deploy.local import services

SEED = 20261121
FILE_COLUMNS = ("indicatorCode", "areaCode", "period", "statistic", "sourceCode", "value", "numerator", "denominator")


@dataclass(frozen=True)
class Size:
    """How much is made. loaded: rows per loaded file; profiled: areas with figures in the real table."""

    areas: int
    indicators: int
    years: int
    loaded: int
    profiled: int
    rounds: int


QUICK, NATIONAL = Size(320, 40, 5, 20_000, 40, 3), Size(18_400, 200, 10, 200_000, 60, 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under a minute: a small country")
    size = QUICK if parser.parse_args().quick else NATIONAL
    with tempfile.TemporaryDirectory(prefix="fm-bench-") as folder, services.started(Path(folder)) as variables:
        os.environ.update(variables)
        os.environ.update({"DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "ERROR"})
        subprocess.run([sys.executable, "manage.py", "migrate_stores", "-v", "0"], check=True)
        import django

        django.setup()
        with psycopg.connect(os.environ["MONITORING_DATABASE_OWNER_URL"], autocommit=True) as owner:
            _country(owner, size)
            _loading(owner, size)
            _profiles(owner, size)
            _storage(owner, size)


def _country(owner: Any, size: Size) -> None:
    """Cities of 100 neighbourhoods in 10 districts, all with the figures' codes."""
    owner.execute(
        """
        INSERT INTO monitoring_area (code, level, name_nl, name_en, aliases_nl, municipality_code, municipality_name,
                                     valid_from, demo, source)
        SELECT code, level, code, '', '', '', '', 0, true, 'bench' FROM (
            SELECT 'NL00' AS code, 'country' AS level
            UNION SELECT format('GM%%s', lpad((n / 100)::text, 4, '0')), 'municipality' FROM generate_series(0, %(n)s) n
            UNION SELECT format('WK%%s', lpad((n / 10)::text, 6, '0')), 'neighbourhood' FROM generate_series(0, %(n)s) n
            UNION SELECT format('BU%%s', lpad(n::text, 8, '0')), 'sub-neighbourhood' FROM generate_series(0, %(n)s) n
        ) AS made""", {"n": size.areas - 1})  # fmt: skip
    owner.execute(
        """
        INSERT INTO monitoring_areamembership (hierarchy, parent_code, child_code, valid_from, source)
        SELECT 'cbs', parent, child, 0, 'bench' FROM (
            SELECT DISTINCT 'NL00' AS parent, format('GM%%s', lpad((n / 100)::text, 4, '0')) AS child
            FROM generate_series(0, %(n)s) n
            UNION SELECT format('GM%%s', lpad((n / 100)::text, 4, '0')), format('WK%%s', lpad((n / 10)::text, 6, '0'))
            FROM generate_series(0, %(n)s) n
            UNION SELECT format('WK%%s', lpad((n / 10)::text, 6, '0')), format('BU%%s', lpad(n::text, 8, '0'))
            FROM generate_series(0, %(n)s) n
        ) AS made""", {"n": size.areas - 1})  # fmt: skip
    from monitoring.models import DataSource, Indicator, IndicatorDefinition

    DataSource.objects.create(code="bench", name_nl="Bench")
    made = [
        Indicator(code=_indicator(n), name_nl=_indicator(n), name_en="", kind="effect", unit="percent",
                  direction="lower-better", combine_areas="pooled-ratio", relevant_difference=2)
        for n in range(size.indicators)
    ]  # fmt: skip
    Indicator.objects.bulk_create(made)
    IndicatorDefinition.objects.bulk_create(IndicatorDefinition(indicator=one) for one in made)


def _indicator(number: int) -> str:
    return f"indicator-{number:03}"


def _figures(areas: list[str], years: list[int], indicators: int) -> Iterator[tuple[Any, ...]]:
    """A share per area, indicator and year, with counts; the same for the same arguments."""
    for place, area in enumerate(areas):
        for number in range(indicators):
            for year in years:
                whole = 200 + (place * 7919 + number * 104729 + SEED) % 3000
                part = (place * 31 + number * 17 + year * 13 + SEED) % whole
                yield _indicator(number), area, year, "share", "bench", round(100 * part / whole, 2), part, whole


def _loading(owner: Any, size: Size) -> None:
    import orjson

    from monitoring.services.observation_files import Delivered, load_file, load_items

    owner.execute("CREATE TABLE peer (LIKE monitoring_observation INCLUDING ALL)")
    per_area = size.indicators
    areas = [f"BU{n:08}" for n in range(min(size.areas, size.loaded // per_area))]
    batch = areas[: 20_000 // per_area]
    times: dict[str, list[float]] = {}

    for turn in range(size.rounds):
        rows = list(_figures(areas, [2000 + turn], per_area))
        text = io.StringIO()
        csv.writer(text).writerows([FILE_COLUMNS, *rows])
        content = text.getvalue().encode()
        file = Delivered(content, "text/csv", "bench")
        items = orjson.dumps([dict(zip(FILE_COLUMNS, row, strict=True))
                              for row in _figures(batch, [2100 + turn], per_area)])  # fmt: skip
        plain, small = _staged(rows), _staged(_figures(batch, [2100 + turn], per_area))
        _timed(times, "COPY + upsert", lambda plain=plain: _raw(owner, plain))
        _timed(times, "CSV, first time", lambda file=file: load_file(file))
        _timed(times, "CSV, again", lambda file=file: load_file(file))
        _timed(times, "COPY + upsert of 20,000", lambda small=small: _raw(owner, small))
        _timed(times, "JSON batch of 20,000", lambda items=items: load_items(items=orjson.loads(items), sender="bench"))

    count = len(areas) * per_area
    print(f"Loading {count:,} rows with all checks and the report; goals: CSV >= 0.60, JSON >= 0.40 of the peer")
    rows_in = {name: len(batch) * per_area if "20,000" in name else count for name in times}
    for name in times:
        peer = "COPY + upsert of 20,000" if "20,000" in name else "COPY + upsert"
        speed = rows_in[name] / median(times[name])
        print(f"  {name:24} {speed:10,.0f} rows/s  {_ratio(times, peer, name):5.2f} of {peer}")
    print()


STAGED = ("indicator_code, area_code, area_year, period_start, period_end, period_kind, statistic, source_code, value, "
          "numerator, denominator, definition_version, population, unit, qualifier, status, basis, conflict, note, "
          "citation, origin, demo, municipality_code, recorded_at")  # fmt: skip


def _staged(rows: Iterable[tuple[Any, ...]]) -> bytes:
    """The same values, ready for COPY: making them is not the peer's work."""
    text = io.StringIO()
    csv.writer(text).writerows(
        (indicator, area, year, f"{year}-01-01", f"{year + 1}-01-01", "year", statistic, source, value, part, whole,
         "", "", "percent", "exact", "final", "", "", "", "", "published", "f", "", "2026-01-01")
        for indicator, area, year, statistic, source, value, part, whole in rows
    )  # fmt: skip
    return text.getvalue().encode()


def _raw(owner: Any, content: bytes) -> None:
    """The floor: staged and upserted without a question."""
    with owner.transaction(), owner.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE staged (LIKE peer) ON COMMIT DROP")
        cursor.execute("ALTER TABLE staged ALTER COLUMN id DROP NOT NULL")
        with cursor.copy(f"COPY staged ({STAGED}) FROM STDIN (FORMAT csv, NULL 'none')") as copy:
            copy.write(content)
        cursor.execute(
            f"""INSERT INTO peer ({STAGED}) SELECT {STAGED} FROM staged
                ON CONFLICT (area_code, indicator_code, period_start, period_kind, definition_version, population,
                             statistic, source_code, area_year) DO UPDATE SET value = excluded.value,
                             numerator = excluded.numerator, denominator = excluded.denominator"""
        )


def _profiles(owner: Any, size: Size) -> None:
    """Profiles of areas with figures at all four levels."""
    from django.conf import settings
    from django.test import Client

    from monitoring.models import Area
    from monitoring.services.observation_files import Delivered, load_file
    from monitoring.services.profiles import profile_of
    from monitoring.services.values import FIELDS

    settings.ALLOWED_HOSTS = ["*"]
    below = [f"BU{n:08}" for n in range(size.profiled)]
    around = sorted({"NL00", *(f"GM{n // 100:04}" for n in range(size.profiled)),
                     *(f"WK{n // 10:06}" for n in range(size.profiled))})  # fmt: skip
    for areas in (below, around):
        text = io.StringIO()
        csv.writer(text).writerows(
            [FILE_COLUMNS, *_figures(areas, list(range(2010, 2010 + size.years)), size.indicators)]
        )
        load_file(Delivered(text.getvalue().encode(), "text/csv", "bench"))
    owner.execute("VACUUM ANALYZE monitoring_observation")
    client, times = Client(), dict[str, list[float]]()
    with psycopg.connect(os.environ["MONITORING_DATABASE_URL"]) as reader:
        for number in range(min(40, size.profiled)):
            codes = [f"BU{number:08}", f"WK{number // 10:06}", f"GM{number // 100:04}", "NL00"]
            sql = f"SELECT {', '.join(FIELDS)} FROM monitoring_observation WHERE area_code = ANY(%s)"
            area = Area.objects.get(code=codes[0])
            path = f"/v1/areas/{codes[0]}/profile"
            tag = client.get(path)["ETag"]
            _timed(times, "raw SQL of its rows", lambda sql=sql, codes=codes: reader.execute(sql, [codes]).fetchall())
            _timed(times, "built afresh", lambda area=area: profile_of(area))
            _timed(times, "as JSON, in process", lambda path=path: client.get(path))
            _timed(
                times, "304, in process", lambda path=path, tag=tag: client.get(path, headers={"If-None-Match": tag})
            )
            _timed(times, "as CSV, in process", lambda path=path: client.get(path + "?format=csv"))
    rows = size.indicators * size.years * 4
    print(f"Profile of one area, {rows:,} rows at four levels; goals: afresh <= 2.0 x raw SQL, p99 <= 3.0 x")
    for name, found in times.items():
        worst = sorted(found)[-1] / median(times["raw SQL of its rows"])
        print(f"  {name:22} {median(found) * 1e3:9.1f} ms  {_ratio(times, name, 'raw SQL of its rows'):6.2f} x, "
              f"slowest {worst:6.2f} x the median")  # fmt: skip
    print()


def _storage(owner: Any, size: Size) -> None:
    """Narrow rows with a covering index against one row per area and indicator that holds the series."""
    span = {"areas": size.areas, "indicators": size.indicators, "years": size.years}
    owner.execute("CREATE TABLE narrow (area int, indicator smallint, year smallint, value real)")
    owner.execute(
        """INSERT INTO narrow SELECT a, i, 2010 + y, (a * 31 + i * 17 + y * 13) %% 1000 / 10.0
           FROM generate_series(0, %(years)s - 1) y, generate_series(0, %(indicators)s - 1) i,
                generate_series(0, %(areas)s - 1) a""", span)  # fmt: skip
    owner.execute("CREATE UNIQUE INDEX narrow_covering ON narrow (area, indicator, year) INCLUDE (value)")
    owner.execute(
        """CREATE TABLE series AS SELECT area, indicator, array_agg(year ORDER BY year) AS years,
           array_agg(value ORDER BY year) AS values FROM narrow GROUP BY area, indicator
           ORDER BY area, indicator""")  # fmt: skip
    owner.execute("CREATE UNIQUE INDEX series_key ON series (area, indicator)")
    owner.execute("VACUUM ANALYZE narrow")
    owner.execute("VACUUM ANALYZE series")
    bytes_of = {
        name: owner.execute("SELECT pg_total_relation_size(%s)", [name]).fetchone()[0] for name in ("narrow", "series")
    }
    times: dict[str, list[float]] = {}
    for number in range(120):
        areas = [(number * 151 + step * 37) % size.areas for step in range(4)]
        for table in ("narrow", "series"):
            _timed(times, table, lambda table=table, areas=areas: owner.execute(
                f"SELECT * FROM {table} WHERE area = ANY(%s)", [areas]).fetchall())  # fmt: skip
    total = size.areas * size.indicators * size.years
    print(f"Storage of {total:,} figures; goal: series <= 0.40 of the size of narrow rows with a covering index")
    for table in ("narrow", "series"):
        print(f"  {table:22} {bytes_of[table] / 1e6:9,.0f} MB {bytes_of[table] / bytes_of['narrow']:5.2f}   "
              f"{median(times[table]) * 1e3:6.2f} ms {_ratio(times, table, 'narrow'):5.2f}")  # fmt: skip


def _timed(times: dict[str, list[float]], name: str, run: Callable[[], Any]) -> None:
    begun = perf_counter()
    run()
    times.setdefault(name, []).append(perf_counter() - begun)


def _ratio(times: dict[str, list[float]], above: str, below: str) -> float:
    return median(a / b for a, b in zip(times[above], times[below], strict=True))


if __name__ == "__main__":
    main()
