"""Workbooks (XLSX): one sheet per table, drop-downs for closed lists, a help sheet."""

from config.tables import RawTable
from config.tables import workbook as room
from config.tables.template import HELP, Heading, Sheet, write_workbook
from factors.canonical import Content
from factors.exchange.cells import rows_of
from factors.exchange.layout import TABLES

TITLE = "Een factorenmodel invullen"


def write(content: Content) -> bytes:
    """The content as a workbook; without rows it is a template to fill."""
    return write_workbook(TITLE, [
        Sheet(
            table.name,
            table.help,
            [Heading(one.header, one.help, one.required, one.choices, several=one.form == "choices")
             for one in table.columns],
            rows_of(table, content),
        )
        for table in TABLES
    ])  # fmt: skip


def read(data: bytes) -> dict[str, RawTable]:
    """The tables of a workbook; the help sheet is skipped. Raises FaultyTables when it is not one, or too large."""
    return room.read(data, skip={HELP})
