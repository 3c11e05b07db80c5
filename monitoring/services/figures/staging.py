"""Observations as text in a table of this session, checked as a whole by the database (performance.md §2).

Three steps: `copy_in` takes the file as it is; `check` turns texts into values and finds every fault in one pass;
services/figures/storing.py compares with what is known and writes only what differs.
"""

# ruff: noqa: S608 - only names of our own tables and columns are put into statements; values are parameters
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from django.db import connections
from django.utils.translation import gettext as _

from monitoring.figure_files import COLUMNS, IGNORED, Sheet, unreadable
from monitoring.periods import BadPeriod, parse
from monitoring.services.figures.staging_rules import COMPUTED, RULES, Row

STORE = "monitoring"
TABLES = ("loading", "loading_period", "loading_indicator", "loading_area", "checked", "loading_match")
NUMBERS = ("value", "numerator", "denominator", "interval_low", "interval_high")
WHOLE = ("areas_used", "areas_total")
BLANK = r"E' \t\r\n\u00A0\uFEFF'"  # what stands round a value in the cells of a spreadsheet
TEXTS = ("basis", "conflict", "note", "citation")
POINT = "0123456789.eE+-"  # no other sign, and what is left is a number if PostgreSQL takes it for one
COMMA = r"^[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$"


@dataclass(frozen=True)
class Settings:
    """What holds for a whole file. decimal: `.` or `,`. municipality_code: empty for official figures.

    day: on which it is checked. begun_is_enough: a figure may be final when its period has begun, not ended.
    """

    day: date
    decimal: str = "."
    source_code: str = ""
    municipality_code: str = ""
    begun_is_enough: bool = False


def snake(name: str) -> str:
    return re.sub(r"([A-Z])", lambda found: "_" + found[1].lower(), name)


STAGED = tuple(snake(name) for name in COLUMNS)


def execute(statement: str, parameters: Any = None) -> list[Any]:
    with connections[STORE].cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def clear() -> None:
    """Leave nothing of an earlier load in this session."""
    execute(f"DROP TABLE IF EXISTS {', '.join('pg_temp.' + name for name in TABLES)}")


def copy_in(sheet: Sheet, *, tell: Callable[[int], None] = lambda rows: None) -> int:
    """The rows of the sheet as text; how many there are. tell: called with the lines sent so far.

    Raises UnreadableFile, with the row, for a file that is no regular CSV.
    """
    clear()
    ignored = [snake(name) for name in IGNORED]
    columns = ", ".join(f"{name} text" for name in (*STAGED, *ignored))
    execute(f"CREATE TEMP TABLE loading (row_number int GENERATED ALWAYS AS IDENTITY, {columns})")
    target = ", ".join(snake(name) for name in sheet.columns)
    delimiter = {";": ";", ",": ",", "\t": "\t"}[sheet.delimiter]
    statement = f"COPY loading ({target}) FROM STDIN (FORMAT csv, DELIMITER E'{delimiter}', HEADER {sheet.header})"
    lines = 0
    try:
        with connections[STORE].cursor() as cursor, cursor.copy(statement) as copy:
            for chunk in sheet.chunks:
                copy.write(chunk)
                lines += chunk.count(b"\n")
                tell(lines)
    except psycopg.DataError as problem:
        raise _irregular(problem, sheet) from problem
    return int(execute("SELECT count(*) FROM loading")[0][0])


def _irregular(problem: psycopg.Error, sheet: Sheet) -> Exception:
    """In our words, with the row; what PostgreSQL says of a broken line names that line."""
    found = re.search(r"line (\d+)", problem.diag.context or "")
    row = int(found[1]) - sheet.header - 1 + sheet.first if found else 0
    what = problem.diag.message_primary or ""
    reasons = {
        "missing data": _("Rij %(row)d is leeg of heeft minder cellen dan de eerste regel."),
        "extra data": _("Rij %(row)d heeft meer cellen dan de eerste regel."),
        "unterminated": _("In rij %(row)d begint een aanhalingsteken dat nergens eindigt."),
    }
    text = next((text for word, text in reasons.items() if word in what), _("Rij %(row)d is niet te lezen."))
    return unreadable("irregular-row", text % {"row": row})


def decimal_of(sheet: Sheet, dialect: str | None) -> str:
    """The decimal sign of the file. A semicolon file that does not show it is refused unless the dialect is named."""
    if dialect or sheet.form != "csv" or sheet.delimiter == ",":
        return "," if dialect == "nl" else "."
    values = " UNION ALL ".join(f"SELECT {name} AS x FROM loading WHERE {name} ~ '[.,]'" for name in NUMBERS)
    comma, point, either = execute(
        rf"""SELECT bool_or(x LIKE '%%,%%'), bool_or(x ~ '\.(\d{{1,2}}|\d{{4,}})\s*%%?$'),
             min(x) FILTER (WHERE x ~ '^\s*[+-]?\d{{1,3}}(\.\d{{3}})+\s*%%?$')
             FROM ({values}) AS numbers""", [])[0]  # fmt: skip
    if comma or point or not either:
        return "," if comma else "."
    text = _("Is %(number)s een duizendtal of een breuk? Zeg het met csvDialect=nl of csvDialect=rfc4180.")
    raise unreadable("ambiguous-number", text % {"number": either[:20]})


