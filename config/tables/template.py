"""Workbooks to fill in: a help sheet, and per table a sheet with its headings and drop-downs for closed lists.

A number that a workbook would round (more than 16 digits) is written as text, so that reading gives the same number.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from config.tables.cells import escaped

HELP = "uitleg"
SEPARATOR = "|"
DROP_DOWN_ROWS = 20_000
LONGEST_LIST = 255
"""Characters that a drop-down may hold; Excel refuses a workbook with more."""
RULES = (
    "Eén blad per tabel. Rijen mogen in elke volgorde; laat de bovenste rij staan.",
    "Meer codes in één cel: gescheiden door een rechte streep |. Formules en samengevoegde cellen gaan niet.",
    "Tekst die met = + - of @ begint, krijgt een apostrof ervoor; die valt bij het inlezen weer weg.",
)

Cell = str | float | int | None


@dataclass(frozen=True)
class Heading:
    """One column. help: what belongs in it, in Dutch. several: a cell may hold more than one of the choices."""

    name: str
    help: str
    required: bool = False
    choices: Sequence[str] = ()
    several: bool = False


@dataclass(frozen=True)
class Sheet:
    """One table; text in its rows is not escaped yet."""

    name: str
    help: str
    columns: Sequence[Heading]
    rows: Iterable[Sequence[Cell]] = ()


def write_workbook(title: str, sheets: Sequence[Sheet]) -> bytes:
    """The tables as a workbook; without rows it is a template to fill."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    _help(book.add_worksheet(HELP), bold, title, sheets)
    for sheet in sheets:
        _fill(book.add_worksheet(sheet.name), sheet, bold)
    book.close()
    return stream.getvalue()


def _help(page: Any, bold: Any, title: str, sheets: Sequence[Sheet]) -> None:
    for row, line in enumerate(_lines(title, sheets)):
        for place, text in enumerate(line):
            page.write_string(row, place, text, bold if row in (0, len(RULES) + 2) else None)
    page.set_column(0, 1, 22)
    page.set_column(2, 2, 100)


def _lines(title: str, sheets: Sequence[Sheet]) -> Iterator[tuple[str, ...]]:
    yield from ((text,) for text in (title, *RULES, ""))
    yield ("blad", "kolom", "wat erin hoort")
    for sheet in sheets:
        yield (sheet.name, "", sheet.help)
        for column in sheet.columns:
            allowed = f" Mogelijk: {', '.join(column.choices)}." if column.choices else ""
            yield (sheet.name, column.name, column.help + (" Verplicht." if column.required else "") + allowed)


def _fill(page: Any, sheet: Sheet, bold: Any) -> None:
    page.freeze_panes(1, 0)
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, column.name, bold)
        page.set_column(place, place, 24)
        if column.choices and not column.several and len(",".join(column.choices)) <= LONGEST_LIST:
            rule = {"validate": "list", "source": list(column.choices)}
            page.data_validation(1, place, DROP_DOWN_ROWS, place, rule)
    for row, cells in enumerate(sheet.rows, start=1):
        for place, cell in enumerate(cells):
            _put(page, row, place, cell)


def _put(page: Any, row: int, place: int, cell: Cell) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        page.write_string(row, place, escaped(cell))
    elif isinstance(cell, float) and float(f"{cell:.16G}") != cell:
        page.write_string(row, place, repr(cell))
    else:
        page.write_number(row, place, cell)
