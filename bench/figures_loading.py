"""Loading through the service with every check and a report per row, beside COPY and an upsert of the same rows."""

# ruff: noqa: S608 - statements over tables of this bench
import csv
import io
from collections.abc import Callable, Iterable, Iterator
from statistics import median
from time import perf_counter
from typing import Any

from bench import country

SEED = 20261121
BATCH = 20_000
FILE_COLUMNS = ("indicatorCode", "areaCode", "period", "statistic", "sourceCode", "value", "numerator", "denominator")
STAGED = ("indicator_code, area_code, area_year, period_start, period_end, period_kind, statistic, source_code, value, "
          "numerator, denominator, definition_version, population, unit, qualifier, status, basis, conflict, note, "
          "citation, origin, demo, municipality_code, recorded_at")  # fmt: skip


def measure(owner: Any, size: country.Size, *, rows: int, rounds: int) -> None:
    """Into nearly empty tables, ours and the peer's alike; afterwards they are empty again."""
    import orjson

    from monitoring.services.figures.observation_files import Delivered, load_file, load_items

    owner.execute("CREATE TABLE peer (LIKE monitoring_observation INCLUDING ALL)")
    areas = size.areas[: max(1, rows // size.indicators)]
    batch = areas[: max(1, BATCH // size.indicators)]
    times: dict[str, list[float]] = {}
    for turn in range(rounds):
        made = list(_figures(areas, 2000 + turn, size.indicators))
        text = io.StringIO()
        csv.writer(text).writerows([FILE_COLUMNS, *made])
        file = Delivered(text.getvalue().encode(), "text/csv", "bench")
        some = list(_figures(batch, 1900 + turn, size.indicators))
        items = orjson.dumps([dict(zip(FILE_COLUMNS, row, strict=True)) for row in some])
        plain, small = _staged(made), _staged(some)
        _timed(times, "COPY + upsert", lambda plain=plain: _raw(owner, plain))
        first = _timed(times, "CSV, first time", lambda file=file: load_file(file))
        written = _written(owner)
        again = _timed(times, "CSV, again", lambda file=file: load_file(file))
        if first.created_count != len(made) or again.unchanged_count != len(made) or _written(owner) != written:
            raise SystemExit("the second load of equal rows wrote something")
        _timed(times, "COPY + upsert, batch", lambda small=small: _raw(owner, small))
        _timed(times, "JSON batch", lambda items=items: load_items(items=orjson.loads(items), sender="bench"))
    clear(owner)
    many, few = len(areas) * size.indicators, len(batch) * size.indicators
    print(f"Loading {many:,} rows (JSON: {few:,}), with all checks and a report per row")
    print("  goals: CSV >= 0.60, JSON >= 0.40 of COPY + upsert, again faster than first and writing nothing")
    for name in times:
        count = len(batch if "atch" in name else areas) * size.indicators
        peer = "COPY + upsert, batch" if "atch" in name else "COPY + upsert"
        ratio = median(a / b for a, b in zip(times[peer], times[name], strict=True))
        print(f"  {name:22} {count / median(times[name]):10,.0f} rows/s  {ratio:5.2f} of {peer}")
    print(flush=True)


def broken_off(owner: Any) -> bool:
    """Whether an earlier run stopped while it loaded."""
    return bool(owner.execute("SELECT to_regclass('peer') IS NOT NULL").fetchone()[0])


def clear(owner: Any) -> None:
    """No figures, ours or the peer's."""
    owner.execute("DROP TABLE IF EXISTS peer")
    owner.execute("TRUNCATE monitoring_observation, monitoring_observationseries, monitoring_observationload")
    owner.execute("DELETE FROM monitoring_figurestate WHERE area_code <> ''")


def _written(owner: Any) -> tuple[int, int]:
    """The newest row and the last stamp: both move when anything is written."""
    newest = owner.execute("SELECT max(id), max(xmin::text::bigint) FROM monitoring_observation").fetchone()
    return (*newest, *owner.execute("SELECT max(stamp) FROM monitoring_figurestate").fetchone())


def _figures(areas: Iterable[str], year: int, indicators: int) -> Iterator[tuple[Any, ...]]:
    """A share per area and indicator, with counts; the same for the same arguments."""
    for place, area in enumerate(areas):
        for number in range(indicators):
            whole = 200 + (place * 7919 + number * 104729 + SEED) % 3000
            part = (place * 31 + number * 17 + year * 13 + SEED) % whole
            value = round(100 * part / whole, 2)
            yield country.indicator(number), area, year, "share", country.SOURCE, value, part, whole


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


def _timed(times: dict[str, list[float]], name: str, run: Callable[[], Any]) -> Any:
    begun = perf_counter()
    answer = run()
    times.setdefault(name, []).append(perf_counter() - begun)
    return answer
