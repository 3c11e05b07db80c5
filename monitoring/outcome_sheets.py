"""Reading a file of outcome reports, XLSX or CSV, into columns and where each report stands. Knows no store.

Nothing in a file is trusted: sizes are looked at before unpacking, formulas are never computed, and whatever the
readers of zip and XML raise becomes `UnreadableFile`. What the cells mean is checked where every report is
(services/delivery/intake.py).
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice, repeat, zip_longest
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from config import personal_data
from config.errors import Fault
from monitoring.measure_words import COLUMNS, HEADERS, HELP, LISTS, MEASURE_OF_SHEET, SHEETS, TO_READ_ONLY
from monitoring.measures import MEASURES
from monitoring.nearest import nearest
from monitoring.received import Columns, Filled, Table
from monitoring.unreadable import UnreadableFile, look_into_workbook, refuse_old_office, unreadable

MOST_ROWS, MOST_COLUMNS, HEADER_WITHIN = 10_000, 100, 20
WIDEST = 2_000
"""Of a row, in cells, so that a file of empty ones costs little."""
DELIMITERS, MOST_ABOVE = ";,\t", 100_000
"""MOST_ABOVE: so many characters are looked at for the line with the names of columns."""
COUNT = "counts/"
WHOLE = re.compile(r"-?\d{1,15}")
IGNORED = frozenset(word.casefold() for word in TO_READ_ONLY)
Cells = Sequence[Any]


def read_csv(content: bytes) -> Filled:
    """Comma or semicolon (or tab), UTF-8, UTF-16 or Windows-1252. Raises UnreadableFile."""
    text = _text_of(content)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        rows = _limited(lines)
    except csv.Error as problem:
        raise unreadable("not-csv", _("De aanhalingstekens in dit bestand kloppen niet.")) from problem
    return _some(_tables(None, "", rows, letters=False))


def read_xlsx(content: bytes) -> Filled:
    """Every sheet but help and lists; one named after a measure holds reports of it. Raises UnreadableFile."""
    look_into_workbook(content)
    found: list[Table] = []
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        for sheet in book.worksheets:
            if sheet.title not in (HELP, LISTS):
                sheet.reset_dimensions()
                rows = _limited(sheet.iter_rows(values_only=True), sheet.title)
                found += _tables(sheet.title, MEASURE_OF_SHEET.get(sheet.title.casefold(), ""), rows, letters=True)
    except UnreadableFile:
        raise
    except Exception as problem:  # openpyxl raises what its XML and zip readers raise
        raise unreadable("no-spreadsheet", _("Dit is geen leesbaar XLSX-bestand.")) from problem
    return _some(found)


def _delimiter(text: str) -> str:
    """What parts the cells: of the line with the names of columns, which may stand below a title."""
    lines = list(islice(io.StringIO(text[:MOST_ABOVE], newline=None), HEADER_WITHIN)) or [""]
    known = ((sum(_name(cell.strip(' "\n')) in COLUMNS for cell in line.split(mark)), mark)
             for line in lines for mark in DELIMITERS)  # fmt: skip
    return next((mark for columns, mark in known if columns >= 2), max(DELIMITERS, key=lines[0].count))


def _text_of(content: bytes) -> str:
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return content.decode("utf-16", "replace")
    if b"\x00" in content:
        refuse_old_office(content)
        raise unreadable("not-text", _("Dit is geen tekstbestand."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _limited(rows: Iterable[Cells], sheet: str = "") -> list[Cells]:
    found = list(islice(_narrow(rows, sheet), MOST_ROWS + 2))
    if len(found) > MOST_ROWS + 1:  # the header is no report
        raise unreadable("too-many-rows", _("Lever hoogstens %(n)d regels per bestand.") % {"n": MOST_ROWS})
    return found


def _narrow(rows: Iterable[Cells], sheet: str) -> Iterator[Cells]:
    """Empty cells beyond the last column are nothing; what is filled in there would be lost without a word."""
    for number, row in enumerate(rows, 1):
        if len(row) > MOST_COLUMNS:
            if len(row) > WIDEST or any(map(_said, row[MOST_COLUMNS:])):
                words = {"row": number, "at": get_column_letter(MOST_COLUMNS)}
                detail = _(
                    "Regel %(row)d gaat verder dan kolom %(at)s. Zo ver lezen wij niet: haal weg wat daar staat."
                )
                raise unreadable("too-many-columns", detail % words, value=_shown(sheet))
            row = row[:MOST_COLUMNS]
        yield row


def _some(tables: Sequence[Table]) -> Filled:
    if not tables:
        raise unreadable("no-rows", _("Er staan geen ingevulde regels in dit bestand."))
    return Filled(tables)


def _tables(sheet: str | None, measure: str, rows: Sequence[Cells], *, letters: bool) -> list[Table]:
    """The rows of one table in which a part or an explanation is filled in; none without any."""
    if not any(_said(cell) for row in rows for cell in row):
        return []
    if sheet and personal_data.found_in(sheet):
        detail = _("In de naam van een werkblad lijkt een persoonsgegeven te staan. Haal het weg.")
        raise unreadable("personal-data", detail)
    at, fields = _header(sheet, rows)
    if not measure and "measure" not in fields.values():
        detail = _("Op werkblad '%(sheet)s' staat niet om welke maat het gaat.") % {"sheet": (sheet or "")[:40]}
        raise unreadable("unknown-sheet", detail, expected=list(SHEETS.values()))
    words = {field: _word(index, rows[at][index], letters) for index, field in fields.items()}
    columns = _columns(rows[at + 1 :], fields, measure)
    telling = [*columns.counts.values(), columns.fields.get("explanation", ())]
    if all(None in column for column in telling if column):
        columns = columns.chosen([place for place, row in enumerate(zip_longest(*telling)) if set(row) != {None}])
    return [Table(sheet, words, [at + 2 + number for number in columns.numbers], columns)] if columns.numbers else []


def _header(sheet: str | None, rows: Sequence[Cells]) -> tuple[int, dict[int, str]]:
    """Where the header is and which column holds which field. Raises UnreadableFile with every column that is wrong."""
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        names = {index: _name(cell) for index, cell in enumerate(row) if _said(cell)}
        fields = {index: COLUMNS[name] for index, name in names.items() if name in COLUMNS}
        if len(set(fields.values())) >= 2:
            faults = list(_wrong_columns(sheet, names, fields, rows[at + 1 :]))
            if faults:
                raise UnreadableFile(_("De kolommen kloppen niet. Laat de bovenste regel zoals zij is."), faults)
            return at, fields
    detail = _("De regel met kolomnamen ontbreekt. Gebruik het sjabloon.")
    if sheet:
        detail = _(
            "Op werkblad '%(sheet)s' ontbreekt de regel met kolomnamen. Gebruik het sjabloon. "
            "Staan er geen cijfers op? Haal dit werkblad dan weg."
        ) % {"sheet": sheet[:40]}
    raise unreadable("no-header", detail, expected=["Aanbod", "Periode", "Gebied"])


def _wrong_columns(
    sheet: str | None, names: Mapping[int, str], fields: Mapping[int, str], rows: Sequence[Cells]
) -> Iterator[Fault]:
    spare = set(range(max(map(len, rows), default=0))) - set(fields)
    used = {index for index in spare if any(index < len(row) and _said(row[index]) for row in rows)}
    where = f"{sheet[:40]}!" if sheet else ""
    for index in sorted(used | set(names)):
        letter, name = f"{where}{get_column_letter(index + 1)}", names.get(index, "")
        if index not in fields and name not in IGNORED:
            detail = _("Kolom %(at)s heeft een naam die wij niet kennen, of geen naam.") % {"at": letter}
            wanted = nearest(name, HEADERS, 3) if name else None
            yield Fault("#", "unknown-column", detail, value=_shown(name), expected=wanted)
        elif index in fields and list(fields.values()).count(fields[index]) > 1:
            yield Fault(
                "#", "double-column", _("Kolom %(at)s staat er twee keer in.") % {"at": letter}, value=_shown(name)
            )


def _shown(name: str) -> str | None:
    """A name as it may be repeated."""
    return name[:40] or None if not personal_data.found_in(name) else None


def _word(index: int, cell: Any, letters: bool) -> str:
    text = str(cell).strip()[:60]
    return f"{get_column_letter(index + 1)}: {text}" if letters else text


def _name(cell: Any) -> str:
    return " ".join(str(cell).split()).casefold()[:100]


def _said(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _columns(rows: Sequence[Cells], fields: Mapping[int, str], measure: str) -> Columns:
    """What the rows say, read column by column: the cells of one are mostly of a kind.

    measure: of all rows that name none themselves.
    """
    table = list(zip_longest(*rows))
    named = {name: table[index] for index, name in fields.items() if index < len(table)}
    counts = {name: _values(cells, _count) for name, cells in named.items() if name.startswith(COUNT)}
    told = {name: _values(cells, _text) for name, cells in named.items() if name not in counts}
    if "measure" in told and not MEASURES.keys() >= (words := set(told["measure"])):
        codes = {word: MEASURE_OF_SHEET.get(word.casefold(), word) if word else None for word in words}
        told["measure"] = [codes[word] for word in told["measure"]]
    if measure:
        told["measure"] = [one or measure for one in told.get("measure", repeat(None, len(rows)))]
    return Columns(range(len(rows)), told, {name.removeprefix(COUNT): column for name, column in counts.items()})


def _values(cells: Cells, read: Callable[[Any], Any]) -> Sequence[Any]:
    """What the cells of a column say; None where one is empty."""
    if set(map(type, cells)) == {str}:
        cells = list(map(str.strip, cells))
        digits = "".join(cells)
        if read is _text and all(cells):
            return cells
        if read is _count and digits.isascii() and digits.isdecimal() and all(cells) and max(map(len, cells)) <= 15:
            return list(map(int, cells))
    else:
        cells = [cell.strip() if type(cell) is str else cell for cell in cells]
    return [None if cell is None or cell == "" else read(cell) for cell in cells]


def _count(cell: Any) -> Any:
    """A number as it is; text that is one too. All else goes on as it stands, to be refused with its value."""
    if isinstance(cell, bool | int | float):
        return cell
    text = cell if type(cell) is str else str(getattr(cell, "text", cell)).strip()  # a formula over cells has its text
    return int(text) if text.isascii() and WHOLE.fullmatch(text) else text


def _text(cell: Any) -> str:
    """Spreadsheets make a date of 2026-03 and a number of 2026: read them back as the period that was meant."""
    if type(cell) is str:
        return cell
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m}" if cell.day == 1 else f"{cell:%Y-%m-%d}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
