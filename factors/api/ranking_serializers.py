"""How a ranking is told. Numbers are those of the stored result; nothing is computed here."""

from typing import Any

from rest_framework import serializers

from config.api.fields import Codes
from config.languages import label
from factors.api.doubt_serializers import LocalDataSerializer, RankingDoubtSerializer
from factors.api.fields import Text
from factors.models import RankingSnapshot
from factors.reading import Line, Reading

UNKNOWN: dict[str, Any] = {
    "score": 0.0, "dense_rank": None, "competition_rank": None, "lever": None, "reason": None, "score_range": None,
    "flags": [], "elements": [], "rank_median": None, "rank_low": None, "rank_high": None, "probability_top5": None,
    "sucra": None, "band": None,
}  # fmt: skip
"""What the result does not say of a factor that is not ranked, or (`reason`) of one that is, or without draws."""


class RankingStepSerializer(serializers.Serializer):
    fromCode = serializers.CharField()
    toCode = serializers.CharField()


class RankingTermSerializer(serializers.Serializer):
    value = serializers.FloatField(help_text="Punten die hiervandaan komen.")
    amount = serializers.FloatField(help_text="Bijdrage vóór schaling.")
    targetCode = serializers.CharField(allow_null=True, help_text="Doel of factor aan het eind; leeg: een cijfer.")
    sign = serializers.CharField(help_text="strengthens, weakens of unclear.")
    path = RankingStepSerializer(many=True, help_text="De verbanden op de weg daarheen.")
    flags = Codes()


class RankingPointsSerializer(serializers.Serializer):
    element = serializers.CharField()
    value = serializers.FloatField(help_text="Punten van dit element; samen zijn ze de score.")
    weight = serializers.FloatField(help_text="Gewicht van het element; samen 1.")
    share = serializers.FloatField(help_text="Waarde van het element vóór weging, 0–1.")
    amount = serializers.FloatField(help_text="Hoeveelheid vóór schaling.")
    comesFrom = RankingTermSerializer(many=True, help_text="Waar de punten vandaan komen.")


class ScoreRangeSerializer(serializers.Serializer):
    low = serializers.FloatField()
    high = serializers.FloatField()


class RankedFactorSerializer(serializers.Serializer):
    """Een factor in een rangschikking, met de herkomst van zijn punten."""

    # the fields document the shape; to_representation makes it in one go, since a ranking has thousands of terms

    factorCode = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField(help_text="risk, protective of promotive.")
    lifeDomains = Codes()
    lifePhases = Codes()
    ranked = serializers.BooleanField()
    reason = serializers.CharField(
        allow_null=True, help_text="Waarom niet gerangschikt: no-relations, tested-not-found of not-tied."
    )
    denseRank = serializers.IntegerField(allow_null=True, help_text="Groep; gelijke scores delen een plaats.")
    competitionRank = serializers.IntegerField(
        allow_null=True, help_text="1 + het aantal factoren met een hogere score."
    )
    score = serializers.FloatField(help_text="0–1.")
    scoreRange = ScoreRangeSerializer(allow_null=True, help_text="Als de onbekende prevalentie 0 of 1 zou zijn.")
    lever = serializers.CharField(allow_null=True, help_text="reduce, strengthen of mixed.")
    connections = serializers.IntegerField(help_text="Met hoeveel andere factoren er een actief verband is.")
    flags = Codes()
    rankMedian = serializers.IntegerField(allow_null=True, help_text="Middelste denseRank in de trekkingen.")
    rankLow = serializers.IntegerField(allow_null=True, help_text="Beste denseRank binnen het interval.")
    rankHigh = serializers.IntegerField(allow_null=True, help_text="Slechtste denseRank binnen het interval.")
    probabilityTop5 = serializers.FloatField(allow_null=True, help_text="Kans op een plaats bij de eerste vijf.")
    sucra = serializers.FloatField(allow_null=True, help_text="1: altijd eerste, 0: altijd laatste.")
    band = serializers.IntegerField(allow_null=True, help_text="Factoren in één band zijn niet te scheiden.")
    points = RankingPointsSerializer(many=True)

    def to_representation(self, line: Line) -> dict[str, Any]:
        told = UNKNOWN | line.told
        low_high = told["score_range"]
        return {
            "factorCode": line.factor.code,
            "name": label(line.factor),
            "kind": line.factor.kind,
            "lifeDomains": line.factor.life_domains,
            "lifePhases": line.factor.life_phases,
            "ranked": line.ranked,
            "reason": told["reason"],
            "denseRank": told["dense_rank"],
            "competitionRank": told["competition_rank"],
            "score": told["score"],
            "scoreRange": {"low": low_high[0], "high": low_high[1]} if low_high else None,
            "lever": told["lever"],
            "connections": told["connections"],
            "flags": told["flags"],
            "rankMedian": told["rank_median"],
            "rankLow": told["rank_low"],
            "rankHigh": told["rank_high"],
            "probabilityTop5": told["probability_top5"],
            "sucra": told["sucra"],
            "band": told["band"],
            "points": [_points(element) for element in told["elements"]],
        }


