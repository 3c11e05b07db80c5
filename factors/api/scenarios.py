"""What if: a ranking with something left out or changed. Nothing is kept."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.access import Principal, Public
from config.api.problems import faults_of
from config.api.resources import Resource
from config.errors import Refusal
from factors.access import principal_of, visible_snapshots
from factors.api.comparisons import RankingMoveSerializer
from factors.api.ranking_request import GoalWishSerializer, RankingRequestSerializer, Strict, weight, wish_of
from factors.api.ranking_serializers import RankedFactorSerializer
from factors.models import RankingSnapshot
from factors.ranking.what_if import Changes
from factors.reading import read
from factors.services.comparisons import unknown_ranking
from factors.services.scenarios import Scenario, scenario_of
from factors.services.wishes import CannotRank, Wish, wish_from


class PairSerializer(Strict):
    fromCode = serializers.CharField()
    toCode = serializers.CharField()


class EffectChangeSerializer(Strict):
    evidenceCode = serializers.CharField()
    size = serializers.FloatField(help_text="In de maat van de bevinding zelf.")


class ElementChangeSerializer(Strict):
    element = serializers.CharField(help_text="Van de methode, of local.")
    weight = serializers.FloatField(validators=[weight])


class ShareChangeSerializer(Strict):
    factorCode = serializers.CharField()
    share = serializers.FloatField(allow_null=True, min_value=0, max_value=1, help_text="0–1; leeg: onbekend.")


class ChangesSerializer(Strict):
    """Wat anders is; weggelaten blijft zoals het was."""

    withoutSources = serializers.ListField(child=serializers.CharField(), default=list, help_text="Codes van bronnen.")
    withoutRelations = PairSerializer(many=True, default=list)
    withoutEvidence = serializers.ListField(child=serializers.CharField(), default=list, help_text="Codes.")
    effects = EffectChangeSerializer(many=True, default=list)
    goals: Any = serializers.ListSerializer(
        child=GoalWishSerializer(), required=False, allow_null=True, help_text="Alle doelgewichten opnieuw."
    )
    elements = ElementChangeSerializer(many=True, default=list, help_text="Gewichten van elementen.")
    prevalences = ShareChangeSerializer(many=True, default=list, help_text="Prevalenties van het model.")
    local = ShareChangeSerializer(many=True, default=list, help_text="Lokale cijfers van het gebied.")


class ScenarioRequestSerializer(RankingRequestSerializer):
    """Een bewaarde rangschikking (rankingId) of een nieuwe vraag, en wat er anders is."""

    rankingId = serializers.CharField(required=False, help_text="Uitgaande van deze rangschikking; dan zonder de rest.")
    modelCode = serializers.CharField(required=False, help_text="Of: uitgaande van deze vraag.")
    method = serializers.CharField(required=False, help_text="rip-2019 of five-elements-2023.")  # type: ignore[assignment]
    changes = ChangesSerializer()
    draws = seed = doubt = None  # type: ignore[assignment]


class ScenarioSerializer(serializers.Serializer):
    """De nieuwe volgorde en wat er verschoof; niets hiervan wordt bewaard."""

    modelCode = serializers.CharField(source="wish.version.model_id")
    modelVersion = serializers.CharField(source="wish.version.version")
    method = serializers.CharField(source="wish.parameters.method")
    parameterSet = serializers.CharField(source="wish.parameters.name")
    withLocalData = serializers.BooleanField(source="result.with_local_data")
    movedCount = serializers.IntegerField(source="moved_count")
    moves = RankingMoveSerializer(many=True, help_text="Nieuwe volgorde, daarna wie eruit viel.")
    factors = RankedFactorSerializer(source="lines", many=True)


class ScenariosView(Resource):
    """Wat als: laat bronnen of verbanden weg, verander gewichten, een effect of een lokaal cijfer. Bewaart niets."""

    access = {"POST": Public("rankings.read")}
    item = ScenarioSerializer
    bodies = {"POST": (ScenarioRequestSerializer, {200: ScenarioSerializer})}

    def post(self, request: Request) -> Response:
        wish, changes = asked_of(request.data, principal_of(request))
        return Response(self.shape(scenario_of(wish=wish, changes=changes)))

    def shape(self, thing: Scenario, *, many: bool = False) -> Any:
        return self.item(thing, context={"request": self.request, "names": thing.names}).data


def asked_of(data: Any, principal: Principal) -> tuple[Wish, Changes]:
    """The ranking to start from and what is different. Raises CannotRank with the faults of both."""
    given = dict(data) if isinstance(data, dict) else {}
    told = {"changes": given.pop("changes")} if "changes" in given else {}
    body = OnlyChangesSerializer(data=told)
    faults = [] if body.is_valid() else list(faults_of(body.errors))
    try:
        wish = _start(given, principal)
    except Refusal as problem:
        raise CannotRank("", [*problem.faults, *faults]) from problem
    if faults:
        raise CannotRank("", faults)
    return wish, _changes(body.validated_data["changes"])


class OnlyChangesSerializer(Strict):
    changes = ChangesSerializer()

    def validate_changes(self, changes: dict[str, Any]) -> dict[str, Any]:
        if not any(value not in ([], None) for value in changes.values()):
            raise ValidationError([ErrorDetail(_("Noem minstens één verandering."), "no-change")])
        return changes


def _start(given: dict[str, Any], principal: Principal) -> Wish:
    if "rankingId" not in given:
        return wish_of(given, principal)
    identity = given.pop("rankingId")
    rows = RankingSnapshot.objects.filter(visible_snapshots(principal))
    snapshot = rows.filter(pk=identity).first() if isinstance(identity, str) else None
    if snapshot is None:
        raise CannotRank("", [unknown_ranking("rankingId", identity, place="body")])
    if given:
        # a method beside a ranking would be a question with two answers
        body = OnlyRankingSerializer(data=given)
        body.is_valid()
        raise CannotRank("", faults_of(body.errors))
    return wish_from(read(snapshot).inputs)


class OnlyRankingSerializer(Strict):
    pass


def _changes(asked: dict[str, Any]) -> Changes:
    goals = asked.get("goals")
    return Changes(
        without_sources=tuple(asked["withoutSources"]),
        without_relations=tuple((pair["fromCode"], pair["toCode"]) for pair in asked["withoutRelations"]),
        without_records=tuple(asked["withoutEvidence"]),
        effects={row["evidenceCode"]: row["size"] for row in asked["effects"]},
        goals=None if goals is None else {row["code"]: row["weight"] for row in goals},
        elements={row["element"]: row["weight"] for row in asked["elements"]},
        prevalences={row["factorCode"]: row["share"] for row in asked["prevalences"]},
        local={row["factorCode"]: row["share"] for row in asked["local"]},
    )
