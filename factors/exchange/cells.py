"""Cells out: every value as text or number, and never something a spreadsheet takes for a formula."""

import re
from collections.abc import Iterator

from factors.canonical import Content
from factors.exchange.layout import SEPARATOR, WORDS, Column, Table

_RISKY = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")

Cell = str | float | int | None


def escaped(text: str) -> str:
    """An apostrophe before what a spreadsheet would run; also before an apostrophe that is there already."""
    return f"'{text}" if _RISKY.match(text) else text


def unescaped(text: str) -> str:
    """The text as it was before `escaped`."""
    return text[1:] if _ESCAPED.match(text) else text


def rows_of(table: Table, content: Content) -> Iterator[list[Cell]]:
    """One list of cells per row, in the order of the columns; text is not escaped yet."""
    for entry in getattr(content, table.part):
        yield [_cell(column, getattr(entry, column.field)) for column in table.columns]


def _cell(column: Column, value: object) -> Cell:
    if value is None or (isinstance(value, str) and not value):
        return None
    if column.form == "choices":
        return SEPARATOR.join(value) if isinstance(value, tuple) else None
    if column.form == "flag":
        return "yes" if value else "no"
    if column.form == "sign":
        return WORDS[str(value)]
    return value if isinstance(value, int | float | str) else str(value)
