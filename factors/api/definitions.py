"""Ranking definitions: what is kept up to date, and making and changing those of one's own municipality."""

import re
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.access import Needs, Principal, Public
from config.api.fields import Label
from config.api.idempotency import once
from config.api.preconditions import require_match, tag
from config.api.query import ListQuery
from config.api.resources import ListResource, SingleResource
from config.errors import Fault, NotFound
from factors.access import INSIDE, principal_of, visible_definitions
from factors.api.fields import Key, Text, narrowed
from factors.api.ranking_request import DoubtWishSerializer, GoalWishSerializer, RankingRequestSerializer, checked
from factors.models import RankingDefinition
from factors.ranking.drawing import DoubtParameters
from factors.services.definitions import change_definition, make_definition
from factors.services.local_figures import WEIGHT
from factors.services.wishes import CannotRank


def kebab(code: str) -> None:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code):
        raise ValidationError(_("Gebruik kleine letters, cijfers en losse streepjes."), "not-kebab-case")


class DefinedSelectionSerializer(serializers.Serializer):
    goals = GoalWishSerializer(many=True, allow_null=True, help_text="Leeg: elk doel even zwaar.")
    mode = serializers.CharField(help_text="view of induced.")
    lifePhase = serializers.CharField(allow_null=True)
    lifeDomain = serializers.CharField(allow_null=True)
    kind = serializers.CharField(allow_null=True)

    def to_representation(self, stored: dict[str, Any]) -> dict[str, Any]:
        return {str(name): stored.get(str(name)) for name in self.fields} | {"mode": stored.get("mode") or "view"}


class DefinedLocalDataSerializer(serializers.Serializer):
    form = serializers.CharField(help_text="prevalence of gap.")
    weight = serializers.FloatField()
    partnerWeight = serializers.FloatField(help_text="Van het zevende element.")
    year = serializers.IntegerField(allow_null=True, help_text="Cijfers tot en met dit jaar; leeg: de nieuwste.")

    def to_representation(self, stored: dict[str, Any]) -> dict[str, Any] | None:  # type: ignore[override]
        if not stored:
            return None
        told = {"form": "prevalence", "weight": WEIGHT, "year": None} | stored
        return told | {"partnerWeight": told.pop("partner_weight", 0.0)}


class DefinedDoubtSerializer(DoubtWishSerializer):
    def to_representation(self, stored: dict[str, Any]) -> dict[str, Any] | None:  # type: ignore[override]
        return super().to_representation(asdict(DoubtParameters(**stored))) if stored else None


class RankingDefinitionSerializer(serializers.Serializer):
    """Wat er gerangschikt wordt en hoe; de nieuwste rangschikking wordt bijgehouden."""

    code = serializers.CharField()
    name = Label()
    municipalityCode = Text(source="municipality_code")
    modelCode = serializers.CharField(source="model_code")
    modelVersion = Text(source="model_version", help_text="Leeg: volgt de nieuwste gepubliceerde versie.")
    method = serializers.CharField()
    parameterSet = serializers.CharField(source="parameter_set")
    selection = DefinedSelectionSerializer()
    areaCode = Text(source="area_code")
    localData = DefinedLocalDataSerializer(source="local_data", allow_null=True)
    draws = serializers.IntegerField()
    seed = serializers.IntegerField()
    doubt = DefinedDoubtSerializer(allow_null=True, help_text="Hoe ver de invoer kan afwijken; leeg: doubt/1.")
    demo = serializers.BooleanField()
    problem = Text(help_text="Code van de reden waarom de nieuwste niet berekend kon worden.")
    newestSnapshotId = serializers.CharField(source="newest_snapshot_id", allow_null=True)
    newestSnapshotUrl = serializers.SerializerMethodField()

    def get_newestSnapshotUrl(self, definition: Any) -> str | None:
        if definition.newest_snapshot_id is None:
            return None
        return str(self.context["request"].build_absolute_uri(f"/v1/rankings/{definition.newest_snapshot_id}"))


class RankingDefinitionChangeSerializer(RankingRequestSerializer):
    """Een definitie zoals zij moet worden: alles opnieuw, behalve code en gemeente."""

    modelVersion = serializers.CharField(
        default="latest", allow_null=True, help_text="Versienummer; latest of leeg volgt de nieuwste."
    )
    nameNl = serializers.CharField(source="name_nl", max_length=300)
    nameEn = serializers.CharField(
        source="name_en", max_length=300, required=False, help_text="Weggelaten: de Nederlandse naam."
    )


