"""The same figures as CSV (two dialects), XLSX, JSON-stat 2.0 and GeoJSON. Pure: rows in, bytes out.

A row is an observation as a mapping of its fields, with the labels of its codes beside it (`Labels`).
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice
from typing import Any

import orjson
import xlsxwriter
from django.utils.translation import gettext as _

from config.errors import Refusal
from monitoring.periods import Period

Row = Mapping[str, Any]
COLUMNS = {
    "indicatorCode": "indicator_code", "areaCode": "area_code", "areaYear": "area_year", "period": "period",
    "periodKind": "period_kind", "definitionVersion": "definition_version", "population": "population",
    "statistic": "statistic", "sourceCode": "source_code", "value": "value", "unit": "unit", "qualifier": "qualifier",
    "status": "status", "numerator": "numerator", "denominator": "denominator", "intervalLow": "interval_low",
    "intervalHigh": "interval_high", "basis": "basis", "areasUsed": "areas_used", "areasTotal": "areas_total",
    "conflict": "conflict", "note": "note", "citation": "citation", "origin": "origin", "demo": "demo",
}  # fmt: skip
"""Column in a file → field; files of these columns can be loaded again (monitoring/figure_files.py)."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
PIECE = 2000  # rows per written piece
XLSX_ROWS = 1_000_000
MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - always the same, so that equal figures are equal bytes with one ETag
CUBE_ROWS = 100_000  # JSON-stat and GeoJSON are one document, made in memory


class TooLarge(Refusal):
    """This many figures do not fit the format."""

    code = "too-many-figures"


@dataclass(frozen=True)
class Labels:
    """Names for people, by code. units and decimals by indicator code; geometries: GeoJSON in CRS84 by area code."""

    title: str = ""
    indicators: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    decimals: Mapping[str, int] = field(default_factory=dict)
    geometries: Mapping[str, Any] = field(default_factory=dict)

    def source(self, codes: Iterable[str]) -> str:
        """The names of these sources, and of no other: whoever shows a file must name them."""
        return ", ".join(self.sources.get(code, code) for code in sorted(set(codes)))


def cell(row: Row, name: str) -> Any:
    if name == "period":
        return period_of(row).iso
    return row.get(name)


def period_of(row: Row) -> Period:
    return _period(row["period_kind"], row["period_start"], row["period_end"])


_period = lru_cache(maxsize=10_000)(Period)  # a million rows have few different ones


def csv_pieces(rows: Iterable[Row], *, dialect: str = "rfc4180") -> Iterator[bytes]:
    """RFC 4180 in UTF-8; `nl`: semicolons, decimal commas and a BOM, as a Dutch Excel wants it. Bounded memory."""
    dutch = dialect == "nl"
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";" if dutch else ",")
    writer.writerow(COLUMNS)
    pending = iter(rows)
    yield "\ufeff".encode() if dutch else b""
    while some := list(islice(pending, PIECE)):
        writer.writerows([_shown(cell(row, name), dutch) for name in COLUMNS.values()] for row in some)
        yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _shown(value: Any, dutch: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value).replace(".", ",") if dutch else repr(value)
    return safe(str(value))


def safe(text: str) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{text}" if text.startswith(FORMULA) else text


def xlsx(rows: Iterable[Row], labels: Labels) -> bytes:
    """A workbook with the figures and what they are. Numbers are numbers. Raises TooLarge above a million rows."""
    with tempfile.TemporaryFile() as target:
        book = xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_formulas": False})
        book.set_properties({"created": MADE})
        data, used = book.add_worksheet(_("Gegevens")), set()
        data.write_row(0, 0, list(COLUMNS))
        for at, row in enumerate(rows, 1):
            used.add(row["source_code"])
            if at > XLSX_ROWS:
                raise TooLarge("XLSX")
            for column, name in enumerate(COLUMNS.values()):
                _write(data, at, column, cell(row, name))
        about = book.add_worksheet(_("Metagegevens"))
        heads = [(_("Titel"), labels.title), (_("Bron"), labels.source(used))]
        for at, pair in enumerate([*heads, *labels.indicators.items()]):
            about.write_row(at, 0, [safe(text) for text in pair])
        book.close()
        target.seek(0)
        return target.read()


