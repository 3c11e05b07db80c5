"""Cells out: every value as text or number."""

from collections.abc import Iterator

from config.tables.template import Cell
from factors.canonical import Content
from factors.exchange.layout import SEPARATOR, WORDS, Column, Table


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
