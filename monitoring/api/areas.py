"""Areas, their vintages, and the groups that cut across."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, ClassVar

import orjson
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request

from config.api.access import Access, Public
from config.api.fields import Label
from config.api.formats import JsonRenderer
from config.api.query import ListQuery
from config.api.resources import ListResource, Resource, SingleResource
from config.errors import NotFound, Refusal
from config.languages import label
from monitoring.api.exports import CONTENT_CRS, CrsQuery, GeoJsonRenderer
from monitoring.api.fields import AskedBox, AskedCrs, Text, Year
from monitoring.models import Area, AreaMembership
from monitoring.models.area import AreaLevel
from monitoring.querysets.areas import Link
from monitoring.services.geography.geometries import meeting
from monitoring.services.geography.successions import predecessors, successors
from monitoring.services.geography.vintages import area_in

READ: dict[str, Access] = {"GET": Public("indicators.read")}


class AreaQuery(CrsQuery):
    year = Year(help_text="Het gebied zoals het in dit jaar was; zonder jaar het nieuwste.")


class AreasQuery(ListQuery, CrsQuery):
    level = serializers.ChoiceField(AreaLevel.values, required=False, help_text="Alleen gebieden van dit niveau.")
    municipalityCode = serializers.CharField(required=False, help_text="Alleen gebieden in deze gemeente.")
    parentCode = serializers.CharField(required=False, help_text="Alleen wat hier direct in ligt.")
    year = Year(help_text="Alleen gebieden die in dit jaar bestaan.")
    bbox = AskedBox(
        required=False, help_text="west,zuid,oost,noord: alleen gebieden waarvan de bekende grens hierin komt."
    )
    bboxCrs = AskedCrs(required=False, help_text="Coördinatenstelsel van bbox: een uri uit /v1/crss.")


class AreaParentSerializer(serializers.Serializer):
    hierarchy = serializers.CharField(
        help_text="De indeling waarin het gebied hierin ligt: cbs, district of een groep."
    )
    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.CharField(allow_null=True)


class AreaSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = Label()
    level = serializers.CharField()
    aliases = Text(source="aliases_nl", help_text="Andere namen in de bronnen, gescheiden door een puntkomma.")
    municipalityCode = Text(source="municipality_code")
    municipalityName = Text(source="municipality_name")
    validFrom = serializers.SerializerMethodField(help_text="Eerste jaar; leeg als geen bron het zegt.")
    validUntil = serializers.IntegerField(source="valid_until", allow_null=True, help_text="Tot dit jaar; leeg: nog.")
    parents = serializers.SerializerMethodField(help_text="Waar het direct in ligt, per indeling.")
    demo = serializers.BooleanField()
    source = Text()  # type: ignore[assignment]

    def get_validFrom(self, area: Area) -> int | None:
        return area.valid_from or None

    def get_parents(self, area: Area) -> AreaParentSerializer(many=True):  # type: ignore[valid-type]
        return self.context["parents"].get(area.pk, [])


class SuccessionSerializer(serializers.Serializer):
    """Waar (een deel van) een gebied in overging."""

    fromCode = serializers.CharField(source="from_code")
    toCode = serializers.CharField(source="to_code")
    year = serializers.IntegerField(help_text="Eerste jaar van de opvolger.")
    weight = serializers.FloatField(help_text="Deel van wat er was, 0 tot 1.")
    basis = serializers.CharField(help_text="Waarvan het een deel is, bijvoorbeeld addresses of inhabitants.")
    source = Text()  # type: ignore[assignment]


class AreaDetailSerializer(AreaSerializer):
    """Eén gebied met waar het uit voortkwam en in overging."""

    predecessors = SuccessionSerializer(many=True, source="came_from")
    successors = SuccessionSerializer(many=True, source="went_to")


class AreaGroupSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = Label()
    source = Text()  # type: ignore[assignment]


class AreaGroupMemberSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = Label()
    level = serializers.CharField()


class AreaGroupDetailSerializer(AreaGroupSerializer):
    members = serializers.SerializerMethodField(help_text="De gebieden in deze groep.")

    def get_members(self, group: Area) -> AreaGroupMemberSerializer(many=True):  # type: ignore[valid-type]
        codes = AreaMembership.objects.filter(hierarchy=group.code, parent_code=group.code).values("child_code")
        return AreaGroupMemberSerializer(Area.objects.filter(code__in=codes).newest(), many=True).data


def parents_of(areas: Collection[Area], year: int | None = None, *, known: Mapping[str, Area] | None = None
               ) -> dict[int, list[dict[str, Any]]]:  # fmt: skip
    """What each vintage lies in directly, by its key: in the year, or at any time it held. At most two queries.

    known: the newest vintages of some areas, by code.
    """
    found = dict(known or {})
    links = defaultdict(list)
    for link in AreaMembership.objects.parents({area.code for area in areas}, year):
        links[link.child_code].append(link)
    if codes := {link.parent_code for some in links.values() for link in some} - found.keys():
        found |= {area.code: area for area in Area.objects.filter(code__in=codes).newest()}
    return {area.pk: [_parent(link, found.get(link.parent_code)) for link in links[area.code] if _overlap(area, link)]
            for area in areas}  # fmt: skip


def _overlap(area: Area, link: Link) -> bool:
    """Whether the membership held in any year in which the vintage did."""
    return (area.valid_until is None or link.valid_from < area.valid_until) and (
        link.valid_until is None or area.valid_from < link.valid_until
    )


def _parent(link: Link, parent: Area | None) -> dict[str, Any]:
    name, level = (label(parent), parent.level) if parent else (link.parent_code, None)
    return {"hierarchy": link.hierarchy, "code": link.parent_code, "name": name, "level": level}


class TooManyShapes(Refusal):
    """Borders are sent whole; so many do not fit one answer."""

    code = "too-many-figures"


MOST_SHAPES = 5000


def shapes(areas: Collection[Area]) -> HttpResponse:
    """Areas as GeoJSON in CRS84; geometry null where no source gives it (RFC 7946)."""
    features = [
        {"type": "Feature", "id": area.code, "geometry": area.geometry,
         "properties": {"code": area.code, "name": label(area), "level": area.level,
                        "validFrom": area.valid_from or None, "validUntil": area.valid_until}}
        for area in areas
    ]  # fmt: skip
    content = orjson.dumps({"type": "FeatureCollection", "features": features})
    return HttpResponse(content, content_type=GeoJsonRenderer.media_type, headers={"Content-Crs": CONTENT_CRS})


class ShowsAreas(Resource):
    """Shapes areas with what they lie in; as GeoJSON with their borders."""

    item = AreaSerializer
    open_data = True
    renderer_classes = (JsonRenderer, GeoJsonRenderer)
    forms: ClassVar[dict[str, Any]] = {"application/geo+json": OpenApiTypes.OBJECT}

    def shape(self, thing: Any, *, many: bool = False) -> Any:
        areas = thing if many else [thing]
        context = {"request": self.request, "parents": parents_of(areas, self.params.get("year"))}
        return AreaSerializer(thing, many=many, context=context).data


class AreasView(ShowsAreas, ListResource):
    """Gebieden, van land tot buurt, met hun jaren."""

    access = READ
    query = AreasQuery
    cache = "no-cache"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        if request.accepted_renderer.format == "json":  # type: ignore[attr-defined]
            return super().get(request, *args, **kwargs)
        found = list(self.rows().defer(None)[: MOST_SHAPES + 1])
        if len(found) > MOST_SHAPES:
            raise TooManyShapes(_("Vraag hoogstens %(most)d gebieden tegelijk.") % {"most": MOST_SHAPES})
        return shapes(found)

    def rows(self) -> QuerySet[Area]:
        asked = self.params
        rows: QuerySet[Area] = Area.objects.in_year(asked.get("year"))
        if "level" in asked:
            rows = rows.filter(level=asked["level"])
        if "municipalityCode" in asked:
            rows = rows.filter(municipality_code=asked["municipalityCode"])
        if "parentCode" in asked:
            links = AreaMembership.objects.in_year(asked.get("year")).filter(parent_code=asked["parentCode"])
            rows = rows.filter(code__in=links.values("child_code"))
        if "bbox" in asked:
            rows = meeting(rows, asked["bbox"])
        return rows.order_by("code", "valid_from")


class AreaView(ShowsAreas, SingleResource):
    """Eén gebied, zoals het in een jaar was, met voorgangers en opvolgers."""

    access = READ
    query = AreaQuery
    item = AreaDetailSerializer
    cache = "no-cache"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        if request.accepted_renderer.format == "json":  # type: ignore[attr-defined]
            return super().get(request, *args, **kwargs)
        return shapes([self.thing()])

    def shape(self, thing: Any, *, many: bool = False) -> Any:
        thing.came_from = predecessors([thing.code]).get(thing.code, [])
        thing.went_to = successors([thing.code]).get(thing.code, [])
        context = {"request": self.request, "parents": parents_of([thing], self.params.get("year"))}
        return AreaDetailSerializer(thing, context=context).data

    def thing(self) -> Area:
        return area_in(self.kwargs["areaCode"], self.params.get("year"))


class AreaGroupsView(ListResource):
    """Groepen van gebieden, dwars door de indelingen heen."""

    access = READ
    item = AreaGroupSerializer
    cache = "no-cache"

    def rows(self) -> QuerySet[Area]:
        return Area.objects.filter(level=AreaLevel.GROUP).order_by("code", "valid_from")


class AreaGroupView(SingleResource):
    """Eén groep met haar gebieden."""

    access = READ
    item = AreaGroupDetailSerializer
    cache = "no-cache"

    def thing(self) -> Area:
        area = area_in(self.kwargs["groupCode"], None)
        if area.level != AreaLevel.GROUP:
            raise NotFound()
        return area
