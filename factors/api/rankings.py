"""Rankings: asking for one, reading it, its factors also as CSV."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from config.api.access import Access, Needs, Public
from config.api.formats import JsonRenderer
from config.api.idempotency import once
from config.api.jobs import JobSerializer, accepted
from config.api.query import ListQuery
from config.api.resources import ListResource, SingleResource
from config.errors import NotFound
from factors.access import of_published_version, principal_of, visible_snapshots
from factors.api.fields import Key, narrowed
from factors.api.ranking_csv import RankingCsvRenderer
from factors.api.ranking_request import RankingRequestSerializer, wish_of
from factors.api.ranking_serializers import (
    RankedFactorSerializer,
    RankingSerializer,
    RankingSummarySerializer,
)
from factors.models import RankingSnapshot
from factors.reading import Line, Reading, read
from factors.services.ranking_jobs import ask_for
from factors.services.rankings import is_heavy, known_snapshot, snapshot_of

READ: dict[str, Access] = {"GET": Public("rankings.read")}


class RankingQuery(ListQuery):
    modelCode = Key("Alleen rangschikkingen van dit model.")
    modelVersion = Key("Alleen van deze versie.")
    method = Key("rip-2019 of five-elements-2023.")
    parameterSet = Key("published of extended.")
    areaCode = Key("Alleen met de cijfers van dit gebied.")


class RankedFactorQuery(ListQuery):
    kind = Key("risk, protective of promotive.")
    lifeDomain = Key("Alleen factoren in dit leefgebied; plaatsen blijven die van de hele lijst.")
    lifePhase = Key("Alleen factoren in deze levensfase; plaatsen blijven die van de hele lijst.")


class RankingsView(ListResource):
    """De bewaarde rangschikkingen; vraag er een met POST.

    Dezelfde vraag vindt de bestaande rangschikking (200); een nieuwe wordt berekend en bewaard (201). Met trekkingen,
    of voor een heel groot model, maakt een werker haar: 202 met de taak.
    """

    access = {"GET": Public("rankings.read"), "POST": Needs("rankings.write")}
    query, item, cache = RankingQuery, RankingSummarySerializer, "no-cache"
    bodies = {"POST": (RankingRequestSerializer, {200: RankingSerializer, 201: RankingSerializer, 202: JobSerializer})}
    idempotent_store = "default"

    def rows(self) -> Any:
        rows = RankingSnapshot.objects.defer("inputs", "result").filter(visible_snapshots(principal_of(self.request)))
        keys = {"modelCode": "model_code", "modelVersion": "model_version", "method": "method",
                "parameterSet": "parameter_set", "areaCode": "area_code"}  # fmt: skip
        return narrowed(rows.order_by("-created_at", "id"), self.params, keys)

    def post(self, request: Request) -> Response:
        return once(request, store="default", produce=self._ranked)

    def _ranked(self) -> Response:
        asker = principal_of(self.request)
        wish = wish_of(self.request.data, asker)
        if is_heavy(wish) and known_snapshot(wish) is None:
            return accepted(ask_for(wish=wish, requested_by=asker.id), self.request)
        snapshot, new = snapshot_of(wish=wish, actor=asker.id)
        told = RankingSerializer(read(snapshot), context={"request": self.request}).data
        location = self.request.build_absolute_uri(f"/v1/rankings/{snapshot.pk}")
        return Response(told, status=201 if new else 200, headers={"Location": location})


class RankingView(SingleResource):
    """Een rangschikking met alle invoer, en per factor hoe de score tot stand kwam."""

    access, item, cache = READ, RankingSerializer, "no-cache"

    def thing(self) -> Reading:
        return reading_of(self)


class RankingFactorsView(ListResource):
    """De factoren van een rangschikking, op plaats; als CSV alle tegelijk."""

    access, query, item, cache = READ, RankedFactorQuery, RankedFactorSerializer, "no-cache"
    renderer_classes = [JsonRenderer, RankingCsvRenderer]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if isinstance(request.accepted_renderer, RankingCsvRenderer):
            return Response({"results": self.shape(self.rows(), many=True)})
        return super().get(request, *args, **kwargs)

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
    if (snapshot := rows.annotate(everybody=of_published_version()).first()) is None:
        raise NotFound
    view.tells_of(snapshot.municipality_code, everybody=snapshot.everybody)
    return read(snapshot)
