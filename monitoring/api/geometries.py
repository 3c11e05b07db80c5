"""Borders of areas: one at a time, and the coordinate reference systems they come in (geospatial module 1.0)."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request

from config.api.access import Access, Needs, Public
from config.api.formats import JsonParser, JsonRenderer
from config.api.resources import ListResource, Resource
from config.errors import Fault, Refusal
from monitoring.api.areas import AreaQuery, shapes
from monitoring.api.exports import GeoJsonRenderer
from monitoring.geometry import CRS84
from monitoring.services.geography import geometries as service
from monitoring.services.geography.vintages import area_in

GEO_JSON = GeoJsonRenderer.media_type


class CrsSerializer(serializers.Serializer):
    """Een coördinatenstelsel waarin grenzen gelezen en geleverd worden."""

    uri = serializers.CharField()
    name = serializers.CharField()
    axes = serializers.CharField(help_text="Volgorde van de getallen.")
    default = serializers.BooleanField()
    storage = serializers.BooleanField(help_text="Hierin worden grenzen bewaard.")


class CrssView(ListResource):
    """Coördinatenstelsels van grenzen."""

    access: ClassVar[dict[str, Access]] = {"GET": Public("indicators.read")}
    item = CrsSerializer
    cache = "no-cache"

    def rows(self) -> list[dict[str, Any]]:
        return [
            {"uri": CRS84, "name": "WGS 84 (CRS84)", "axes": "longitude, latitude", "default": True, "storage": True}
        ]


class GeoJsonParser(JsonParser):
    media_type = GEO_JSON


class GeometrySerializer(serializers.Serializer):
    """Een Polygon of MultiPolygon van GeoJSON (RFC 7946), of een Feature met zo'n geometrie."""

    type = serializers.CharField()
    coordinates = serializers.JSONField(required=False)
    geometry = serializers.JSONField(required=False)


class AreaGeometryView(Resource):
    """De grens van een gebied in een jaar, als GeoJSON in CRS84."""

    access: ClassVar[dict[str, Access]] = {"GET": Public("indicators.read"), "PUT": Needs("observations.write")}
    query = AreaQuery
    item = GeometrySerializer
    open_data = True
    renderer_classes = (GeoJsonRenderer, JsonRenderer)
    parser_classes = (GeoJsonParser, JsonParser)
    forms: ClassVar[dict[str, Any]] = {GEO_JSON: OpenApiTypes.OBJECT}
    bodies = {"PUT": (GeometrySerializer, {200: GeometrySerializer})}
    cache = "no-cache"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return shapes([area_in(self.kwargs["areaCode"], self.params.get("year"))])

    def put(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Zet de grens van een gebied: een Polygon, MultiPolygon of Feature, lengte en breedte in graden."""
        said = request.headers.get("Content-Crs", CRS84).removeprefix("<").removesuffix(">")
        if said != CRS84:
            text = _("Dit coördinatenstelsel wordt niet gelezen. Mogelijk: %(known)s.") % {"known": CRS84}
            raise Refusal(text, [Fault("Content-Crs", "unknown-crs", text, place="header", value=said[:100])])
        area = area_in(self.kwargs["areaCode"], self.params.get("year"))
        body: Any = request.data
        inner = isinstance(body, dict) and body.get("type") == "Feature"
        service.store(area, body.get("geometry") if inner else body, actor=self.principal.id,
                      place="#/geometry" if inner else "#")  # fmt: skip
        return shapes([area_in(area.code, self.params.get("year"))])
