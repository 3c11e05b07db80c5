"""What lies behind a ranking: why it differs from another, which weights and which sources carry it."""

from typing import Any

from rest_framework import serializers

from config.api.access import Access, Public
from config.api.query import Query
from config.api.resources import SingleResource
from config.languages import label
from factors.access import principal_of, visible_snapshots
from factors.api.fields import Text
from factors.api.ranking_serializers import ElementWeightSerializer
from factors.api.rankings import reading_of
from factors.models import RankingSnapshot
from factors.reading import read
from factors.services import comparisons
from factors.services.wishes import CannotRank

READ: dict[str, Access] = {"GET": Public("rankings.read")}


class AttributedPartSerializer(serializers.Serializer):
    cause = serializers.CharField(
        help_text="model, evidence, data, weights, method of code, in deze volgorde vervangen."
    )
    value = serializers.FloatField(help_text="Verandering van de score hierdoor; samen de hele verandering.")


class RankingMoveSerializer(serializers.Serializer):
    """Een factor voor en na; leeg: toen niet gerangschikt of niet in de lijst."""

    factorCode = serializers.CharField(source="code")
    name = serializers.SerializerMethodField()
    oldDenseRank = serializers.IntegerField(source="old_dense_rank", allow_null=True)
    newDenseRank = serializers.IntegerField(source="new_dense_rank", allow_null=True)
    oldCompetitionRank = serializers.IntegerField(source="old_competition_rank", allow_null=True)
    newCompetitionRank = serializers.IntegerField(source="new_competition_rank", allow_null=True)
    oldScore = serializers.FloatField(source="old_score", help_text="0 zonder plaats.")
    newScore = serializers.FloatField(source="new_score", help_text="0 zonder plaats.")
    moved = serializers.BooleanField(help_text="Staat op een andere plaats.")

    def get_name(self, move: Any) -> str:
        return str(self.context["names"].get(move.code, move.code))


class AttributedMoveSerializer(RankingMoveSerializer):
    change = serializers.FloatField(help_text="Nieuwe score min oude.")
    parts = AttributedPartSerializer(many=True)


class ComparedRankingSerializer(serializers.Serializer):
    id = serializers.CharField(source="pk")
    modelCode = serializers.CharField(source="model_code")
    modelVersion = serializers.CharField(source="model_version")
    method = serializers.CharField()
    parameterSet = serializers.CharField(source="parameter_set")
    areaCode = Text(source="area_code")
    codeCommit = Text(source="code_commit")
    createdAt = serializers.DateTimeField(source="created_at")


class RankingDiffSerializer(serializers.Serializer):
    """Wat er tussen twee rangschikkingen veranderde, en waardoor."""

    before = ComparedRankingSerializer()
    after = ComparedRankingSerializer()
    changed = serializers.ListField(
        child=serializers.CharField(),
        help_text="Waarin de invoer verschilt: model, evidence, data, weights, method, code.",
    )
    movedCount = serializers.IntegerField(source="moved_count")
    factors = AttributedMoveSerializer(many=True)


class DiffQuery(Query):
    against = serializers.CharField(help_text="Id van de eerdere rangschikking waarmee vergeleken wordt.")


class RankingDiffView(SingleResource):
    """Het verschil met een andere rangschikking: per factor welk deel waardoor komt.

    Oorzaken: model (factoren en doelen), evidence (bevindingen), data (cijfers), weights, method en code.
    De verandering gaat van `against` naar deze rangschikking; de delen tellen op tot de hele verandering van de score.
    """

    access, query, item, cache = READ, DiffQuery, RankingDiffSerializer, "no-cache"

    def thing(self) -> Any:
        after = reading_of(self)
        rows = RankingSnapshot.objects.filter(visible_snapshots(principal_of(self.request)))
        if (earlier := rows.filter(pk=self.params["against"]).first()) is None:
            raise CannotRank("", [comparisons.unknown_ranking("against", self.params["against"])])
        before = read(earlier)
        self.names = names_of(before) | names_of(after)
        return comparisons.diff(before=before, after=after)

    def shape(self, thing: Any, *, many: bool = False) -> Any:
        return self.item(thing, context={"request": self.request, "names": self.names}).data