def check(settings: Settings, columns: Iterable[str] = COLUMNS) -> tuple[int, int]:
    """Make `checked`: a typed row per staged row, `faults` a bit per broken rule. How many rows, how many faulty.

    columns: those of the file; what it does not have costs nothing.
    `OFFSET 0` keeps the planner from working an expression out again for every rule that uses it.
    """
    execute("SET LOCAL jit = off")  # compiling the rules takes longer than running them over a million rows
    _periods()
    _code_lists(settings.municipality_code)
    present = [snake(name) for name in columns if name in COLUMNS]
    typed = _typed(settings)
    select = ", ".join(f"{expression} AS {name}" for name, expression in typed.items())
    broken = " | ".join(f"CASE WHEN {rule.broken} THEN {1 << bit} ELSE 0 END" for bit, rule in enumerate(RULES))
    texts = ", ".join(f"nullif(btrim({name}, {BLANK}), '') AS {name}" for name in present)
    statement = f"""
        CREATE TEMP TABLE checked AS
        SELECT row_number, {", ".join(typed)}, {broken} AS faults
        FROM (
            SELECT s.row_number, {select}, i.unit AS indicator_unit, i.versions, a.held, s.value AS value_text,
                   s.unit AS unit_text, s.area_year AS area_year_text, {_raw_numbers()},
                   i.code IS NOT NULL AS known_indicator, a.code IS NOT NULL AS known_area,
                   src.code IS NOT NULL AS known_source
            FROM (SELECT row_number, {texts} FROM loading OFFSET 0) s
            LEFT JOIN loading_period p ON p.text = s.period AND p.kind_text = coalesce(s.period_kind, '')
            LEFT JOIN loading_indicator i ON i.code = s.indicator_code
            LEFT JOIN loading_area a ON a.code = {AREA}
            LEFT JOIN monitoring_datasource src ON src.code = coalesce(s.source_code, %(source)s)
            WHERE {" OR ".join(f"s.{name} IS NOT NULL" for name in present)}
            OFFSET 0
        ) AS typed
        """
    given = {"row_number", *present}
    statement = re.sub(r"\bs\.(\w+)", lambda found: found[0] if found[1] in given else "NULL::text", statement)
    execute(statement, {"source": settings.source_code, "municipality": settings.municipality_code,
                        "day": settings.day, "begun_is_enough": settings.begun_is_enough})  # fmt: skip
    return _counts()


def mark(rows: Iterable[int]) -> tuple[int, int]:
    """Count these rows as faulty too, by no rule of ours. How many rows, how many faulty."""
    wrong, bit = list(rows), 1 << len(RULES)
    execute("UPDATE checked SET faults = faults | %s WHERE row_number = ANY(%s)", [bit, wrong])
    rest = "SELECT row_number FROM unnest(%s::int[]) AS row_number EXCEPT SELECT row_number FROM checked"
    execute(f"INSERT INTO checked (row_number, faults) SELECT row_number, %s FROM ({rest}) AS rest", [bit, wrong])
    return _counts()


def _counts() -> tuple[int, int]:
    return execute("SELECT count(*), count(*) FILTER (WHERE faults <> 0) FROM checked")[0]  # type: ignore[no-any-return]


AREA = "CASE WHEN s.area_code IN ('nl', 'NL01') THEN 'NL00' ELSE s.area_code END"
"""CBS calls the country NL00 in tables of neighbourhoods and NL01 in tables of regions."""
VERSION = "coalesce(s.definition_version, CASE WHEN cardinality(i.versions) = 1 THEN i.versions[1] END, '')"
"""Who names no definition means the only one there is; among several it must be said."""
UNDER_WAY = "NOT %(begun_is_enough)s AND p.starts <= %(day)s AND p.ends > %(day)s"
"""A figure of such a period can be no more than provisional; that is what it is when its sender says no status."""
RAW = ("numerator", "denominator", "interval_low", "interval_high", *WHOLE)


def _raw_numbers() -> str:
    return ", ".join(f"s.{name} AS {name}_text" for name in RAW)


