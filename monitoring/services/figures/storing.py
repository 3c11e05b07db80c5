"""From checked rows to observations: only what differs is written, replaced values go to the history."""

# ruff: noqa: S608 - only names of our own tables and columns are put into statements; values are parameters
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from config.ledger import outbox
from config.wake import wake_after_commit
from monitoring.models.observation import KEY
from monitoring.services.figures import series
from monitoring.services.figures.observations import FIELDS, STORE
from monitoring.services.figures.staging import execute

NOT_KEY = [name for name in FIELDS if name not in KEY]
AREAS_PER_EVENT = 1000
SAMPLE = 1000  # rows of a file that are looked up before all of them


class TwiceInFile(Exception):
    """Two rows have the same key; holds pairs of row numbers."""

    def __init__(self, pairs: list[tuple[int, int]]) -> None:
        super().__init__("rows with the same key")
        self.pairs = pairs


class OfAnother(Exception):
    """Rows replace figures of another municipality, or official ones; holds their row numbers."""

    def __init__(self, rows: list[int]) -> None:
        super().__init__("rows of another owner")
        self.rows = rows


@dataclass(frozen=True)
class Stored:
    """How many rows were new, changed or already so, and a letter per staged row (c, u, n; `.` for an empty row)."""

    created: int
    updated: int
    unchanged: int
    outcomes: str


def store_checked() -> Stored:
    """Write what `checked` holds. Call it in a transaction; loads wait for each other.

    Raises TwiceInFile, OfAnother.
    """
    execute("SELECT pg_advisory_xact_lock(hashtext('monitoring.observations'))")
    now = timezone.now()  # after the wait: one moment, so that what was known on any date has no gap
    execute("CREATE TEMP TABLE loading_match (row_number int, id bigint, differs boolean, foreign_row boolean)")
    total, staged = execute("SELECT (SELECT count(*) FROM checked), (SELECT count(*) FROM loading)")[0]
    if _looks_new(total) and _insert(now):
        matched = updated = 0
    else:
        matched, updated = _match()
        if matched < total and not _insert(now):
            raise IntegrityError("somebody wrote the same figures meanwhile")
    if updated:
        _replace(now)
    created = total - matched
    if created or updated:
        _announce()
    return Stored(created, updated, matched - updated, _outcomes(created, updated, matched, staged))


_SAME = " AND ".join(f"o.{name} = c.{name}" for name in KEY)


def _looks_new(total: int) -> bool:
    """Whether none of a thousand rows, spread over the file, is known. Then looking for all of them is not worth it."""
    return not execute(
        f"""SELECT count((SELECT 1 FROM monitoring_observation o WHERE {_SAME} LIMIT 1))
            FROM checked c WHERE row_number %% %s = 0""", [max(1, total // SAMPLE)])[0][0]  # fmt: skip


def _match() -> tuple[int, int]:
    """Which rows are known already, and whether they differ. Raises TwiceInFile, OfAnother."""
    execute("SET LOCAL default_statistics_target = 10")
    execute("ANALYZE checked (area_code, indicator_code, period_start)")
    values = ", ".join(f"{{}}.{name}" for name in NOT_KEY)
    differs = f"({values.format(*'o' * len(NOT_KEY))}) IS DISTINCT FROM ({values.format(*'c' * len(NOT_KEY))})"
    execute(
        f"""
        INSERT INTO loading_match
        SELECT c.row_number, o.id, {differs}, o.municipality_code <> c.municipality_code
        FROM checked c JOIN monitoring_observation o ON {_SAME}
        """
    )
    counts = "SELECT count(*), count(DISTINCT id), count(*) FILTER (WHERE differs) FROM loading_match"
    matched, different, updated = execute(counts)[0]
    if matched != different:
        raise TwiceInFile(_pairs())
    if foreign := execute("SELECT row_number FROM loading_match WHERE foreign_row ORDER BY 1 LIMIT 1000"):
        raise OfAnother([row for (row,) in foreign])
    return matched, updated


def _pairs() -> list[tuple[int, int]]:
    key = ", ".join(KEY)
    return execute(
        f"""SELECT first, row_number FROM (SELECT row_number, min(row_number) OVER (PARTITION BY {key}) AS first
            FROM checked) AS rows WHERE first <> row_number ORDER BY row_number LIMIT 1000"""
    )


def _insert(now: datetime) -> bool:
    """Write the rows that match no known one. False, and nothing written, if one of them is known after all.

    Raises TwiceInFile.
    """
    names = ", ".join(FIELDS)
    try:
        with transaction.atomic(using=STORE):
            target = f"INSERT INTO monitoring_observation ({names}, recorded_at)"
            new = "NOT EXISTS (SELECT FROM loading_match m WHERE m.row_number = checked.row_number)"
            execute(f"{target} SELECT {names}, %s FROM checked WHERE {new}", [now])
    except IntegrityError as problem:
        if pairs := _pairs():
            raise TwiceInFile(pairs) from problem
        return False
    return True


def _replace(now: datetime) -> None:
    names = ", ".join(FIELDS)
    old = ", ".join(f"o.{name}" for name in FIELDS)
    execute(
        f"""INSERT INTO monitoring_observationhistory ({names}, recorded_at, superseded_at)
            SELECT {old}, o.recorded_at, %s FROM monitoring_observation o JOIN loading_match m ON m.id = o.id
            WHERE m.differs""", [now])  # fmt: skip
    new = ", ".join(f"{name} = c.{name}" for name in NOT_KEY)
    execute(
        f"""UPDATE monitoring_observation o SET {new}, recorded_at = %s
            FROM checked c JOIN loading_match m ON m.row_number = c.row_number WHERE m.id = o.id AND m.differs""",
        [now])  # fmt: skip


def _announce() -> None:
    """What changed, by at most 1000 areas per event; the series of these areas are old from now."""
    rows = execute(
        """SELECT area_code, array_agg(indicator_code) FROM (
               SELECT DISTINCT c.area_code, c.indicator_code FROM checked c
               LEFT JOIN loading_match m ON m.row_number = c.row_number WHERE m.differs IS NOT FALSE) AS changed
           GROUP BY area_code ORDER BY area_code""")  # fmt: skip
    series.touch(area for area, _codes in rows)
    for start in range(0, len(rows), AREAS_PER_EVENT):
        some = rows[start : start + AREAS_PER_EVENT]
        indicators: set[str] = set().union(*(codes for _area, codes in some))
        payload: dict[str, Any] = {"indicatorCodes": sorted(indicators), "areaCodes": [area for area, _codes in some]}
        outbox.write(store=STORE, kind="observations.loaded", payload=payload)
    wake_after_commit("factors.tasks.follow_monitoring", store=STORE)


def _outcomes(created: int, updated: int, matched: int, staged: int) -> str:
    if created == staged:
        return "c" * staged
    if matched == staged and not updated:
        return "n" * staged
    return letters(
        "CASE WHEN c.row_number IS NULL THEN '.' WHEN m.row_number IS NULL THEN 'c' "
        "WHEN m.differs THEN 'u' ELSE 'n' END",
        "LEFT JOIN checked c USING (row_number) LEFT JOIN loading_match m USING (row_number)")  # fmt: skip


def letters(case: str, joins: str) -> str:
    """A letter per staged row, in the order of the file."""
    return str(execute(f"SELECT string_agg({case}, '' ORDER BY loading.row_number) FROM loading {joins}")[0][0] or "")
