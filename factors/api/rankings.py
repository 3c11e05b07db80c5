"""Rankings, what keeps them up to date, and orders published elsewhere."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.access import Access, Needs, Public
from config.api.fields import Label
from config.api.idempotency import once
from config.api.query import ListQuery
from config.api.resources import ListResource, SingleResource
from config.errors import NotFound
from factors.access import principal_of, visible_definitions, visible_snapshots
from factors.api.fields import Key, Text, narrowed
from factors.api.ranking_request import RankingRequestSerializer, wish_of
from factors.api.ranking_serializers import (
    RankedFactorSerializer,
    RankingDefinitionSerializer,
    RankingSerializer,
    RankingSummarySerializer,
)
from factors.models import PublishedRanking, RankingDefinition, RankingSnapshot
from factors.reading import Line, Reading, read
from factors.services.rankings import snapshot_of

READ: dict[str, Access] = {"GET": Public("rankings.read")}


class RankingQuery(ListQuery):
    modelCode = Key("Alleen rangschikkingen van dit model.")
    modelVersion = Key("Alleen van deze versie.")
    method = Key("rip-2019 of five-elements-2023.")
    parameterSet = Key("published of extended.")


class RankingDefinitionQuery(ListQuery):
    modelCode = Key("Alleen van dit model.")
    method = Key("rip-2019 of five-elements-2023.")
    municipalityCode = Key("Alleen van deze gemeente.")


class RankedFactorQuery(ListQuery):
    kind = Key("risk, protective of promotive.")
    lifeDomain = Key("Alleen factoren in dit leefgebied; plaatsen blijven die van de hele lijst.")
    lifePhase = Key("Alleen factoren in deze levensfase; plaatsen blijven die van de hele lijst.")


class RankingDefinitionsView(ListResource):
    """Wat er gerangschikt wordt en bijgehouden."""

    access, query, item, cache = READ, RankingDefinitionQuery, RankingDefinitionSerializer, "no-cache"

    def rows(self) -> Any:
        rows = RankingDefinition.objects.filter(visible_definitions(principal_of(self.request))).order_by("code")
        keys = {"modelCode": "model_code", "method": "method", "municipalityCode": "municipality_code"}
        return narrowed(rows, self.params, keys)


class RankingDefinitionView(SingleResource):
    """Een definitie met haar nieuwste rangschikking."""

    access, item, cache = READ, RankingDefinitionSerializer, "no-cache"

    def thing(self) -> Any:
        rows = RankingDefinition.objects.filter(visible_definitions(principal_of(self.request)), pk=self.kwargs["code"])
        if (found := rows.first()) is None:
            raise NotFound
        return found


class RankingsView(ListResource):
    """De bewaarde rangschikkingen; vraag er een met POST.

    Dezelfde vraag vindt de bestaande rangschikking (200); een nieuwe wordt berekend en bewaard (201).
    """

    access = {"GET": Public("rankings.read"), "POST": Needs("rankings.write")}
    query, item, cache = RankingQuery, RankingSummarySerializer, "no-cache"
    bodies = {"POST": (RankingRequestSerializer, {200: RankingSerializer, 201: RankingSerializer})}
    idempotent_store = "default"

    def rows(self) -> Any:
        rows = RankingSnapshot.objects.defer("inputs", "result").filter(visible_snapshots(principal_of(self.request)))
        keys = {"modelCode": "model_code", "modelVersion": "model_version", "method": "method",
                "parameterSet": "parameter_set"}  # fmt: skip
        return narrowed(rows.order_by("-created_at", "id"), self.params, keys)

    def post(self, request: Request) -> Response:
        return once(request, store="default", produce=self._ranked)

    def _ranked(self) -> Response:
        wish = wish_of(self.request.data, principal_of(self.request))
        snapshot, new = snapshot_of(wish=wish, actor=principal_of(self.request).id)
        told = RankingSerializer(read(snapshot), context={"request": self.request}).data
        location = self.request.build_absolute_uri(f"/v1/rankings/{snapshot.pk}")
        return Response(told, status=201 if new else 200, headers={"Location": location})


class RankingView(SingleResource):
    """Een rangschikking met alle invoer, en per factor hoe de score tot stand kwam."""

    access, item, cache = READ, RankingSerializer, "no-cache"

    def thing(self) -> Reading:
        return reading_of(self)


class RankingFactorsView(ListResource):
    """De factoren van een rangschikking, op plaats."""

    access, query, item, cache = READ, RankedFactorQuery, RankedFactorSerializer, "no-cache"

    def rows(self) -> list[Line]:
        return [line for line in reading_of(self).lines if self._meant(line)]

    def _meant(self, line: Line) -> bool:
        says = {
            "kind": (line.factor.kind,),
            "lifeDomain": line.factor.life_domains,
            "lifePhase": line.factor.life_phases,
        }
        return all(key not in self.params or self.params[key] in values for key, values in says.items())


def reading_of(view: Any) -> Reading:
    """The ranking named in the path, opened. Raises NotFound."""
    rows = RankingSnapshot.objects.filter(visible_snapshots(principal_of(view.request)), pk=view.kwargs["id"])
    if (snapshot := rows.first()) is None:
        raise NotFound
    return read(snapshot)


class PublishedRankingItemSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="Code in de bron.")
    name = Label()
    rank = serializers.IntegerField()
    order = serializers.IntegerField(help_text="Plaats in de tabel van de bron.")
    factorCode = Text(source="factor_code", help_text="De naaste factor van het openbare model, als die er is.")
    source = Text()  # type: ignore[assignment]


class PublishedRankingSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = Label()
    source = Text()  # type: ignore[assignment]
    items = serializers.SerializerMethodField()

    def get_items(self, ranking: PublishedRanking) -> list[dict[str, Any]]:
        ordered = sorted(ranking.items.all(), key=lambda item: item.order)
        return PublishedRankingItemSerializer(ordered, many=True, context=self.context).data  # type: ignore[return-value]


class PublishedRankingsView(ListResource):
    """Elders gepubliceerde volgordes van factoren."""

    access, item, cache = READ, PublishedRankingSerializer, "public, max-age=60"

    def rows(self) -> Any:
        return PublishedRanking.objects.prefetch_related("items").order_by("code")


class PublishedRankingView(SingleResource):
    """Een elders gepubliceerde volgorde, met de naaste factor van ons model ernaast."""

    access, item, cache = READ, PublishedRankingSerializer, "public, max-age=60"

    def thing(self) -> Any:
        found = PublishedRanking.objects.prefetch_related("items").filter(pk=self.kwargs["code"]).first()
        if found is None:
            raise NotFound
        return found