class WeightChangeSerializer(serializers.Serializer):
    distance = serializers.FloatField(help_text="l1: som van de veranderingen; l2: hun lengte.")
    weights = ElementWeightSerializer(many=True)
    leaderScore = serializers.FloatField(source="leader_score")
    challengerScore = serializers.FloatField(source="challenger_score")


class ChallengeSerializer(serializers.Serializer):
    factorCode = serializers.CharField(source="challenger")
    l1 = WeightChangeSerializer(
        allow_null=True, help_text="Leeg: met geen enkel gewicht haalt deze factor nummer 1 in."
    )
    l2 = WeightChangeSerializer(allow_null=True)


class RankingWeightsSerializer(serializers.Serializer):
    """De kleinste verandering van gewichten waarmee een ander nummer 1 inhaalt."""

    leaders = serializers.ListField(child=serializers.CharField(), help_text="Allen op plaats 1.")
    leaderCode = serializers.CharField(source="leader", help_text="Met wie vergeleken is: de eerste op code.")
    weights = ElementWeightSerializer(many=True, help_text="De gewichten van deze rangschikking.")
    nearestL1 = serializers.CharField(source="nearest_l1", allow_null=True)
    nearestL2 = serializers.CharField(source="nearest_l2", allow_null=True)
    challenges = ChallengeSerializer(many=True, help_text="Dichtstbijzijnde eerst.")


class RankingWeightsView(SingleResource):
    """De kleinste verandering van gewichten die nummer 1 van zijn plaats haalt."""

    access, item, cache = READ, RankingWeightsSerializer, "no-cache"

    def thing(self) -> Any:
        return comparisons.weights_of(reading_of(self))


class SourceInfluenceSerializer(serializers.Serializer):
    sourceCode = serializers.CharField(source="source")
    title = serializers.SerializerMethodField()
    year = serializers.SerializerMethodField()
    influence = serializers.IntegerField(help_text="Plaatsen die de eersten zonder deze bron samen verschuiven.")
    moves = RankingMoveSerializer(many=True)

    def get_title(self, found: Any) -> str | None:
        source = self.context["sources"].get(found.source)
        return source.title if source else None

    def get_year(self, found: Any) -> int | None:
        source = self.context["sources"].get(found.source)
        return source.year if source else None


class RankingSourcesSerializer(serializers.Serializer):
    """Welke bronnen de eerste plaatsen dragen: elke bron om de beurt weggelaten."""

    top = serializers.IntegerField(help_text="Hoeveel plaatsen (competitionRank) er bekeken zijn.")
    sourceCount = serializers.IntegerField(source="source_count", help_text="Bronnen in het model.")
    carrying = SourceInfluenceSerializer(many=True, help_text="Bronnen die ertoe doen, grootste invloed eerst.")


class SourcesQuery(Query):
    top = serializers.IntegerField(min_value=1, max_value=50, default=10, help_text="Hoeveel plaatsen.")


class RankingSourcesView(SingleResource):
    """Welke bronnen de eerste tien dragen: wat schuift als een bron wegvalt."""

    access, query, item, cache = READ, SourcesQuery, RankingSourcesSerializer, "no-cache"

    def thing(self) -> Any:
        reading = reading_of(self)
        self.told = {"names": names_of(reading), "sources": {row.code: row for row in reading.register.content.sources}}
        return comparisons.sources_of(reading, top=self.params["top"])

    def shape(self, thing: Any, *, many: bool = False) -> Any:
        return self.item(thing, context={"request": self.request, **self.told}).data


def names_of(reading: Any) -> dict[str, str]:
    """Names of the factors in the language of the request."""
    return {code: label(factor) for code, factor in reading.register.factors.items()}
