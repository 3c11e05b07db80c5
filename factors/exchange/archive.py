"""A zip of CSV files, one per table: RFC 4180 out; in, comma or semicolon, UTF-8 or Windows-1252."""

import csv
import io
import zipfile

from config.tables import RawTable, delimited, escaped
from factors.canonical import Content
from factors.exchange.cells import Cell, rows_of
from factors.exchange.layout import TABLES

NUMBERS = {table.name: [one.header for one in table.columns if one.form == "number"] for table in TABLES}
WRITTEN_AT = (1980, 1, 1, 0, 0, 0)
"""The same moment in every archive, so that the same content gives the same bytes."""


def write(content: Content) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in TABLES:
            text = io.StringIO()
            writer = csv.writer(text)
            writer.writerow(column.header for column in table.columns)
            writer.writerows([_text(cell) for cell in row] for row in rows_of(table, content))
            archive.writestr(zipfile.ZipInfo(f"{table.name}.csv", WRITTEN_AT), text.getvalue().encode())
    return stream.getvalue()


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return escaped(cell)
    return "" if cell is None else repr(cell)


def read(data: bytes) -> dict[str, RawTable]:
    """The tables of the archive by file name. Raises FaultyTables."""
    return delimited.read_archive(data, numbers=NUMBERS)
