"""Reading delimited text, one table or a zip of them: comma or semicolon, UTF-8 or Windows-1252."""

import csv
import io
import re
import zipfile
from collections.abc import Collection, Mapping
from pathlib import PurePosixPath
from typing import Any

from config.tables.cells import RawTable, unescaped
from config.tables.flaws import FaultyTables, Flaw

MOST_UNPACKED = 50 * 1024 * 1024
MOST_FILES = 20
MOST_ROWS = 50_000
MOST_COLUMNS = 100


def read_archive(data: bytes, *, numbers: Mapping[str, Collection[str]]) -> dict[str, RawTable]:
    """The tables of a zip by file name. numbers: the columns with numbers, per table. Raises FaultyTables."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if member.filename.endswith(".csv")]
            if len(archive.infolist()) > MOST_FILES or sum(m.file_size for m in members) > MOST_UNPACKED:
                raise FaultyTables([Flaw("", 0, "", "too-large", None, f"{MOST_UNPACKED // 1024 // 1024} MB")])
            tables = [(PurePosixPath(member.filename).stem, archive.read(member)) for member in members]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as problem:
        raise FaultyTables([Flaw("", 0, "", "unreadable")]) from problem
    return {name: read_table(name, content, numbers=numbers.get(name, ())) for name, content in tables}


def read_table(name: str, data: bytes, *, numbers: Collection[str] = ()) -> RawTable:
    """One table. numbers: columns in which a decimal comma counts, when cells are parted by a semicolon.

    Raises FaultyTables.
    """
    text = _decoded(name, data)
    delimiter = ";" if text.split("\n", 1)[0].count(";") > text.split("\n", 1)[0].count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    headers: tuple[str, ...] = ()
    rows: list[tuple[int, dict[str, Any]]] = []
    try:
        for number, cells in enumerate(reader, start=1):
            if len(cells) > MOST_COLUMNS:
                raise FaultyTables([Flaw(name, number, "", "too-many-columns", None, str(MOST_COLUMNS))])
            if number == 1:
                headers = tuple(cell.strip()[:100] for cell in cells)
                _once(name, headers)
            elif number > MOST_ROWS + 1:
                raise FaultyTables([Flaw(name, number, "", "too-many-rows", None, str(MOST_ROWS))])
            elif any(cells):
                rows.append((number, _row(name, number, headers, cells, numbers if delimiter == ";" else ())))
    except csv.Error as problem:
        raise FaultyTables([Flaw(name, len(rows) + 2, "", "unreadable-row", None, str(problem)[:100])]) from problem
    return RawTable(tuple(header for header in headers if header), tuple(rows))


def _decoded(name: str, data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data:
        raise FaultyTables([Flaw(name, 0, "", "wrong-encoding", None, "UTF-8")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError as problem:
            raise FaultyTables([Flaw(name, 0, "", "wrong-encoding", None, "UTF-8")]) from problem


def _once(name: str, headers: tuple[str, ...]) -> None:
    for header in headers:
        if headers.count(header) > 1:
            raise FaultyTables([Flaw(name, 1, header, "duplicate-column")])


def _row(
    name: str, number: int, headers: tuple[str, ...], cells: list[str], numbers: Collection[str]
) -> dict[str, Any]:
    if len(cells) > len(headers):
        raise FaultyTables([Flaw(name, number, "", "cell-without-column")])
    found = {header: unescaped(cell) for header, cell in zip(headers, cells, strict=False) if header}
    return {header: _with_dot(cell) if header in numbers else cell for header, cell in found.items()}


def _with_dot(cell: str) -> str:
    """A number with a decimal comma; `1.234` could be either, so it is left to be refused."""
    if re.fullmatch(r"[-+]?\d{1,3}\.\d{3}", cell):
        return f"{cell}?"
    return cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell
