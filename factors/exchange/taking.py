"""From tables of raw cells to content, with every fault at its sheet, row and column. Nothing is guessed.

Raw cells are what a file held (config/tables).
"""

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from config.tables import MOST_FAULTS, FaultyTables, Flaw, Formula, RawTable, nearest
from factors.canonical import Content, RelationEntry
from factors.closed_lists import CODE
from factors.exchange.layout import SEPARATOR, TABLES, Column, Table

_CODE = re.compile(rf"{CODE}\Z")
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SIGNS = {"strengthens": "+", "weakens": "-", "+": "+", "-": "-"}


@dataclass
class _Report:
    flaws: list[Flaw] = field(default_factory=list)

    def add(
        self, table: Table, row: int, column: str, code: str, value: Any = None, known: Collection[str] = ()
    ) -> None:
        if len(self.flaws) < MOST_FAULTS:
            text = None if value is None else str(value.text if isinstance(value, Formula) else value)[:100]
            self.flaws.append(Flaw(table.name, row, column, code, text, nearest(text or "", known)))


def take(raw: Mapping[str, RawTable], *, domains: Collection[str]) -> Content:
    """The content of the tables; domains: codes a goal may stand for. Raises FaultyTables."""
    report = _Report()
    known_tables = {table.name for table in TABLES}
    for name in raw.keys() - known_tables:
        report.flaws.append(Flaw(name[:60], 0, "", "unknown-sheet", None, nearest(name[:60], known_tables)))
    read = {table.name: _Rows(table, raw.get(table.name), report) for table in TABLES}
    factors, goals, sources, pairs, evidence = (read[table.name] for table in TABLES)
    for rows in read.values():
        rows.check_once()
    _check_codes(report, factors, goals, sources, pairs, evidence, domains)
    if report.flaws:
        raise FaultyTables(report.flaws)
    given = {_pair(row): RelationEntry(**row) for _, row in pairs.values}
    for _, row in evidence.values:
        given.setdefault(_pair(row), RelationEntry(*_pair(row)))
    return Content(
        factors=factors.entries("code"), goals=goals.entries("code"), sources=sources.entries("code"),
        relations=tuple(given[pair] for pair in sorted(given)), evidence=evidence.entries("code"),
    )  # fmt: skip