class NewRankingDefinitionSerializer(RankingDefinitionChangeSerializer):
    code = serializers.SlugField(max_length=100, validators=[kebab], help_text="Kleine letters, cijfers en streepjes.")
    municipalityCode = serializers.CharField(
        source="municipality_code", required=False, help_text="Weggelaten: uw gemeente, als u er één heeft."
    )


class RankingDefinitionQuery(ListQuery):
    modelCode = Key("Alleen van dit model.")
    method = Key("rip-2019 of five-elements-2023.")
    municipalityCode = Key("Alleen van deze gemeente.")
    areaCode = Key("Alleen met de cijfers van dit gebied.")


class RankingDefinitionsView(ListResource):
    """Wat er gerangschikt wordt en bijgehouden; voeg er met POST een toe voor de eigen gemeente."""

    access = {"GET": Public("rankings.read"), "POST": Needs("rankings.write")}
    query, item, cache = RankingDefinitionQuery, RankingDefinitionSerializer, "no-cache"
    bodies = {"POST": (NewRankingDefinitionSerializer, {201: RankingDefinitionSerializer})}
    idempotent_store = "default"

    def rows(self) -> Any:
        rows = RankingDefinition.objects.filter(visible_definitions(principal_of(self.request))).order_by("code")
        keys = {"modelCode": "model_code", "method": "method", "municipalityCode": "municipality_code",
                "areaCode": "area_code"}  # fmt: skip
        return narrowed(rows, self.params, keys)

    def post(self, request: Request) -> Response:
        return once(request, store="default", produce=self._made)

    def _made(self) -> Response:
        asker = principal_of(self.request)
        values = wanted(NewRankingDefinitionSerializer(data=self.request.data), self.request)
        made = make_definition(
            **values | {"municipality_code": own_municipality(asker, values.get("municipality_code"))}, actor=asker.id
        )
        location = self.request.build_absolute_uri(f"/v1/ranking-definitions/{made.pk}")
        return Response(self.shape(made), status=201, headers={"Location": location, "ETag": tag(made.state)})


class RankingDefinitionView(SingleResource):
    """Een definitie met haar nieuwste rangschikking; verander een eigen definitie met PUT."""

    access = {"GET": Public("rankings.read"), "PUT": Needs("rankings.write")}
    item, cache = RankingDefinitionSerializer, "no-cache"
    bodies = {"PUT": (RankingDefinitionChangeSerializer, {200: RankingDefinitionSerializer})}

    def thing(self) -> Any:
        rows = RankingDefinition.objects.filter(visible_definitions(principal_of(self.request)), pk=self.kwargs["code"])
        if (found := rows.first()) is None:
            raise NotFound
        return found

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = self.thing()
        return Response(self.shape(found), headers={"ETag": tag(found.state)})

    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asker = principal_of(request)
        definition = self.thing()
        if definition.municipality_code not in asker.municipalities(INSIDE):
            raise NotFound
        require_match(request, definition.state)
        values = wanted(RankingDefinitionChangeSerializer(data=request.data), request)
        changed = change_definition(definition=definition, seen=definition.state, actor=asker.id, **values)
        return Response(self.shape(changed), headers={"ETag": tag(changed.state)})


def wanted(body: Any, request: Request) -> dict[str, Any]:
    """The body as fields of a definition. Raises CannotRank with every fault, also when it could not be ranked."""
    asked, version = checked(body, request.data, principal_of(request))
    follows = asked["modelVersion"] in (None, "latest")
    local = {key: value for key, value in (asked.get("localData") or {}).items() if value is not None}
    kept = ("code", "municipality_code", "name_nl", "draws", "seed", "method")
    return {
        **{name: asked[name] for name in kept if name in asked},
        "name_en": asked.get("name_en") or asked["name_nl"],
        "model_code": version.model_id,
        "model_version": "" if follows else version.version,
        "parameter_set": asked["parameterSet"],
        "selection": asked.get("selection") or {},
        "area_code": asked.get("areaCode") or "",
        "doubt": asked.get("doubt") or {},
        "local_data": (local or {"form": "prevalence", "weight": WEIGHT}) if asked.get("areaCode") else {},
    }


def own_municipality(asker: Principal, code: str | None) -> str:
    """The municipality the definition is for. Raises CannotRank when the asker does not work there."""
    mine = sorted(asker.municipalities(INSIDE))
    if code is None and len(mine) == 1:
        return mine[0]
    if code in mine:
        return str(code)
    detail = _("Noem een gemeente waarvoor u werkt.")
    raise CannotRank("", [Fault("#/municipalityCode", "not-your-municipality", detail, value=code, expected=mine)])
