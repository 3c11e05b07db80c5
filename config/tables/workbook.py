"""Reading a workbook (XLSX): one table per sheet, in bounds, nothing computed."""

import io
import re
import zipfile
from collections.abc import Collection, Iterator
from datetime import date, time
from typing import Any

import openpyxl

from config.tables import package
from config.tables.cells import Formula, RawTable, unescaped
from config.tables.flaws import FaultyTables, Flaw

MOST_ROWS = 50_000
MOST_COLUMNS = 60
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*ref="([A-Z0-9:]{1,30})"')


def read(data: bytes, *, skip: Collection[str] = ()) -> dict[str, RawTable]:
    """The tables of a workbook by sheet, without those to skip. Raises FaultyTables when it is none, or too large."""
    _check_package(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            _refuse_merged(data, book)
            return {sheet.title: _table(sheet) for sheet in book.worksheets if sheet.title not in skip}
        finally:
            book.close()
    except FaultyTables:
        raise
    except Exception as problem:  # openpyxl raises whatever a broken part provokes: KeyError, ValueError, ParseError
        raise _whole("unreadable") from problem


def _whole(code: str, expected: str | None = None) -> FaultyTables:
    return FaultyTables([Flaw("", 0, "", code, None, expected)])


def _check_package(data: bytes) -> None:
    try:
        package.look_into(data)
    except package.UnsafePackage as problem:
        expected = f"{package.MOST_UNPACKED // 1024 // 1024} MB" if problem.code == "too-large" else None
        raise _whole(problem.code, expected) from problem


def _refuse_merged(data: bytes, book: Any) -> None:
    flaws = []
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for sheet in book.worksheets:
            path = sheet._worksheet_path.lstrip("/")
            flaws += [Flaw(sheet.title, 0, "", "merged-cells", ref) for ref in _merged(parts, path)]
    if flaws:
        raise FaultyTables(flaws)


def _merged(parts: zipfile.ZipFile, path: str) -> Iterator[str]:
    with parts.open(path) as stream:
        rest = b""
        while chunk := stream.read(1 << 16):
            for found in _MERGED.finditer(rest + chunk):
                yield found.group(1).decode()
            rest = (rest + chunk)[-80:] if not _MERGED.search((rest + chunk)[-80:]) else b""


def _table(sheet: Any) -> RawTable:
    headers: tuple[str, ...] = ()
    rows = []
    for number, cells in enumerate(sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS), start=1):
        values = [_value(cell) for cell in cells]
        if number == 1:
            headers = _headers(sheet.title, values)
        elif number > MOST_ROWS + 1:
            raise FaultyTables([Flaw(sheet.title, number, "", "too-many-rows", None, str(MOST_ROWS))])
        elif any(value is not None and value != "" for value in values):
            rows.append((number, _by_header(sheet.title, number, headers, values)))
    return RawTable(tuple(name for name in headers if name), tuple(rows))


def _headers(title: str, values: list[Any]) -> tuple[str, ...]:
    names = tuple(str(value or "").strip()[:100] for value in values)
    for name in names:
        if name and names.count(name) > 1:
            raise FaultyTables([Flaw(title, 1, name, "duplicate-column")])
    return names


def _by_header(title: str, number: int, headers: tuple[str, ...], values: list[Any]) -> dict[str, Any]:
    padded = (*headers, *[""] * len(values))
    if any(value not in (None, "") and not name for name, value in zip(padded, values, strict=False)):
        raise FaultyTables([Flaw(title, number, "", "cell-without-column")])
    return {name: value for name, value in zip(padded, values, strict=False) if name}


def _value(cell: Any) -> Any:
    if cell.data_type == "f":
        return Formula(str(cell.value))
    if isinstance(cell.value, str):
        return unescaped(cell.value)
    if cell.data_type == "e":
        return Formula(str(cell.value))
    known = cell.value is None or isinstance(cell.value, bool | int | float | date | time)
    return cell.value if known else str(cell.value)