def _points(element: dict[str, Any]) -> dict[str, Any]:
    return {
        "element": element["name"],
        "value": element["points"],
        "weight": element["weight"],
        "share": element["value"],
        "amount": element["raw"],
        "comesFrom": [_term(term) for term in element["terms"]],
    }


def _term(term: dict[str, Any]) -> dict[str, Any]:
    return {
        "value": term["points"],
        "amount": term["amount"],
        "targetCode": term["target"],
        "sign": {1: "strengthens", -1: "weakens", 0: "unclear"}[term["sign"]],
        "path": [{"fromCode": origin, "toCode": target} for origin, target in term["relations"]],
        "flags": term["flags"],
    }


class Tuple(serializers.Serializer):
    # a row that the stored result keeps as a list, in the order of the fields (a docstring would end up in the API)

    def to_representation(self, values: list[Any]) -> dict[str, Any]:
        return dict(zip(self.fields, values, strict=True))


class QualitySerializer(Tuple):
    evidenceType = serializers.CharField()
    factor = serializers.FloatField()


class ElementWeightSerializer(Tuple):
    element = serializers.CharField()
    weight = serializers.FloatField()


class RankingParametersSerializer(serializers.Serializer):
    """Alle keuzes achter de rangschikking."""

    version = serializers.CharField()
    weights = ElementWeightSerializer(many=True)
    strengthMode = serializers.CharField(source="scale.mode", help_text="count, graded of graded-quality.")
    referenceCorrelation = serializers.FloatField(source="scale.r_ref")
    missingCorrelation = serializers.FloatField(source="scale.r_missing")
    quality = QualitySerializer(source="scale.quality", many=True)
    undirected = serializers.CharField(help_text="Voor wie een samenhang telt: both-ends of origin.")
    network = serializers.CharField(help_text="any-direction of out.")
    depth = serializers.IntegerField()
    damping = serializers.FloatField(allow_null=True)
    halfPointsGoals = serializers.FloatField(source="half_points_goals")
    halfPointsFactors = serializers.FloatField(source="half_points_factors")
    whether = serializers.CharField(allow_null=True, help_text="binary of halving.")
    missingPrevalence = serializers.FloatField(source="p_missing")
    rankDigits = serializers.IntegerField(source="rank_digits")
    mixedShare = serializers.FloatField(source="mixed_share")
    gapHalfPoints = serializers.FloatField(source="gap_half_points")


class GoalWeightSerializer(Tuple):
    code = serializers.CharField()
    weight = serializers.FloatField(help_text="Herschaald: gemiddeld 1.")


