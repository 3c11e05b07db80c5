"""Keeping the series beside the observations: which areas changed, and folding their rows anew (docs/adr/0009).

Whoever writes observations says so with `touch` in the same transaction; until a worker has folded an area, its figures
are read from the rows, so nobody ever sees an old series.
"""

# ruff: noqa: S608 - only names of our own tables and columns are put into statements; values are parameters
from collections.abc import Iterable, Iterator, Sequence

from django.db import connections, transaction

from config.wake import wake_after_commit
from monitoring.models.series import SERIES_KEY

STORE = "monitoring"
TASK = "monitoring.tasks.fold_series"
AREAS_AT_ONCE = 50
DETAILS = ("period_kind", "unit", "qualifier", "status", "basis", "areas_used", "areas_total", "conflict", "note",
           "citation", "origin", "demo")  # fmt: skip
POINTS = ("period_starts", "period_ends", "area_years", "values", "numerators", "denominators", "details")

_KEY = ", ".join(SERIES_KEY)
_POINTS = ", ".join(f'"{name}"' for name in POINTS)
_MADE = f"""
    SELECT {_KEY}, array_agg(period_start ORDER BY {{by}}) AS period_starts,
           array_agg(period_end ORDER BY {{by}}) AS period_ends,
           array_agg(area_year::smallint ORDER BY {{by}}) AS area_years, array_agg(value ORDER BY {{by}}) AS "values",
           CASE WHEN count(numerator) > 0 THEN array_agg(numerator ORDER BY {{by}}) END AS numerators,
           CASE WHEN count(denominator) > 0 THEN array_agg(denominator ORDER BY {{by}}) END AS denominators,
           '[' || CASE WHEN min(detail) = max(detail) THEN min(detail)
                       ELSE string_agg(detail, ',' ORDER BY {{by}}) END || ']' AS details
    FROM (SELECT *, json_build_array({", ".join(DETAILS)})::text COLLATE "C" AS detail
          FROM monitoring_observation WHERE area_code = ANY(%(areas)s)) AS o
    GROUP BY {_KEY}
""".format(by="period_start, period_end, area_year, period_kind")
_FOLD = f"""
    WITH made AS MATERIALIZED ({_MADE}), gone AS (
        DELETE FROM monitoring_observationseries s WHERE s.area_code = ANY(%(areas)s)
        AND NOT EXISTS (SELECT FROM made WHERE {" AND ".join(f"made.{name} = s.{name}" for name in SERIES_KEY)})
    )
    INSERT INTO monitoring_observationseries AS s ({_KEY}, {_POINTS}) SELECT {_KEY}, {_POINTS} FROM made
    ORDER BY area_code, indicator_code
    ON CONFLICT ({_KEY}) DO UPDATE SET {", ".join(f'"{name}" = excluded."{name}"' for name in POINTS)}
    WHERE ({", ".join(f's."{name}"' for name in POINTS)})
          IS DISTINCT FROM ({", ".join(f'excluded."{name}"' for name in POINTS)})
"""
_DIFFERING = f"""
    WITH made AS MATERIALIZED ({_MADE}), kept AS MATERIALIZED (
        SELECT {_KEY}, {_POINTS} FROM monitoring_observationseries WHERE area_code = ANY(%(areas)s)
    )
    SELECT DISTINCT area_code FROM (
        (SELECT {_KEY}, {_POINTS} FROM made EXCEPT SELECT * FROM kept)
        UNION ALL (SELECT * FROM kept EXCEPT SELECT {_KEY}, {_POINTS} FROM made)
    ) AS difference ORDER BY 1
"""


def touch(areas: Iterable[str]) -> None:
    """Say that observations of these areas changed; call it in the transaction that changes them."""
    with connections[STORE].cursor() as cursor:
        cursor.execute(
            """INSERT INTO monitoring_figurestate (area_code) SELECT unnest(%s::text[]) ORDER BY 1
               ON CONFLICT (area_code) DO UPDATE SET stamp = excluded.stamp""", [sorted(set(areas))])  # fmt: skip
    wake_after_commit(TASK, store=STORE)


def fold() -> int:
    """Make the series of every area that changed; how many areas. Several workers may do this at once."""
    done = 0
    while some := fold_some():
        done += some
    return done


def fold_some(limit: int = AREAS_AT_ONCE) -> int:
    """One bite: areas that changed and that nobody else holds. A load that changes one of them meanwhile waits."""
    with transaction.atomic(using=STORE), connections[STORE].cursor() as cursor:
        cursor.execute(
            """SELECT area_code FROM monitoring_figurestate WHERE folded IS DISTINCT FROM stamp
               ORDER BY area_code LIMIT %s FOR UPDATE SKIP LOCKED""", [limit])  # fmt: skip
        areas = [code for (code,) in cursor.fetchall()]
        if areas:
            cursor.execute("SET LOCAL jit = off")
            cursor.execute("SET LOCAL work_mem = '64MB'")
            cursor.execute(_FOLD, {"areas": areas})
            cursor.execute("UPDATE monitoring_figurestate SET folded = stamp WHERE area_code = ANY(%s)", [areas])
    return len(areas)


def touch_all() -> int:
    """Let every area that has figures or series be folded anew; how many."""
    areas = _areas_with_figures()
    touch(areas)
    return len(areas)


def differing() -> list[str]:
    """Areas whose series count and yet are not what their rows say: none, if all is well."""
    with connections[STORE].cursor() as cursor:
        cursor.execute("SELECT area_code FROM monitoring_figurestate WHERE folded = stamp ORDER BY area_code")
        folded = [code for (code,) in cursor.fetchall()]
        found = []
        for some in _chunks(folded):
            cursor.execute(_DIFFERING, {"areas": some})
            found += [code for (code,) in cursor.fetchall()]
    return found


def waiting() -> int:
    """How many areas a worker has yet to fold."""
    with connections[STORE].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM monitoring_figurestate WHERE folded IS DISTINCT FROM stamp")
        return int(cursor.fetchone()[0])


def _areas_with_figures() -> list[str]:
    with connections[STORE].cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT area_code FROM monitoring_observation
               UNION SELECT DISTINCT area_code FROM monitoring_observationseries ORDER BY 1"""
        )
        return [code for (code,) in cursor.fetchall()]


def _chunks(areas: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(areas), AREAS_AT_ONCE):
        yield list(areas[start : start + AREAS_AT_ONCE])