def _write(sheet: Any, at: int, column: int, value: Any) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(at, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(at, column, value)
    elif value:
        sheet.write_string(at, column, str(value))


DIMENSIONS = {
    "indicator": "indicator_code", "area": "area_code", "period": "period", "definitionVersion": "definition_version",
    "population": "population", "statistic": "statistic", "source": "source_code",
}  # fmt: skip
ROLES = {"metric": ["indicator"], "geo": ["area"], "time": ["period"]}
NO_CODE = "-"  # JSON-stat has no empty category id


def json_stat(rows: Iterable[Row], labels: Labels) -> bytes:
    """A JSON-stat 2.0 dataset (json-stat.org/full): sparse, every dimension of the key present, missing cells say why.

    Of two vintages of one area the newest stays. Raises TooLarge.
    """
    cells = bounded(rows, "JSON-stat")
    keys = [tuple(str(cell(row, name) or NO_CODE) for name in DIMENSIONS.values()) for row in cells]
    categories = [sorted(set(column)) for column in zip(*keys, strict=True)] or [[] for _ in DIMENSIONS]
    sizes = [len(codes) for codes in categories]
    places = [{code: at for at, code in enumerate(codes)} for codes in categories]
    found = sorted(zip(keys, cells, strict=True), key=lambda pair: (pair[0], pair[1]["area_year"]))
    by_place = {_place(key, places, sizes): row for key, row in found}
    document = {
        "version": "2.0", "class": "dataset", "label": labels.title,
        "source": labels.source(row["source_code"] for row in cells),
        "id": list(DIMENSIONS), "size": sizes, "role": ROLES,
        "dimension": {name: _dimension(name, codes, labels, cells)
                      for name, codes in zip(DIMENSIONS, categories, strict=True)},
        "value": {str(at): row["value"] for at, row in sorted(by_place.items())},
        "status": {str(at): row["status"] for at, row in sorted(by_place.items()) if row["status"] != "final"},
    }  # fmt: skip
    return orjson.dumps(document)


def bounded(rows: Iterable[Row], name: str) -> list[Row]:
    found = list(islice(rows, CUBE_ROWS + 1))
    if len(found) > CUBE_ROWS:
        raise TooLarge(name)
    return found


def _place(key: Sequence[str], places: Sequence[Mapping[str, int]], sizes: Sequence[int]) -> int:
    """Row-major: the last dimension varies fastest."""
    at = 0
    for code, known, size in zip(key, places, sizes, strict=True):
        at = at * size + known[code]
    return at


def _dimension(name: str, codes: Sequence[str], labels: Labels, cells: Sequence[Row]) -> dict[str, Any]:
    names = {"indicator": labels.indicators, "area": labels.areas, "source": labels.sources}.get(name, {})
    category: dict[str, Any] = {"index": list(codes), "label": {code: names.get(code, code) for code in codes}}
    if name == "indicator":
        units = {row["indicator_code"]: row["unit"] for row in cells}
        category["unit"] = {code: {"label": units[code], "decimals": labels.decimals.get(code, 1)} for code in codes}
    return {"label": name, "category": category}


def geo_json(rows: Iterable[Row], labels: Labels) -> bytes:
    """A feature per area with its figures; geometry null where none is known (RFC 7946, CRS84). Raises TooLarge.

    Where an area has one figure, its value stands on the feature itself, so that a map can colour by it.
    """
    by_area: dict[str, list[dict[str, Any]]] = {}
    cells = bounded(rows, "GeoJSON")
    for row in cells:
        shown = {name: cell(row, of) for name, of in COLUMNS.items() if name not in {"areaCode", "citation"}}
        by_area.setdefault(row["area_code"], []).append(shown)
    features = [
        {"type": "Feature", "id": code, "geometry": labels.geometries.get(code),
         "properties": {"areaCode": code, "name": labels.areas.get(code, code), **_for_map(figures),
                        "observations": figures}}
        for code, figures in sorted(by_area.items())
    ]  # fmt: skip
    document = {"type": "FeatureCollection", "title": labels.title,
                "source": labels.source(row["source_code"] for row in cells), "features": features}  # fmt: skip
    return orjson.dumps(document)


ON_MAP = ("indicatorCode", "period", "value", "unit", "status")


def _for_map(figures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {name: figures[0][name] for name in ON_MAP} if len(figures) == 1 else {}


def first_pieces(pieces: Iterator[bytes], size: int) -> tuple[bytes, Iterator[bytes] | None]:
    """All bytes when they fit in `size`, else the first ones and the rest."""
    held = b""
    for piece in pieces:
        held += piece
        if len(held) > size:
            return b"", chain([held], pieces)
    return held, None
