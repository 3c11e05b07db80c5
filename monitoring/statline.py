"""Reading a StatLine file as Statistics Netherlands hands it out ("CSV met statistische symbolen"). Pure.

Semicolons, UTF-8 with BOM, codes and numbers padded with spaces, `.` for unknown or secret (never zero), `-` for nil.
A mapping (own CSV) says what each column is. Source of the symbols: CBS, "Verklaring van tekens".
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from config.errors import Fault, Refusal
from monitoring.periods import BadPeriod, Period, parse

Role = Literal["period", "area-name", "area-code", "value"]
UNKNOWN = {".", "x"}
AREA_CODE = re.compile(r"(NL\d{2}|GM\d{4}|WK\d{6}|BU\d{8})", re.A)
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,10})?", re.A)
MOST_FAULTS = 100


class StatlineRefused(Refusal):
    """The file is not what its mapping says; every fault names row and column."""

    code = "statline-refused"


@dataclass(frozen=True)
class Column:
    """What one column is. weight: for a mean, the column with the number of units it stands for."""

    name: str
    role: Role
    indicator_code: str = ""
    unit: str = ""
    statistic: str = ""
    weight: str = ""


@dataclass(frozen=True)
class Cell:
    """One figure; `value` None: the file says it is unknown or secret."""

    area_code: str
    period: Period
    column: Column
    value: float | None
    weight: float | None


@dataclass(frozen=True)
class Table:
    """What the file says: names by area code in the order of the file, and its figures."""

    names: Mapping[str, str]
    cells: tuple[Cell, ...]


def columns(rows: Iterable[Mapping[str, str]]) -> tuple[Column, ...]:
    """The mapping from its rows: column, role, indicator_code, unit, statistic, weight. Raises StatlineRefused."""
    found = []
    for row in rows:
        if row["role"] not in get_args(Role):
            raise StatlineRefused(f"mapping: unknown role {row['role']!r} of column {row['column']!r}")
        found.append(Column(row["column"], row["role"], row["indicator_code"], row["unit"], row["statistic"],  # type: ignore[arg-type]
                            row["weight"]))  # fmt: skip
    return tuple(found)


def read(content: bytes, mapping: Iterable[Column]) -> Table:
    """The table in the file. Raises StatlineRefused with at most 100 faults; nothing is half read."""
    wanted = tuple(mapping)
    reader = csv.DictReader(io.StringIO(_text(content), newline=""), delimiter=";", strict=True)
    reading = _Reading(wanted)
    try:
        _check_header(reader.fieldnames or (), wanted)
        for number, row in enumerate(reader, start=2):
            reading.take(number, row)
    except csv.Error as problem:
        raise StatlineRefused(f"row {reader.line_num}: {problem}") from problem
    if reading.faults:
        raise StatlineRefused(f"{len(reading.faults)} faults in the file", reading.faults)
    return Table(reading.names, tuple(reading.cells))


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise StatlineRefused(
            f"the file is not UTF-8 (byte {problem.start}); it looks like Windows-1252: save it as UTF-8"
        ) from problem


def _check_header(header: Iterable[str], wanted: tuple[Column, ...]) -> None:
    names = list(header)
    needed = {c.name for c in wanted} | {c.weight for c in wanted if c.weight}
    faults = [Fault(f"#/columns/{name}", "missing-column", f"column {name!r} is missing")
              for name in sorted(needed - set(names))]  # fmt: skip
    faults += [Fault(f"#/columns/{name}", "double-column", f"column {name!r} stands there twice")
               for name in sorted({name for name in names if names.count(name) > 1})]  # fmt: skip
    if faults:
        raise StatlineRefused("; ".join(fault.detail for fault in faults), faults)


class _Reading:
    """The rows read so far and what was wrong with them."""

    def __init__(self, wanted: tuple[Column, ...]) -> None:
        self.period, self.name, self.code = (_only(wanted, role) for role in ("period", "area-name", "area-code"))
        self.values = [column for column in wanted if column.role == "value"]
        self.names: dict[str, str] = {}
        self.seen: set[tuple[str, str]] = set()
        self.cells: list[Cell] = []
        self.faults: list[Fault] = []

    def take(self, number: int, row: Mapping[str, str | None]) -> None:
        if len(self.faults) >= MOST_FAULTS:
            return None
        if None in row or None in row.values():
            return self._fault(number, "", "columns", "the row has more or fewer cells than the header")
        texts = {name: str(text).strip() for name, text in row.items()}
        code = texts[self.code.name]
        if not AREA_CODE.fullmatch(code):
            return self._fault(number, self.code.name, "area-code", f"{code[:40]!r} is no CBS area code")
        try:
            period = parse(texts[self.period.name])
        except BadPeriod as problem:
            return self._fault(number, self.period.name, "period", str(problem))
        if (code, period.iso) in self.seen:
            return self._fault(number, self.code.name, "double-row", f"{code} stands there twice for {period.iso}")
        self.seen.add((code, period.iso))
        self.names[code] = texts[self.name.name]
        self.cells.extend(self._cells(number, texts, code, period))
        return None

    def _cells(self, number: int, texts: Mapping[str, str], code: str, period: Period) -> Iterator[Cell]:
        for column in self.values:
            weight = self._number(number, column.weight, texts) if column.weight else None
            yield Cell(code, period, column, self._number(number, column.name, texts), weight)

    def _number(self, number: int, name: str, texts: Mapping[str, str]) -> float | None:
        text = texts[name]
        if text in UNKNOWN:
            return None
        if text == "-":
            return 0.0
        if NUMBER.fullmatch(text):
            return float(text)
        hint = "; write a decimal point, not a comma" if "," in text else ""
        self._fault(number, name, "number", f"{text[:40]!r} is no number{hint}")
        return None

    def _fault(self, number: int, column: str, code: str, detail: str) -> None:
        self.faults.append(Fault(f"#/rows/{number}/{column}", code, f"row {number}: {detail}"))


def _only(wanted: tuple[Column, ...], role: Role) -> Column:
    found = [column for column in wanted if column.role == role]
    if len(found) != 1:
        raise StatlineRefused(f"the mapping must name one column as {role}, not {len(found)}")
    return found[0]
