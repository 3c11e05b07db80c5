"""python -m bench.aggregates [--quick] [--national]: keeping working aggregates, against a rebuild and DuckDB.

A seeded city: offerings with three years of monthly satisfaction reports from neighbouring sub-neighbourhoods, counted
up two hierarchies, to quarters, years and school years, for interventions, factors and goals. 0.3 million reports
(--quick is the same); --national: 10 million. All in one run; the peer is DuckDB over a Parquet file of the same
reports, computing the same cells level by level and keeping them in its memory.
"""

# ruff: noqa: S608 - statements over tables of this bench
import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import duckdb
import psycopg

from deploy.local import services

CITY, MEASURE, COMPONENTS = "GM9999", "satisfaction", 11
FIRST, MONTHS = date(2023, 1, 1), 36


@dataclass(frozen=True)
class Size:
    """offerings × areas each × 36 months of reports, over `buurten` sub-neighbourhoods. goals: shares of a rebuild."""

    offerings: int
    areas: int
    buurten: int
    goals: tuple[float, float, float]


SMALL, NATIONAL = Size(40, 208, 240, (0.03, 0.03, 0.10)), Size(400, 694, 800, (0.005, 0.01, 0.10))
CHANGES = ("0.01 %, one partner", "0.01 %, scattered", "1 %, a few partners")
MUCH = {"1 %, scattered": 100, "10 %, scattered": 10}  # one in so many


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="0.3 million reports, as without it")
    parser.add_argument("--national", action="store_true", help="10 million reports; needs about 20 GB of disk")
    parser.add_argument("--offerings", type=int, help="other than the 400 of --national, 25,000 reports each")
    asked = parser.parse_args()
    size = NATIONAL if asked.national else SMALL
    size = replace(size, offerings=asked.offerings or size.offerings)
    with tempfile.TemporaryDirectory(prefix="fm-bench-") as folder, services.started(Path(folder)) as variables:
        os.environ.update(variables)
        os.environ.update({"DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "ERROR"})
        subprocess.run([sys.executable, "manage.py", "migrate_stores", "-v", "0"], check=True)
        import django

        django.setup()
        with psycopg.connect(os.environ["MONITORING_DATABASE_OWNER_URL"], autocommit=True) as owner:
            _measure(owner, size, Path(folder))


def _measure(owner: Any, size: Size, folder: Path) -> None:
    from monitoring.models import Aggregate
    from monitoring.services.aggregation import aggregates

    _city(size)
    _reports(owner, size)
    count = owner.execute("SELECT count(*) FROM monitoring_outcomereport").fetchone()[0]
    rebuilds = []
    for _turn in range(1 if size.buurten == NATIONAL.buurten else 2):
        owner.execute("TRUNCATE monitoring_aggregate")
        owner.execute("VACUUM ANALYZE monitoring_outcomereport")
        rebuilds.append(_seconds(lambda: aggregates.rebuild(municipality_code=CITY)))
    owner.execute("VACUUM ANALYZE monitoring_aggregate")
    rebuild, cells = median(rebuilds), Aggregate.objects.count()
    peer, theirs = _duckdb(owner, folder)
    print(f"{count:,} reports, {cells:,} cells")
    print(f"  full rebuild            {rebuild:8.2f} s   1")
    print(f"  DuckDB over Parquet     {peer:8.2f} s   rebuild is {rebuild / peer:.1f} x (goal <= 10)")
    print(f"  the same cells          {_ours(owner) == theirs}", flush=True)
    for (name, which), goal in zip(_changes(count), size.goals, strict=True):
        turns = 1 if count > 2_000_000 and name == CHANGES[2] else 3
        spent = [_after(owner, which, aggregates.refresh) for _turn in range(turns)]
        changed, taken = spent[0][0], median(seconds for _changed, seconds in spent)
        print(f"  {name:20} {changed:7,} {taken:8.3f} s   {taken / rebuild:.2%} (goal <= {goal:.1%})", flush=True)
    for name, one_in in MUCH.items() if size.buurten == SMALL.buurten else ():
        which = f"hashtextextended(id::text, 8) % {one_in} = 0"
        changed, taken = _after(owner, which, aggregates.refresh)
        _changed, anew = _after(owner, which, lambda: aggregates.rebuild(municipality_code=CITY))
        print(f"  {name:20} {changed:7,} {taken:8.3f} s   {taken / anew:.2%} of a rebuild then (goal: never slower)")
    print(f"  cells that differ from a rebuild: {_checked(owner)}")


def _after(owner: Any, which: str, run: Callable[[], Any]) -> tuple[int, float]:
    """How many reports the condition changed, and the seconds that it took to follow them."""
    changed = owner.execute(f"{TOUCH} WHERE {which} RETURNING 1").rowcount
    owner.execute(f"{MARK} WHERE {which}")
    owner.execute("ANALYZE monitoring_aggregatemark")
    return changed, _seconds(run)


def _checked(owner: Any) -> int:
    """Change some of everything, follow it, and only then compare: a rebuild has just made all cells equal."""
    from monitoring.services.aggregation import aggregates

    for _name, which in _changes(1_000_000):
        _after(owner, which, aggregates.refresh)
    return aggregates.rebuild(municipality_code=CITY)


TOUCH = "UPDATE monitoring_outcomereport SET counts[7] = counts[7] + 1"
MARK = """INSERT INTO monitoring_aggregatemark
    (municipality_code, offering_code, measure, area_codes, period_kind, period_start)
    SELECT municipality_code, offering_code, measure, ARRAY[area_code], period_kind, period_start
    FROM monitoring_outcomereport"""


def _changes(count: int) -> Iterator[tuple[str, str]]:
    """Which reports change: by name of the change, a condition in SQL."""
    newest = "period_start = '2025-12-01'"
    few = count // 10_000
    yield CHANGES[0], (f"{newest} AND offering_code = 'offering-003' AND area_code IN (SELECT area_code FROM"
                       f" monitoring_outcomereport WHERE {newest} AND offering_code = 'offering-003'"
                       f" ORDER BY area_code LIMIT {few})")  # fmt: skip
    yield CHANGES[1], "hashtextextended(id::text, 7) % 10000 = 0"
    partners = ", ".join(f"'offering-{n:03}'" for n in (5, 6, 7, 8))
    yield CHANGES[2], (f"id IN (SELECT id FROM monitoring_outcomereport WHERE offering_code IN ({partners})"
                       f" ORDER BY period_start DESC, area_code, offering_code LIMIT {count // 100})")  # fmt: skip


def _city(size: Size) -> None:
    """Sub-neighbourhoods by seven in neighbourhoods, these by ten in districts and all in the city."""
    from monitoring.models import Area, AreaMembership, MeasurementPlan, OfferingFact

    levels = {CITY: "municipality"}
    links: set[tuple[str, str, str]] = set()
    for n in range(size.buurten):
        buurt, wijk, district = f"BU{n:08}", f"WK{n // 7:06}", f"district-{n // 70}"
        levels |= {buurt: "sub-neighbourhood", wijk: "neighbourhood", district: "district"}
        links |= {("cbs", wijk, buurt), ("cbs", CITY, wijk), ("district", district, wijk), ("district", CITY, district)}
    Area.objects.bulk_create(
        Area(code=code, level=level, name_nl=code, municipality_code=CITY) for code, level in levels.items()
    )
    AreaMembership.objects.bulk_create(
        AreaMembership(hierarchy=h, parent_code=p, child_code=c) for h, p, c in sorted(links)
    )
    OfferingFact.objects.bulk_create(
        OfferingFact(
            offering_code=f"offering-{n:03}", xid=1, position=n, municipality_code=CITY, city_wide=True,
            organisation_code=f"org-{n // 2}", intervention_code=f"method-{n // 4}", service_type="x",
            factor_codes=[f"factor-{n % 20}", f"factor-{20 + n % 7}"], domain_codes=[f"domain-{n % 9}"],
            starts_on=FIRST,
        )
        for n in range(size.offerings)
    )  # fmt: skip
    MeasurementPlan.objects.bulk_create(
        MeasurementPlan(municipality_code=CITY, organisation_code=f"org-{n // 2}", offering_code=f"offering-{n:03}",
                        measure=MEASURE, monitor_type="continuous", period_kind="month", valid_from=FIRST)
        for n in range(size.offerings)
    )  # fmt: skip


def _reports(owner: Any, size: Size) -> None:
    counts = ", ".join(
        f"(abs(hashint8extended(o * 1000003 + a * 101 + m, {n})) % 12)::bigint" for n in range(COMPONENTS)
    )
    owner.execute(f"""
        INSERT INTO monitoring_outcomereport (id, municipality_code, organisation_code, offering_code, measure,
            period_kind, period_start, period_end, area_code, counts, explanation, status, version, external_id,
            recorded_by, receipt_id, demo)
        SELECT uuidv7(), '{CITY}', 'org-' || o / 2, 'offering-' || lpad(o::text, 3, '0'), '{MEASURE}', 'month',
            (DATE '{FIRST}' + m * interval '1 month')::date, (DATE '{FIRST}' + (m + 1) * interval '1 month')::date,
            'BU' || lpad(((o * 37 + a) %% {size.buurten})::text, 8, '0'), ARRAY[{counts}], '', 'accepted', 1, '',
            'bench', gen_random_uuid(), false
        FROM generate_series(0, {size.offerings - 1}) o, generate_series(0, {MONTHS - 1}) m,
             generate_series(0, {size.areas - 1}) a""".replace("%%", "%"))  # fmt: skip


def _duckdb(owner: Any, folder: Path) -> tuple[float, list[tuple[Any, ...]]]:
    """Seconds for all cells from the Parquet file, and what they come to."""
    peer, file = duckdb.connect(), folder / "reports.parquet"
    columns = ", ".join(f"counts[{n}] AS c{n}" for n in range(1, COMPONENTS + 1))
    with (
        (folder / "reports.csv").open("wb") as text,
        owner.cursor().copy(f"""COPY (SELECT offering_code AS offering, area_code AS area, period_start AS day,
            {columns} FROM monitoring_outcomereport) TO STDOUT (FORMAT csv, HEADER)""") as copy,
    ):  # fmt: skip
        for block in copy:
            text.write(block)
    peer.execute(f"COPY (FROM read_csv('{folder / 'reports.csv'}')) TO '{file}' (FORMAT parquet)")
    _layout(peer)
    sums = ", ".join(f"sum(c{n})::bigint AS c{n}" for n in range(1, COMPONENTS + 1))
    low, high = (f"CASE {' '.join(f'WHEN c{n} > 0 THEN {n}' for n in order)} END"
                 for order in (range(1, 11), range(10, 0, -1)))  # fmt: skip
    steps = [f"CREATE TABLE leaf AS SELECT offering, area, 'month' AS kind, day, 1 AS reports, {COLUMNS} FROM '{file}'"]
    for kind, start in PERIODS.items():
        steps.append(f"INSERT INTO leaf SELECT offering, area, '{kind}', {start} AS first, count(*), {sums}"
                     f" FROM '{file}' GROUP BY ALL")  # fmt: skip
    steps += [
        f"CREATE TABLE own AS SELECT offering, place, kind, day, sum(reports) AS reports, {sums}"
        " FROM leaf JOIN place USING (area) GROUP BY ALL",
        f"CREATE TABLE cells AS SELECT 'offering' AS sort, offering AS subject, place, kind, day, reports, {COLUMNS},"
        f" {low} AS lowest, {high} AS highest, 1 AS deliverers FROM own",
        f"INSERT INTO cells SELECT *, {low}, {high}, 0 FROM (SELECT sort, subject, place, kind, day,"
        f" sum(reports), {sums} FROM own JOIN member USING (offering) GROUP BY ALL)",
    ]
    seconds = _seconds(lambda: [peer.execute(step) for step in steps])
    totals = "SELECT sort, count(*), sum(reports), sum(c7), sum(lowest), sum(highest) FROM cells GROUP BY 1 ORDER BY 1"
    return seconds, [tuple(map(str, row)) for row in peer.execute(totals).fetchall()]


COLUMNS = ", ".join(f"c{n}" for n in range(1, COMPONENTS + 1))
PERIODS = {
    "quarter": "date_trunc('quarter', day)", "year": "date_trunc('year', day)",
    "school-year": "date_trunc('year', day - INTERVAL 7 MONTH) + INTERVAL 7 MONTH",
}  # fmt: skip


def _layout(peer: Any) -> None:
    from monitoring.services.aggregation.cell_numbers import subjects_of
    from monitoring.services.aggregation.lines import current_facts
    from monitoring.services.geography.area_tree import tree_of

    peer.execute("CREATE TABLE place (area text, place text)")
    tree = tree_of(CITY)
    peer.executemany("INSERT INTO place VALUES (?, ?)", [(a, p) for a, above in tree.above.items() for p in above])
    peer.execute("CREATE TABLE member (sort text, subject text, offering text)")
    members = [(*subject, code) for code, fact in current_facts(CITY).items() for subject in subjects_of(fact)]
    peer.executemany("INSERT INTO member VALUES (?, ?, ?)", members)


def _ours(owner: Any) -> list[tuple[Any, ...]]:
    rows = owner.execute("""SELECT subject_kind, count(*), sum(report_count), sum(counts[7]), sum(lowest), sum(highest)
        FROM monitoring_aggregate GROUP BY 1 ORDER BY 1""").fetchall()  # fmt: skip
    return [tuple(map(str, row)) for row in rows]


def _seconds(run: Callable[[], Any]) -> float:
    begun = perf_counter()
    run()
    return perf_counter() - begun


if __name__ == "__main__":
    main()