def _typed(settings: Settings) -> dict[str, str]:
    """Column of an observation → SQL over the staged row `s` and the code lists beside it."""
    given = f"CASE WHEN s.value IS NULL THEN '' WHEN {UNDER_WAY} THEN 'provisional' ELSE 'final' END"
    statistic = "coalesce(s.statistic, CASE WHEN i.unit = 'percent' THEN 'share' ELSE '' END)"
    return {
        "indicator_code": "coalesce(s.indicator_code, '')", "area_code": f"coalesce({AREA}, '')",
        "area_year": "coalesce(CASE WHEN s.area_year ~ '^[12][0-9]{3}$' THEN s.area_year::int END, "
                     "extract(year FROM p.starts)::int)",
        "period_kind": "p.kind", "period_start": "p.starts", "period_end": "p.ends",
        "definition_version": VERSION, "population": "coalesce(s.population, '')",
        "statistic": statistic, "source_code": "coalesce(s.source_code, %(source)s)",
        "value": _number("rtrim(s.value, ' %%')", settings.decimal), "unit": "coalesce(s.unit, i.unit, '')",
        "qualifier": "coalesce(lower(s.qualifier), 'exact')", "status": f"coalesce(lower(s.status), {given})",
        **{name: _number(f"s.{name}", settings.decimal) for name in NUMBERS[1:]},
        **{name: f"CASE WHEN s.{name} ~ '^[0-9]{{1,9}}$' THEN s.{name}::int END" for name in WHOLE},
        **{name: f"coalesce(s.{name}, '')" for name in TEXTS},
        "origin": "'published'", "demo": "false", "municipality_code": "%(municipality)s",
    }  # fmt: skip


def _number(text: str, decimal: str) -> str:
    """A finite number, or null; 1e400 fits the pattern but no double. Minus zero is zero."""
    plain, fits = text, f"ltrim({text}, '{POINT}') = ''"
    if decimal == ",":
        plain, fits = f"replace(replace({text}, '.', ''), ',', '.')", f"{text} ~ '{COMMA}'"
    return (
        f"CASE WHEN {fits} AND pg_input_is_valid({plain}, 'double precision') THEN ({plain})::double precision + 0 END"
    )


def _periods() -> None:
    """The few different periods of a file, read by the one reader of periods."""
    execute("CREATE TEMP TABLE loading_period (text text, kind_text text, kind text, starts date, ends date)")
    kind = f"coalesce(nullif(btrim(period_kind, {BLANK}), ''), '')"
    asked = execute(f"SELECT DISTINCT nullif(btrim(period, {BLANK}), ''), {kind} FROM loading")
    rows = [row for text, kind in asked if text and (row := _read(text, kind))]
    with connections[STORE].cursor() as cursor:
        cursor.executemany("INSERT INTO loading_period VALUES (%s, %s, %s, %s, %s)", rows)


def _read(text: str, kind: str) -> tuple[Any, ...] | None:
    try:
        found = parse(text, kind or None)
    except BadPeriod:
        return None
    return text, kind, found.kind, found.start, found.end


def _code_lists(municipality_code: str) -> None:
    """What a sender may name: the indicators of all and of the municipality it sends for, and every area."""
    execute(
        """
        CREATE TEMP TABLE loading_indicator AS
        SELECT i.code, i.unit, coalesce(array_agg(d.version) FILTER (WHERE d.id IS NOT NULL), '{""}') AS versions
        FROM monitoring_indicator i LEFT JOIN monitoring_indicatordefinition d ON d.indicator_id = i.code
        WHERE i.municipality_code IN ('', %s)
        GROUP BY i.code, i.unit
        """,
        [municipality_code],
    )
    execute(
        """
        CREATE TEMP TABLE loading_area AS
        SELECT code, range_agg(int4range(valid_from, valid_until)) AS held FROM monitoring_area GROUP BY code
        """
    )


def known_versions(indicator_codes: Iterable[str]) -> dict[str, list[str]]:
    """The definitions of these indicators, `""` for the one without a name. Only while a load is being checked."""
    rows = execute("SELECT code, versions FROM loading_indicator WHERE code = ANY(%s)", [list(indicator_codes)])
    return {code: sorted(versions) for code, versions in rows}


def broken_rows(most: int) -> dict[int, Row]:
    """The first rows that broke a rule, by row number."""
    texts = ", ".join(f"l.{name}" for name in STAGED)
    rows = execute(
        f"""SELECT row_number, c.faults, c.area_code, c.area_year, c.computed, {texts}
            FROM (SELECT row_number, faults, area_code, area_year, {COMPUTED} AS computed FROM checked
                  WHERE faults <> 0 ORDER BY row_number LIMIT %s) c
            JOIN loading l USING (row_number) ORDER BY row_number""", [most])  # fmt: skip
    return {number: Row(bits, dict(zip(COLUMNS, found, strict=True)), (area or "", year or 0), computed)
            for number, bits, area, year, computed, *found in rows}  # fmt: skip
