"""Answering with the same figures in another format: by `Accept`, or by `?format=` for links in a browser."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer

from config.api.formats import JsonRenderer
from config.api.query import Query
from config.api.resources import Resource
from config.errors import Fault, Refusal
from config.languages import label
from monitoring import charts, exports
from monitoring.api.fields import AskedCrs
from monitoring.figure_files import SPREADSHEET
from monitoring.geometry import CRS84
from monitoring.models import Area, DataSource, Indicator
from monitoring.series import Value

UNITS = {"percent": "%"}
HELD_BYTES = 1 << 20  # a smaller file is sent whole, with an ETag
CONTENT_CRS = f"<{CRS84}>"


class Declared(BaseRenderer):
    """A format that the view writes itself."""

    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return JsonRenderer().render(data)


class CsvRenderer(Declared):
    media_type, format = "text/csv", "csv"


class SpreadsheetRenderer(Declared):
    media_type, format = SPREADSHEET, "xlsx"


class JsonStatRenderer(Declared):
    media_type, format = 'application/json; profile="https://json-stat.org/"', "json-stat2"


class JsonStatByName(JsonStatRenderer):
    """For `?format=`, whatever JSON the reader accepts."""

    media_type = "application/json"


class GeoJsonRenderer(Declared):
    media_type, format = "application/geo+json", "geojson"


class SvgRenderer(Declared):
    media_type, format = "image/svg+xml", "svg"


class CrsQuery(Query):
    """For whoever can take borders."""

    crs = AskedCrs(required=False, help_text="Coördinatenstelsel van het antwoord: een uri uit /v1/crss.")


class FormatQuery(CrsQuery):
    """For whoever can take files."""

    csvDialect = serializers.ChoiceField(
        ("nl", "rfc4180"), required=False, default="rfc4180",
        help_text="Bij CSV: nl geeft puntkomma's en decimale komma's, voor een Nederlands rekenblad.",
    )  # fmt: skip


class InTables(Resource):
    """Figures also as CSV, XLSX, JSON-stat 2.0 and GeoJSON."""

    # the first that fits is taken: the profile of JSON-stat says more than plain JSON
    renderer_classes: Any = (JsonStatRenderer, JsonRenderer, CsvRenderer, SpreadsheetRenderer, JsonStatByName,
                             GeoJsonRenderer)  # fmt: skip
    forms: ClassVar[dict[str, Any]] = {
        "text/csv": OpenApiTypes.STR, SPREADSHEET: OpenApiTypes.BINARY, "application/geo+json": OpenApiTypes.OBJECT,
    }  # fmt: skip

    @property
    def asked_form(self) -> str:
        return str(self.request.accepted_renderer.format)

    def exported(self, rows: Iterable[exports.Row], labels: exports.Labels) -> HttpResponseBase:
        """The rows in the format that was asked for; SVG is each view's own."""
        form, rows = self.asked_form, self._counted(rows)
        if form == "csv":
            return self._csv(rows)
        if form == "xlsx":
            return self._answer(exports.xlsx(rows, labels), SPREADSHEET)
        if form == "json-stat2":
            return self._answer(exports.json_stat(rows, labels), JsonStatRenderer.media_type)
        answer = self._answer(exports.geo_json(rows, labels), GeoJsonRenderer.media_type)
        answer["Content-Crs"] = CONTENT_CRS
        return answer

    def _counted(self, rows: Iterable[exports.Row]) -> Iterator[exports.Row]:
        """The same rows; how many, once the file is written whole."""
        count = 0
        for row in rows:
            count += 1
            yield row
        self.rows_told = count

    def _csv(self, rows: Iterable[exports.Row]) -> HttpResponseBase:
        pieces = exports.csv_pieces(rows, dialect=self.params["csvDialect"])
        whole, stream = exports.first_pieces(pieces, HELD_BYTES)
        kind = "text/csv; charset=utf-8; header=present"
        return StreamingHttpResponse(stream, content_type=kind) if stream else self._answer(whole, kind)

    def _answer(self, content: bytes | str, kind: str) -> HttpResponse:
        return HttpResponse(content, content_type=kind)


class InAnyFormat(InTables):
    """The same, and as a picture (SVG)."""

    renderer_classes = (*InTables.renderer_classes, SvgRenderer)
    forms = {**InTables.forms, "image/svg+xml": OpenApiTypes.STR}

    def picture(self, svg: str) -> HttpResponse:
        return self._answer(svg, SvgRenderer.media_type)


def row_of(value: Value) -> dict[str, Any]:
    """A value as the formats want it."""
    row, period = value._asdict(), value.period
    return row | {"period_kind": period.kind, "period_start": period.start, "period_end": period.end}


def labels_for(
    *, title: str, indicators: Iterable[str], areas: Iterable[str], geometry: bool = False
) -> exports.Labels:
    """Names of what the figures are about. Three queries."""
    known = {thing.code: thing for thing in Indicator.objects.filter(code__in=set(indicators))}
    rows = Area.objects.filter(code__in=set(areas)).newest()
    places = list(rows.defer(None) if geometry else rows)
    sources = {source.code: label(source) for source in DataSource.objects.all()}
    return exports.Labels(
        title=title, indicators={code: label(one) for code, one in known.items()},
        areas={place.code: label(place) for place in places}, sources=sources,
        decimals={code: one.decimals for code, one in known.items()},
        geometries={place.code: place.geometry for place in places} if geometry else {},
    )  # fmt: skip


def labels_of(rows: QuerySet[Any], *, title: str, geometry: bool = False) -> exports.Labels:
    """Names of all that these observations are about."""
    indicators = rows.order_by().values_list("indicator_code", flat=True).distinct()
    areas = rows.order_by().values_list("area_code", flat=True).distinct()
    return labels_for(title=title, indicators=indicators, areas=areas, geometry=geometry)


def series_picture(rows: list[exports.Row], labels: exports.Labels, *, note: str = "") -> str:
    """The chart of one indicator in one area; a line per definition, statistic, population and source.

    note: why there is nothing to draw.
    """
    if len({(row["indicator_code"], row["area_code"]) for row in rows}) > 1:
        text = _("Een grafiek toont één indicator in één gebied: noem indicatorCode en areaCode.")
        raise Refusal(text, [Fault("format", "one-series-only", text, place="query")])
    lines: dict[tuple[str, ...], list[Any]] = {}
    for row in rows:
        if row["value"] is not None:
            key = (row["definition_version"], row["statistic"], row["population"], row["source_code"])
            lines.setdefault(key, []).append((exports.period_of(row), row["value"]))
    code = rows[0]["indicator_code"] if rows else ""
    area = rows[0]["area_code"] if rows else ""
    title = f"{labels.indicators.get(code, labels.title)}, {labels.areas.get(area, area)}" if rows else labels.title
    unit = rows[0]["unit"] if rows else ""
    sources = sorted({labels.sources.get(row["source_code"], row["source_code"]) for row in rows})
    return charts.line_chart(
        title=title, unit=UNITS.get(unit, unit), note=note, source=_("Bron: %(names)s") % {"names": ", ".join(sources)},
        lines=[charts.Line(" · ".join(part for part in (*key[:3], labels.sources.get(key[3], key[3])) if part),
                           tuple(sorted(points, key=lambda point: point[0].start)))
               for key, points in sorted(lines.items())],
        decimals=labels.decimals.get(code, 1), language=get_language() or "nl",
    )  # fmt: skip
