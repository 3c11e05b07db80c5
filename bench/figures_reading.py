"""Profiles read in process, and what the stores take on disk."""

# ruff: noqa: S608 - statements over tables of this bench
import gc
import os
import random
from statistics import median, quantiles
from time import perf_counter
from typing import Any

import psycopg

from bench import country

SEED = 20261121


def measure_profiles(size: country.Size, *, areas: int) -> None:
    """Raw SQL of the rows, and the same profile afresh, from the store and from memory: in turn, area by area."""
    from django.utils import translation

    from monitoring.models import Area
    from monitoring.services.figures.values import FIELDS
    from monitoring.services.profiles.profile_documents import recall, shelf
    from monitoring.services.profiles.register import science

    chance, times = random.Random(SEED), dict[str, list[float]]()
    chosen = chance.sample(range(size.neighbourhoods), min(areas, size.neighbourhoods))
    narrow = "indicator_code, area_code, period_start, value"
    with psycopg.connect(os.environ["MONITORING_DATABASE_URL"], autocommit=True) as reader, translation.override("nl"):
        made_from = science("nl").mark
        _afresh(Area.objects.get(code=f"BU{chosen[0]:08}"))  # imports and what is read once per process
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)  # as the web server does (config/wsgi.py)
        for number in chosen:
            codes = country.above(f"BU{number:08}")
            area = Area.objects.get(code=codes[0])
            _timed(times, "raw SQL", lambda codes=codes: _rows(reader, ", ".join(FIELDS), codes))
            _timed(times, "raw SQL, 4 columns", lambda codes=codes: _rows(reader, narrow, codes))
            content = _timed(times, "afresh, as bytes", lambda area=area: _afresh(area))
            _keep(area, made_from, content)
            shelf.clear()
            _timed(times, "stored document", lambda area=area: _found(recall(area.code, "nl", made_from)))
            _timed(times, "kept in memory", lambda area=area: _found(recall(area.code, "nl", made_from)))
        gc.unfreeze()
    rows = size.indicators * size.years * 4
    base = median(times["raw SQL"])
    print(f"Profile of one area out of {size.figures:,} figures: {rows:,} rows at four levels, {len(chosen)} areas")
    print("  goals, beside raw SQL of the same rows: afresh <= 2.0, its p99 <= 3.0 x the median; stored <= 0.30")
    for name, found in times.items():
        p99 = quantiles(found, n=100, method="inclusive")[98]
        ratio = median(one / raw for one, raw in zip(found, times["raw SQL"], strict=True))
        middle = median(found) * 1e3
        print(f"  {name:20} {middle:9.2f} ms  {ratio:6.2f} x   p99 {p99 * 1e3:9.2f} ms  {p99 / base:6.2f} x")
    print(flush=True)


def _rows(reader: Any, columns: str, codes: list[str]) -> list[Any]:
    sql = f"SELECT {columns} FROM monitoring_observation WHERE area_code = ANY(%s) AND municipality_code = ''"
    return list(reader.execute(sql, [codes]).fetchall())


def _afresh(area: Any) -> bytes:
    from monitoring.api.profiles import written
    from monitoring.services.profiles.reading import profile_of
    from monitoring.services.profiles.register import science

    profile = profile_of(area)
    return written(profile, science("nl"))


def _keep(area: Any, made_from: str, content: bytes) -> None:
    from monitoring.services.profiles.profile_documents import document
    from monitoring.services.profiles.reading import profile_of

    document(area.code, "nl", made_from, profile_of(area).stamps, content, keep=True)


def _found(document: Any) -> bytes:
    if document is None:
        raise SystemExit("a kept profile was not found")
    return document.content


def measure_storage(owner: Any, size: country.Size) -> None:
    """Bytes a figure: series with their key, our rows with theirs, and plain row tables with a covering index."""
    from monitoring.models.observation import KEY
    from monitoring.services.figures.values import FIELDS

    some = size.areas[: max(50, len(size.areas) // 20)]  # the plain tables need not hold everything to show their size
    columns = ", ".join(FIELDS)
    owner.execute("DROP TABLE IF EXISTS plain, narrow")
    owner.execute(
        f"CREATE TABLE plain AS SELECT {columns} FROM monitoring_observation WHERE area_code = ANY(%s)", [some]
    )
    key = ", ".join(KEY)
    owner.execute(f"CREATE UNIQUE INDEX ON plain ({key}) INCLUDE (value, numerator, denominator)")
    owner.execute("""CREATE TABLE narrow AS SELECT hashtext(area_code) AS area, right(indicator_code, 3)::smallint
                     AS indicator, area_year::smallint AS year, value::real FROM plain""")
    owner.execute("CREATE INDEX ON narrow (area, indicator, year) INCLUDE (value)")
    count = len(some) * size.indicators * size.years
    all_of = {
        "rows with a covering index": (_bytes(owner, "plain"), count),
        "series with their key": (_bytes(owner, "monitoring_observationseries"), size.figures),
        "our rows, all indexes": (_bytes(owner, "monitoring_observation"), size.figures),
        "numbers only, covering": (_bytes(owner, "narrow"), count),
    }
    owner.execute("DROP TABLE plain, narrow")
    base = all_of["rows with a covering index"][0] / count
    print("Storage; goal: series with their key <= 0.40 of rows with the same columns and a covering index")
    for name, (taken, figures) in all_of.items():
        each = taken / figures
        print(f"  {name:28} {each:7.1f} bytes a figure  {each / base:5.2f}  {taken / 1e6:9,.0f} MB")
    print(flush=True)


def _bytes(owner: Any, table: str) -> int:
    return int(owner.execute("SELECT pg_total_relation_size(%s::regclass)", [table]).fetchone()[0])


def _timed(times: dict[str, list[float]], name: str, run: Any) -> Any:
    begun = perf_counter()
    answer = run()
    times.setdefault(name, []).append(perf_counter() - begun)
    return answer
