"""Orders of factors published elsewhere, with ours beside them."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from config.api.access import Access, Public
from config.api.fields import Label
from config.api.query import Query
from config.api.resources import ListResource, SingleResource
from config.errors import Fault, NotFound
from factors.access import principal_of, visible_definitions
from factors.api.fields import Text
from factors.models import PublishedRanking, RankingDefinition
from factors.published import Beside, beside, compare
from factors.reading import read
from factors.services.wishes import CannotRank

READ: dict[str, Access] = {"GET": Public("rankings.read")}
DEFAULT = "public-rip-2019"


class PublishedRankingItemSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="Code in de bron.")
    name = Label()
    rank = serializers.IntegerField()
    order = serializers.IntegerField(help_text="Plaats in de tabel van de bron.")
    factorCode = Text(source="factor_code", help_text="De naaste factor van het openbare model, als die er is.")
    source = Text()  # type: ignore[assignment]


class ComparedItemSerializer(PublishedRankingItemSerializer):
    """Een factor van de gepubliceerde lijst met onze plaats ernaast."""

    ourDenseRank = serializers.IntegerField(allow_null=True, help_text="Onze groep, tussen al onze factoren.")
    ourCompetitionRank = serializers.IntegerField(allow_null=True, help_text="Onze plaats tussen al onze factoren.")
    ourScore = serializers.FloatField(allow_null=True)
    rankAmongCompared = serializers.IntegerField(
        allow_null=True, help_text="Onze plaats tussen alleen de factoren die beide lijsten kennen."
    )
    publishedAmongCompared = serializers.IntegerField(
        allow_null=True, help_text="De gepubliceerde plaats tussen dezelfde factoren."
    )
    difference = serializers.IntegerField(
        allow_null=True, help_text="rankAmongCompared min publishedAmongCompared: onder nul staat hij bij ons hoger."
    )

    def to_representation(self, row: tuple[Any, Beside | None]) -> dict[str, Any]:
        item, ours = row
        told = PublishedRankingItemSerializer(item, context=self.context).data
        return {
            **told,
            "ourDenseRank": ours.dense_rank if ours else None,
            "ourCompetitionRank": ours.competition_rank if ours else None,
            "ourScore": ours.score if ours else None,
            "rankAmongCompared": ours.rank_among if ours else None,
            "publishedAmongCompared": ours.published_among if ours else None,
            "difference": ours.rank_among - ours.published_among if ours else None,
        }


class OverlapSerializer(serializers.Serializer):
    upToRank = serializers.IntegerField(source="up_to_rank", help_text="Gepubliceerde plaatsen tot en met deze.")
    size = serializers.IntegerField(help_text="Zoveel vergeleken factoren staan daar.")
    common = serializers.IntegerField(help_text="Zoveel daarvan staan bij ons ook bij de eerste zoveel.")


class PublishedAgreementSerializer(serializers.Serializer):
    """Waar wij overeenstemmen en verschillen, over de factoren die beide lijsten kennen."""

    definitionCode = serializers.CharField()
    rankingId = serializers.CharField()
    comparedCount = serializers.IntegerField(help_text="Gepubliceerde factoren met een naaste factor op onze lijst.")
    publishedCount = serializers.IntegerField()
    tauB = serializers.FloatField(allow_null=True, help_text="Kendalls tau-b, -1 tot 1; leeg: niet te bepalen.")
    overlaps = OverlapSerializer(many=True)


class PublishedRankingSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = Label()
    source = Text()  # type: ignore[assignment]
    items = serializers.SerializerMethodField()

    def get_items(self, ranking: PublishedRanking) -> list[dict[str, Any]]:
        ordered = sorted(ranking.items.all(), key=lambda item: item.order)
        return PublishedRankingItemSerializer(ordered, many=True, context=self.context).data  # type: ignore[return-value]


class ComparedPublishedRankingSerializer(serializers.Serializer):
    """Een elders gepubliceerde volgorde met de onze ernaast."""

    code = serializers.CharField(source="ranking.code")
    name = Label()
    source = Text(source="ranking.source")  # type: ignore[assignment]
    agreement = PublishedAgreementSerializer(allow_null=True, help_text="Leeg: onze volgorde is er nog niet.")
    items = ComparedItemSerializer(many=True)

    def to_representation(self, told: dict[str, Any]) -> dict[str, Any]:
        ranking = told["ranking"]
        plain = PublishedRankingSerializer(ranking, context=self.context).data
        rows = [(item, told["beside"].get(item.code)) for item in sorted(ranking.items.all(), key=lambda i: i.order)]
        agreement = told["agreement"]
        return {
            "code": plain["code"],
            "name": plain["name"],
            "source": plain["source"],
            "agreement": PublishedAgreementSerializer(agreement).data if agreement else None,
            "items": ComparedItemSerializer(rows, many=True, context=self.context).data,
        }


class PublishedRankingsView(ListResource):
    """Elders gepubliceerde volgordes van factoren."""

    access, item, cache = READ, PublishedRankingSerializer, "public, max-age=60"

    def rows(self) -> Any:
        return PublishedRanking.objects.prefetch_related("items").order_by("code")


class ComparisonQuery(Query):
    definitionCode = serializers.CharField(
        default=DEFAULT, help_text="Met de nieuwste rangschikking van deze definitie ernaast."
    )


class PublishedRankingView(SingleResource):
    """Een elders gepubliceerde volgorde met onze plaats ernaast, en waar wij overeenstemmen en verschillen.

    Vergeleken wordt over de factoren die beide lijsten kennen: hun plaatsen onderling, niet die tussen alle andere.
    """

    access, query, item, cache = READ, ComparisonQuery, ComparedPublishedRankingSerializer, "no-cache"

    def thing(self) -> Any:
        found = PublishedRanking.objects.prefetch_related("items").filter(pk=self.kwargs["code"]).first()
        if found is None:
            raise NotFound
        return {"ranking": found, **self._beside(found)}

    def _beside(self, ranking: PublishedRanking) -> dict[str, Any]:
        definition = self._definition()
        if definition.newest_snapshot is None:
            return {"beside": {}, "agreement": None}
        lines = read(definition.newest_snapshot).lines
        rows = beside(list(ranking.items.all()), {line.factor.code: line.told for line in lines if line.ranked})
        tau_b, overlaps = compare(rows)
        agreement = {
            "definitionCode": definition.pk,
            "rankingId": definition.newest_snapshot_id,
            "comparedCount": len(rows),
            "publishedCount": len(ranking.items.all()),
            "tauB": tau_b,
            "overlaps": overlaps,
        }
        return {"beside": {row.code: row for row in rows}, "agreement": agreement}

    def _definition(self) -> RankingDefinition:
        code = self.params["definitionCode"]
        rows = RankingDefinition.objects.select_related("newest_snapshot")
        found = rows.filter(visible_definitions(principal_of(self.request)), pk=code).first()
        if found is None:
            detail = _("Deze definitie kennen wij niet.")
            raise CannotRank("", [Fault("definitionCode", "unknown-definition", detail, place="query", value=code)])
        return found
