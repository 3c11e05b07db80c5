"""The canonical form as a file: what its checksum is computed over (factors/canonical.py)."""

from typing import Any

import orjson

from config.tables import FaultyTables, Flaw, RawTable
from factors.canonical import FORM, Content, canonical_text
from factors.exchange.layout import TABLES, Table

MOST_ROWS = 50_000


def write(content: Content) -> bytes:
    """SHA-256 of these bytes is the checksum of the version."""
    return canonical_text(content)


def read(data: bytes) -> dict[str, RawTable]:
    """The tables of a JSON text in the canonical form. Raises FaultyTables."""
    try:
        told = orjson.loads(data)
    except (orjson.JSONDecodeError, RecursionError) as problem:
        raise FaultyTables([Flaw("", 0, "", "unreadable", None, str(problem)[:100])]) from problem
    if not isinstance(told, dict) or told.get("form") != FORM:
        raise FaultyTables([Flaw("", 0, "form", "unknown-form", None, FORM)])
    parts = {table.part: table for table in TABLES}
    raw = {name: RawTable((), ()) for name in told.keys() - parts.keys() - {"form"}}
    return raw | {table.name: _table(table, told[part]) for part, table in parts.items() if part in told}


def _table(table: Table, rows: Any) -> RawTable:
    if not isinstance(rows, list) or len(rows) > MOST_ROWS:
        raise FaultyTables([Flaw(table.name, 0, "", "too-many-rows" if isinstance(rows, list) else "not-a-list")])
    headers = {column.field: column.header for column in table.columns}
    found = [(number, _row(table, number, row, headers)) for number, row in enumerate(rows, start=1)]
    given = {name for _, row in found for name in row}
    return RawTable(tuple(sorted(given | set(headers.values()))), tuple(found))


def _row(table: Table, number: int, row: Any, headers: dict[str, str]) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise FaultyTables([Flaw(table.name, number, "", "not-a-row")])
    return {headers.get(name, str(name)[:100]): _plain(table, number, name, value) for name, value in row.items()}


def _plain(table: Table, number: int, name: str, value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(code, str) for code in value):
        return "|".join(value)
    if isinstance(value, dict | list):
        raise FaultyTables([Flaw(table.name, number, str(name)[:100], "not-a-value")])
    return value
