"""Factor models and their versions."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.access import Access, Principal, Public
from config.api.fields import Label
from config.api.preconditions import tag
from config.api.query import ListQuery
from config.api.resources import ListResource, SingleResource
from config.errors import NotFound
from factors.access import principal_of, visible_models, visible_versions
from factors.api.fields import Key, Text, narrowed
from factors.models import FactorModel, ModelVersion

READ: dict[str, Access] = {"GET": Public("models.read")}


def find_version(principal: Principal, model_code: str, version: str) -> ModelVersion:
    """The version as the principal may see it; `latest` is the newest published one. Raises NotFound."""
    versions = ModelVersion.objects.select_related("model").filter(visible_versions(principal))
    if version == "latest":
        found = versions.latest_of(model_code)
    else:
        found = versions.of_model(model_code).filter(version=version).first()
    if found is None:
        raise NotFound
    return found


class FactorModelSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = Label()
    description = Label("description")
    municipalityCode = Text(source="municipality_code", help_text="Eigenaar; leeg: gedeeld door alle gemeenten.")


class ModelVersionSerializer(serializers.Serializer):
    modelCode = serializers.CharField(source="model_id")
    version = serializers.CharField()
    status = serializers.CharField(help_text="draft, published of withdrawn.")
    checksum = Text(help_text="SHA-256 over de canonieke vorm van de inhoud.")
    changelog = Text()
    adoptedFrom = Text(source="adopted_from")
    publishedAt = serializers.DateTimeField(source="published_at", allow_null=True)
    withdrawnAt = serializers.DateTimeField(source="withdrawn_at", allow_null=True)
    withdrawalReason = Text(source="withdrawal_reason")


class ModelVersionCountsSerializer(serializers.Serializer):
    factors = serializers.IntegerField(source="factors.count")
    goals = serializers.IntegerField(source="goals.count")
    relations = serializers.IntegerField(source="relations.count", help_text="Geordende paren.")
    evidence = serializers.IntegerField(source="evidence.count", help_text="Gepubliceerde bevindingen.")
    sources = serializers.IntegerField(source="sources.count")


class ModelVersionDetailSerializer(ModelVersionSerializer):
    counts = ModelVersionCountsSerializer(source="*", help_text="Hoeveel rijen deze versie heeft.")


class FactorModelQuery(ListQuery):
    municipalityCode = Key("Alleen modellen van deze gemeente.")


class FactorModelsView(ListResource):
    """De factorenmodellen."""

    access, query, item, cache = READ, FactorModelQuery, FactorModelSerializer, "no-cache"

    def rows(self) -> Any:
        models = FactorModel.objects.filter(visible_models(principal_of(self.request))).order_by("code")
        return narrowed(models, self.params, {"municipalityCode": "municipality_code"})


class FactorModelView(SingleResource):
    """Een factorenmodel."""

    access, item, cache = READ, FactorModelSerializer, "no-cache"

    def thing(self) -> Any:
        found = FactorModel.objects.filter(visible_models(principal_of(self.request)), pk=self.kwargs["code"]).first()
        if found is None:
            raise NotFound
        return found


class ModelVersionsView(ListResource):
    """De versies van een factorenmodel, nieuwste eerst."""

    access, item, cache = READ, ModelVersionSerializer, "no-cache"

    def rows(self) -> Any:
        code = self.kwargs["code"]
        if not FactorModel.objects.filter(visible_models(principal_of(self.request)), pk=code).exists():
            raise NotFound
        return ModelVersion.objects.of_model(code).filter(visible_versions(principal_of(self.request))).newest_first()


class ModelVersionView(SingleResource):
    """Een versie van een factorenmodel; `latest` is de nieuwste gepubliceerde."""

    access, item, cache = READ, ModelVersionDetailSerializer, "no-cache"

    def thing(self) -> Any:
        return find_version(principal_of(self.request), self.kwargs["code"], self.kwargs["version"])

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        version = self.thing()
        return Response(self.shape(version), headers={"ETag": tag(*version.state)})
