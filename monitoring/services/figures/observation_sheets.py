"""A file of observations as it was received, and the sheet that is in it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from django.utils.translation import gettext as _

from config.errors import Fault
from config.loading import not_json, read_csv
from monitoring import statline
from monitoring.figure_files import (
    SPREADSHEET,
    Sheet,
    UnreadableFile,
    csv_sheet,
    odata_sheet,
    unreadable,
    written,
    xlsx_sheet,
)
from monitoring.periods import Period
from monitoring.services.figures import staging
from monitoring.services.figures.reference import statline_observations
from monitoring.services.geography.areas import DATA, STATLINE_MAPPING, STATLINE_SOURCE


@dataclass(frozen=True)
class Delivered:
    """A file as received. dialect: `nl`, `rfc4180` or None.

    measures: `CODE:indicator[:statistic]` for OData, with the name of a column as code for StatLine.
    """

    content: bytes
    media_type: str
    sender: str
    municipality_code: str = ""
    source_code: str = ""
    dialect: str | None = None
    table: str = ""
    measures: tuple[str, ...] = ()

    @property
    def options(self) -> dict[str, Any]:
        given = asdict(self)
        return {name: value for name, value in given.items() if name not in {"content", "sender"}}


def sheet_of(file: Delivered) -> Sheet:
    """What is in the file, by its media type and its first line. Raises UnreadableFile, StatlineRefused."""
    if file.media_type == SPREADSHEET:
        return xlsx_sheet(file.content)
    if file.media_type == "application/json":
        return _odata(file)
    if _is_statline(file.content):
        return _statline(file)
    if file.measures:
        text = _("Dit is geen StatLine-bestand en geen OData; in een gewoon bestand zeggen de kolommen wat het is.")
        raise UnreadableFile(text, [Fault("measure", "no-measures", text, "query")])
    return csv_sheet(file.content)


def _is_statline(content: bytes) -> bool:
    first = content[:4096].removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    return b"Perioden" in first and b"(code)" in first


def _statline(file: Delivered) -> Sheet:
    """The table we have a mapping of, or any other by the measures that its sender names."""
    if file.measures:
        mapping, citation = statline.measured(statline.header_of(file.content), file.measures), ""
    else:
        mapping, citation = statline.columns(read_csv(DATA / STATLINE_MAPPING)), STATLINE_SOURCE
    table = statline.read(file.content, mapping)
    names = ("indicatorCode", "areaCode", "areaYear", "period", "statistic", "sourceCode", "value", "unit", "status",
             "denominator", "citation", "note")  # fmt: skip
    fields = [staging.snake(name) for name in names]
    found = statline_observations(table, citation or f"CBS StatLine {file.table}".strip())
    rows = ([_cell(row, field) for field in fields] for row in found)
    return Sheet(names, ",", written(rows), "statline", "utf-8-sig")


def _cell(row: Mapping[str, Any], field: str) -> Any:
    if field == "period":
        return Period(row["period_kind"], row["period_start"], row["period_end"]).iso
    return row[field]


def _odata(file: Delivered) -> Sheet:
    try:
        document = orjson.loads(file.content)
    except orjson.JSONDecodeError as problem:
        raise unreadable("syntax", not_json(problem)) from problem
    if not isinstance(document, dict):
        raise unreadable("not-odata", _("Dit is geen antwoord van CBS OData v4: 'value' met een lijst ontbreekt."))
    measures = {}
    for text in file.measures:
        code, _colon, target = text.partition(":")
        indicator, _colon, statistic = target.partition(":")
        measures[code.strip()] = (indicator.strip(), statistic.strip())
    return odata_sheet(document, measures=measures, table=file.table)