def _pair(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return (row["from_code"], row["to_kind"], row["to_code"])


class _Rows:
    """The rows of one table with their values by field; what cannot be read is reported and left out."""

    def __init__(self, table: Table, raw: RawTable | None, report: _Report) -> None:
        self.table, self.report = table, report
        self.values: list[tuple[int, dict[str, Any]]] = []
        headers = set(raw.headers) if raw else set()
        if raw is None:
            if table.name in ("factors", "goals"):
                report.add(table, 0, "", "sheet-missing")
            return
        known = {column.header for column in table.columns}
        for header in sorted(headers - known):
            report.add(table, 1, header[:60], "unknown-column", header[:60], known)
        for column in table.columns:
            if column.required and column.header not in headers:
                report.add(table, 1, column.header, "column-missing")
        if not any(c.required and c.header not in headers for c in table.columns):
            self.values = [(number, self._read(number, cells)) for number, cells in raw.rows]

    def _read(self, number: int, cells: Mapping[str, Any]) -> dict[str, Any]:
        return {column.field: self._value(number, column, cells.get(column.header)) for column in self.table.columns}

    def _value(self, number: int, column: Column, cell: Any) -> Any:
        if isinstance(cell, str):
            cell = cell.replace("\r\n", "\n").strip()
        empty = cell is None or cell == ""
        fault = "required" if empty and column.required else None if empty else _unfit(column, cell)
        if fault is None and not empty:
            try:
                return _READERS[column.form](column, cell)
            except _Bad as bad:
                fault, cell = bad.code, bad.value if bad.value is not None else cell
        if fault:
            self.report.add(self.table, number, column.header, fault, None if empty else cell, column.choices)
        return _BLANK.get(column.form, "") if column.field not in _UNKNOWN else "unknown"

    def check_once(self) -> None:
        """Codes given twice."""
        first: dict[Any, int] = {}
        for number, row in self.values:
            key = row["code"] if "code" in row else (row["from_code"], row["to_code"])
            if not all(key if isinstance(key, tuple) else (key,)):
                continue
            if key in first:
                shown = key if isinstance(key, str) else " → ".join(key)
                self.report.add(self.table, number, self.table.columns[0].header, "duplicate-code", shown)
            first.setdefault(key, number)

    def codes(self) -> set[str]:
        return {row["code"] for _, row in self.values}

    def check_known(self, name: str, known: Collection[str]) -> None:
        """Codes that must be somewhere else and are not."""
        header = next(column.header for column in self.table.columns if column.field == name)
        for number, row in self.values:
            if row[name] and row[name] not in known:
                self.report.add(self.table, number, header, "unknown-code", row[name], known)

    def entries(self, key: str) -> tuple[Any, ...]:
        rows = sorted((row for _, row in self.values), key=lambda row: str(row[key]))
        return tuple(self.table.entry(**row) for row in rows)


def _check_codes(
    report: _Report, factors: _Rows, goals: _Rows, sources: _Rows, pairs: _Rows, evidence: _Rows,
    domains: Collection[str],
) -> None:  # fmt: skip
    """Codes that stand elsewhere in the tables, and the kind of where each pair ends."""
    goals.check_known("domain_code", domains)
    for number, row in goals.values:
        if row["code"] and row["code"] in factors.codes():
            report.add(goals.table, number, "id", "code-of-factor", row["code"])
    factors.check_known("prevalence_source_code", sources.codes())
    evidence.check_known("source_code", sources.codes())
    evidence.check_known("mirror_of", evidence.codes())
    ends = {"factor": factors.codes(), "goal": goals.codes()}
    for rows in (pairs, evidence):
        rows.check_known("from_code", ends["factor"])
        rows.check_known("to_code", ends["factor"] | ends["goal"])
        for number, row in rows.values:
            kind = "goal" if row["to_code"] in ends["goal"] else "factor"
            if row["to_kind"] not in ("", kind) and row["to_code"] in ends[kind]:
                report.add(rows.table, number, "to_type", "wrong-kind", row["to_kind"], (kind,))
            row["to_kind"] = kind


class _Bad(Exception):
    def __init__(self, code: str, value: str | None = None) -> None:
        super().__init__(code)
        self.code, self.value = code, value


def _unfit(column: Column, cell: Any) -> str | None:
    """What is wrong with a cell whatever its column asks."""
    if isinstance(cell, Formula):
        return "formula"
    if isinstance(cell, date | time):
        return "date"
    if isinstance(cell, str) and len(cell) > column.longest:
        return "too-long"
    if isinstance(cell, str) and _FORBIDDEN.search(cell):
        return "forbidden-character"
    return None


def _text(column: Column, cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return repr(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _code(column: Column, cell: Any) -> str:
    text = _text(column, cell)
    if not _CODE.match(text):
        raise _Bad("not-a-code")
    return text


def _number(column: Column, cell: Any) -> float:
    if isinstance(cell, bool):
        raise _Bad("not-a-number")
    try:
        value = float(cell) if not isinstance(cell, str) or re.fullmatch(r"[-+]?[0-9.eE+-]+", cell) else math.nan
    except (ValueError, OverflowError):
        value = math.nan
    if not math.isfinite(value):
        raise _Bad("not-a-number")
    if column.field in ("prevalence", "baseline_risk") and not 0 <= value <= 1:
        raise _Bad("not-a-share")
    return value


def _year(column: Column, cell: Any) -> int:
    value = _number(column, cell)
    if not value.is_integer() or not 1500 <= value <= 2100:
        raise _Bad("not-a-year")
    return int(value)


def _choice(column: Column, cell: Any) -> str:
    text = _text(column, cell)
    if text not in column.choices:
        raise _Bad("not-in-list")
    return text


def _choices(column: Column, cell: Any) -> tuple[str, ...]:
    given = [part.strip() for part in _text(column, cell).split(SEPARATOR) if part.strip()]
    for part in given:
        if part not in column.choices:
            raise _Bad("not-in-list", part)
    return tuple(code for code in column.choices if code in given)


def _flag(column: Column, cell: Any) -> bool:
    return _choice(column, cell) == "yes"


def _sign(column: Column, cell: Any) -> str:
    if cell not in _SIGNS:
        raise _Bad("not-in-list")
    return _SIGNS[cell]


_READERS: dict[str, Callable[[Column, Any], Any]] = {
    "code": _code, "text": _text, "number": _number, "year": _year, "choice": _choice, "choices": _choices,
    "flag": _flag, "sign": _sign,
}  # fmt: skip
_BLANK: dict[str, Any] = {"number": None, "year": None, "choices": (), "flag": False}
_UNKNOWN = frozenset({"causal", "sequence_in_time", "significant"})