class RankingSelectionSerializer(serializers.Serializer):
    goals = GoalWeightSerializer(many=True)
    mode = serializers.CharField(help_text="view: alleen de lijst gefilterd; induced: een eigen model.")
    lifePhase = serializers.CharField(allow_null=True)
    lifeDomain = serializers.CharField(allow_null=True)
    kind = serializers.CharField(allow_null=True)

    def to_representation(self, result: dict[str, Any]) -> dict[str, Any]:
        return {
            "goals": [{"code": code, "weight": weight} for code, weight in result["goals"]],
            "mode": result["mode"],
            "lifePhase": next(iter(result["life_phases"]), None),
            "lifeDomain": next(iter(result["life_domains"]), None),
            "kind": next(iter(result["kinds"]), None),
        }


class OrderedFactorSerializer(Tuple):
    factorCode = serializers.CharField()
    denseRank = serializers.IntegerField()


class RankingOrderingSerializer(serializers.Serializer):
    name = serializers.CharField()
    factors = OrderedFactorSerializer(source="dense_ranks", many=True)


class RankingAgreementSerializer(serializers.Serializer):
    first = serializers.CharField()
    second = serializers.CharField()
    tauB = serializers.FloatField(source="tau_b", allow_null=True, help_text="Kendalls tau-b, -1 tot 1.")


class RankingSummarySerializer(serializers.Serializer):
    """Een bewaarde rangschikking in een lijst."""

    id = serializers.CharField(help_text="SHA-256 van alle invoer.")
    modelCode = serializers.CharField(source="model_code")
    modelVersion = serializers.CharField(source="model_version")
    method = serializers.CharField()
    parameterSet = serializers.CharField(source="parameter_set")
    areaCode = Text(source="area_code")
    createdAt = serializers.DateTimeField(source="created_at")
    url = serializers.SerializerMethodField()

    def get_url(self, snapshot: RankingSnapshot) -> str:
        return str(self.context["request"].build_absolute_uri(f"/v1/rankings/{snapshot.pk}"))


class RankingSerializer(serializers.Serializer):
    """Een bewaarde rangschikking met alles waarop zij rust."""

    id = serializers.CharField(source="snapshot.id", help_text="SHA-256 van alle invoer.")
    modelCode = serializers.CharField(source="snapshot.model_code")
    modelVersion = serializers.CharField(source="snapshot.model_version")
    modelChecksum = serializers.CharField(source="inputs.model.checksum")
    method = serializers.CharField(source="snapshot.method")
    methodVersion = serializers.CharField(source="inputs.method.version")
    parameterSet = serializers.CharField(source="snapshot.parameter_set")
    parameters = RankingParametersSerializer(source="result.parameters")
    selection = RankingSelectionSerializer(source="result")
    areaCode = Text(source="snapshot.area_code")
    withLocalData = serializers.BooleanField(source="result.with_local_data")
    draws = serializers.IntegerField(source="inputs.draws")
    seed = serializers.IntegerField(source="inputs.seed")
    doubt = RankingDoubtSerializer(source="result.doubt", default=None, allow_null=True)
    localData = LocalDataSerializer(source="inputs.local", allow_null=True)
    leaderIsMostConnected = serializers.BooleanField(source="result.leader_is_most_connected", allow_null=True)
    createdAt = serializers.DateTimeField(source="snapshot.created_at")
    codeCommit = Text(source="snapshot.code_commit")
    flags = Codes(help_text="Alle opmerkingen bij factoren, en version-withdrawn als de versie is ingetrokken.")
    orderings = RankingOrderingSerializer(source="result.orderings", many=True, help_text="Andere volgordes ernaast.")
    agreements = RankingAgreementSerializer(source="result.agreements", many=True)
    factorsUrl = serializers.SerializerMethodField(help_text="Dezelfde factoren als lijst met bladzijden.")
    factors = RankedFactorSerializer(source="lines", many=True)

    def get_factorsUrl(self, reading: Reading) -> str:
        return str(self.context["request"].build_absolute_uri(f"/v1/rankings/{reading.snapshot.pk}/factors"))
