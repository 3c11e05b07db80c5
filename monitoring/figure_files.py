"""Files with observations as one stream of CSV with our column names: CSV in both dialects, XLSX, OData v4, JSON.

Values stay text here; what they mean is checked in the store, for all rows at once (services/figures/staging.py).
StatLine files have their own reader (statline.py).
"""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

import orjson
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from config.errors import Fault
from monitoring.unreadable import UnreadableFile, look_into_workbook, unreadable

COLUMNS = (
    "indicatorCode", "areaCode", "areaYear", "period", "periodKind", "definitionVersion", "population", "statistic",
    "sourceCode", "value", "unit", "qualifier", "status", "numerator", "denominator", "intervalLow", "intervalHigh",
    "basis", "areasUsed", "areasTotal", "conflict", "note", "citation",
)  # fmt: skip
NEEDED = ("indicatorCode", "areaCode", "period", "value")
IGNORED = ("origin", "demo", "recordedAt")  # in the files we hand out; not for a sender to say
ALIASES = {
    "indicator_code": "indicatorCode", "indicator": "indicatorCode", "area_code": "areaCode", "gebied": "areaCode",
    "gebiedscode": "areaCode", "area_year": "areaYear", "year": "period", "jaar": "period", "periode": "period",
    "definition_version": "definitionVersion", "maat": "statistic", "source_code": "sourceCode", "bron": "sourceCode",
    "waarde": "value", "eenheid": "unit", "value_qualifier": "qualifier", "teller": "numerator",
    "noemer": "denominator", "areas_used": "areasUsed", "areas_total": "areasTotal", "source": "citation",
    "notes": "note", "toelichting": "note",
}  # fmt: skip
CHUNK = 1 << 20
LARGEST_UNZIPPED = 400 * CHUNK
XLSX_ROWS = 1_048_576
ODATA_AREAS = ("WijkenEnBuurten", "RegioS", "Gemeenten")
ODATA = {*ODATA_AREAS, "Id", "Measure", "Value", "ValueAttribute", "StringValue", "Perioden"}
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Sheet:
    """columns: our name per column, in the order of the file. chunks: CSV in UTF-8 with `header` lines before the rows.

    first: number of the first row as its sender counts. form, encoding: what was found, for the report.
    faults: what was wrong before any value was looked at, with the position of its row (None: it is in no row).
    """

    columns: tuple[str, ...]
    delimiter: str
    chunks: Iterable[bytes]
    form: str
    encoding: str | None = None
    first: int = 2
    header: bool = False
    faults: tuple[tuple[int | None, Fault], ...] = ()


def csv_sheet(content: bytes) -> Sheet:
    """A delimited file; separator, encoding (UTF-8 with or without BOM, UTF-16, Windows-1252) are found out.

    Raises UnreadableFile for what is no text, has no header, or has columns nobody knows.
    """
    encoding = encoding_of(content)
    line = _header_line(content, encoding)
    delimiter = max(";,\t", key=line.count)
    names = next(csv.reader([line], delimiter=delimiter), [])
    return Sheet(named(names), delimiter, _recoded(content, encoding), "csv", encoding, header=True)


def encoding_of(content: bytes) -> str:
    """Raises UnreadableFile when the bytes are no text."""
    if not content.strip():
        raise unreadable("empty-file", _("Het bestand is leeg."))
    if content[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return "utf-16"
    if b"\x00" in content:
        raise unreadable("not-text", _("Dit is geen tekstbestand: er staan nultekens in."))
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            for _piece in _decoded(content, encoding):
                pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise unreadable("unknown-encoding", _("De tekens zijn niet te lezen. Bewaar het bestand als UTF-8."))


def _decoded(content: bytes, encoding: str) -> Iterator[str]:
    decoder, view = codecs.getincrementaldecoder(encoding)(), memoryview(content)
    for start in range(0, len(content), CHUNK):
        yield decoder.decode(view[start : start + CHUNK], start + CHUNK >= len(content))


def _header_line(content: bytes, encoding: str) -> str:
    text = next(_decoded(content[: 64 * 1024], encoding)) if encoding != "utf-16" else content[:65536].decode(encoding)
    return text.replace("\r", "\n").split("\n", 1)[0]


def _recoded(content: bytes, encoding: str) -> Iterator[bytes]:
    """The same in UTF-8 without BOM, piece by piece; empty lines after the last row are no rows."""
    if encoding == "utf-16":
        yield from (piece.encode() for piece in _decoded(content, encoding))
        return
    end = len(content)
    while end and content[end - 1] in b" \r\n":
        end -= 1
    view = memoryview(content)[len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0 : end]
    for start in range(0, len(view), CHUNK):
        piece = bytes(view[start : start + CHUNK])
        yield piece if encoding == "utf-8-sig" else piece.decode(encoding).encode()


def named(header: Iterable[Any]) -> tuple[str, ...]:
    """Our column names for those of a header. Raises UnreadableFile with every unknown, double and missing one."""
    known = {name.casefold(): name for name in (*COLUMNS, *IGNORED)} | ALIASES
    given = [str(name or "").strip() for name in header]
    names = tuple(known.get(name.casefold(), "") for name in given)
    unknown = _("Kolom %(at)d heet %(name)r; die kennen wij niet.")
    faults = [Fault(f"#/columns/{at}", "unknown-column", unknown % {"at": at, "name": text[:40]}, value=text[:40],
                    expected=list(COLUMNS))
              for at, (text, name) in enumerate(zip(given, names, strict=True), 1) if not name]  # fmt: skip
    faults += [Fault("#/columns", "double-column", _("Kolom %(name)s staat er twee keer in.") % {"name": name})
               for name in sorted({n for n in names if n and names.count(n) > 1})]  # fmt: skip
    faults += [
        Fault("#/columns", "missing-column", _("Kolom %(name)s ontbreekt.") % {"name": name})
        for name in NEEDED
        if name not in names
    ]
    if faults:
        raise UnreadableFile(_("De kolommen kloppen niet. De eerste regel moet de kolomnamen noemen."), faults)
    return names


def xlsx_sheet(content: bytes) -> Sheet:
    """The first sheet of a workbook, without macros. A percentage format counts: 0.125 shown as 12.5 % is 12.5 %.

    Raises UnreadableFile.
    """
    look_into_workbook(content, most_unpacked=LARGEST_UNZIPPED)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=XLSX_ROWS)
        header = [cell.value for cell in next(rows, ())]
    except UnreadableFile:
        raise
    except Exception as problem:  # openpyxl raises what its XML and zip readers raise
        raise unreadable("no-spreadsheet", _("Dit XLSX-bestand is niet te lezen.")) from problem
    while header and header[-1] is None:
        header.pop()
    columns = named(header)
    return Sheet(columns, ",", written(_cells(rows, len(columns))), "xlsx")


def _cells(rows: Iterable[Sequence[Any]], width: int) -> Iterator[list[str]]:
    try:
        for row in rows:
            texts = [_text(cell) for cell in row[:width]]
            yield texts + [""] * (width - len(texts))
    except (ValueError, KeyError, SyntaxError, zipfile.BadZipFile, zipfile.error) as problem:
        raise unreadable("no-spreadsheet", _("Dit XLSX-bestand is beschadigd.")) from problem


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float | int) and not isinstance(value, bool):
        if "%" in str(getattr(cell, "number_format", "")):
            return f"{value * 100:.12g}%"
        return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def json_sheet(items: Sequence[Any], *, beside: Iterable[str] = ()) -> Sheet:
    """The items of a batch. Its faults: items that are no object, fields nobody knows, keys `beside` the items."""
    text = _("Naast 'items' hoort hier niets te staan.")
    faults = ((None, Fault(f"#/{name[:40]}", "unknown-key", text)) for name in beside)
    known = {*COLUMNS, *IGNORED}
    rows = [_flat(item) if isinstance(item, dict) else {} for item in items]
    names = sorted(known & set(chain.from_iterable(rows)) | set(NEEDED))
    plain = ([_plain(row.get(name)) for name in names] for row in rows)
    return Sheet(tuple(names), ",", written(plain), "json", first=0, faults=(*faults, *_wrong_items(items, known)))


def _wrong_items(items: Sequence[Any], known: set[str]) -> Iterator[tuple[int, Fault]]:
    for at, item in enumerate(items):
        if not isinstance(item, dict):
            yield at, Fault(f"#/items/{at}", "not-an-object", _("Hier hoort één waarneming te staan: een object."))
        elif not item.keys() <= known:
            for name in sorted(item.keys() - known):
                yield at, Fault(f"#/items/{at}/{name[:40]}", "unknown-field", _("Dit veld kennen wij niet."),
                                expected=list(COLUMNS))  # fmt: skip


def _flat(item: dict[str, Any]) -> dict[str, Any]:
    """With the basis taken apart if it is as our own answers give it: text, areasUsed, areasTotal."""
    basis = item.get("basis")
    if not isinstance(basis, dict):
        return item
    parts = {"basis": basis.get("text"), "areasUsed": basis.get("areasUsed"), "areasTotal": basis.get("areasTotal")}
    return item | parts


def _plain(value: Any) -> Any:
    """A list or object where a value belongs becomes text, which the check refuses."""
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else value


def odata_sheet(document: Mapping[str, Any], *, measures: Mapping[str, tuple[str, str]], table: str) -> Sheet:
    """Observations as CBS OData v4 hands them out: Measure, Value, ValueAttribute, WijkenEnBuurten, Perioden.

    measures: measure code → (indicator code, statistic). Raises UnreadableFile for rows of another shape, measures
    nobody mapped, and figures split by more than area and period: a part is no total.
    Source of the shape: statistiekcbs/CBS-Open-Data-v4.
    """
    rows = document.get("value")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise unreadable("not-odata", _("Dit is geen antwoord van CBS OData v4: 'value' met een lijst ontbreekt."))
    unknown = sorted({str(row.get("Measure")).strip() for row in rows} - set(measures))
    if unknown:
        detail = _("Zeg met measure=CODE:indicator:maat bij welke indicator deze Measure hoort.")
        raise UnreadableFile(
            detail, [Fault("measure", "unknown-measure", detail, "query", code) for code in unknown[:50]]
        )
    if split := sorted({name for row in rows for name in row if name not in ODATA and not name.startswith("@")}):
        detail = _(
            "Deze cijfers zijn verder verdeeld, en welk het totaal is weten wij niet. Vraag CBS zonder deze kolom."
        )
        raise UnreadableFile(
            detail, [Fault("#/value", "unknown-dimension", detail, value=name[:60]) for name in split[:50]]
        )
    columns = ("indicatorCode", "statistic", "areaCode", "period", "value", "status", "note", "citation")
    return Sheet(columns, ",", written(_odata_rows(rows, measures, table)), "odata", first=0)


def _odata_rows(
    rows: Iterable[Mapping[str, Any]], measures: Mapping[str, tuple[str, str]], table: str
) -> Iterator[Any]:
    citation = f"CBS {table}".strip()
    for row in rows:
        area = next((row[name] for name in ODATA_AREAS if name in row), "")
        value, absent = row.get("Value"), row.get("Value") is None
        why = str(row.get("ValueAttribute") or "") if absent else ""
        yield [*measures[str(row["Measure"]).strip()], str(area).strip(), str(row.get("Perioden", "")).strip(),
               "" if absent else value, "missing" if absent else "", why and f"CBS: {why}", citation]  # fmt: skip


def written(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Rows as CSV in pieces of bounded size. Raises UnreadableFile for a null character, which no store can keep."""
    buffer = io.StringIO()
    write = csv.writer(buffer).writerow
    for number, row in enumerate(rows):
        write(row)
        if number % 5000 == 4999:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    if "\x00" in text:
        raise unreadable("not-text", _("Er staan nultekens in de tekst."))
    return text.encode("utf-8", "replace")
