"""How a ranking tells how sure it is, and on which figures of an area it rests."""

from typing import Any

from rest_framework import serializers

from config.api.fields import Codes


class DoubtParametersSerializer(serializers.Serializer):
    name = serializers.CharField()
    version = serializers.CharField()
    effectSe = serializers.FloatField(source="effect_se")
    effectTimes = serializers.FloatField(source="effect_times")
    missingEffect = serializers.BooleanField(source="missing_effect")
    prevalenceWeight = serializers.FloatField(source="prevalence_weight", allow_null=True)
    missingPrevalenceHigh = serializers.FloatField(source="missing_prevalence_high", allow_null=True)
    unknownFlags = serializers.FloatField(source="unknown_flags", allow_null=True)
    weights = serializers.FloatField(allow_null=True)
    interval = serializers.FloatField()
    certainFrom = serializers.FloatField(source="certain_from")


class RankingDoubtSerializer(serializers.Serializer):
    """Hoe zeker de plaatsen zijn, uit gezaaide trekkingen."""

    parameters = DoubtParametersSerializer()
    draws = serializers.IntegerField()
    seed = serializers.IntegerField()
    bands = serializers.ListField(child=Codes(), help_text="Van boven af; in een band zijn factoren niet te scheiden.")


class CitedObservationSerializer(serializers.Serializer):
    indicatorCode = serializers.CharField(source="indicator_code")
    areaCode = serializers.CharField(source="area_code")
    areaYear = serializers.IntegerField(source="area_year")
    period = serializers.CharField()
    definitionVersion = serializers.SerializerMethodField()
    population = serializers.SerializerMethodField()
    statistic = serializers.CharField()
    sourceCode = serializers.CharField(source="source_code")
    value = serializers.FloatField()
    unit = serializers.CharField()
    status = serializers.CharField()
    origin = serializers.CharField(help_text="published of computed.")
    citation = serializers.SerializerMethodField()
    demo = serializers.BooleanField()

    def get_definitionVersion(self, cited: dict[str, Any]) -> str | None:
        return cited["definition_version"] or None

    def get_population(self, cited: dict[str, Any]) -> str | None:
        return cited["population"] or None

    def get_citation(self, cited: dict[str, Any]) -> str | None:
        return cited["citation"] or None


class LocalFigureSerializer(serializers.Serializer):
    factorCode = serializers.CharField(source="factor")
    share = serializers.FloatField(help_text="Aandeel in het gebied, 0–1.")
    referenceShare = serializers.FloatField(allow_null=True, help_text="Aandeel in het vergelijkingsgebied, 0–1.")
    inverse = serializers.BooleanField(help_text="De indicator meet het omgekeerde: aandeel = 1 - waarde.")
    observation = CitedObservationSerializer()
    reference = CitedObservationSerializer(allow_null=True)


class CitedPartnerFigureSerializer(serializers.Serializer):
    interventionCode = serializers.CharField(source="intervention_code")
    measure = serializers.CharField()
    figure = serializers.CharField(help_text="goal-reached, can-go-on-without-help of improved.")
    value = serializers.FloatField(help_text="Aandeel, 0–1.")
    basis = serializers.IntegerField(help_text="Aantal antwoorden.")
    ours = serializers.BooleanField(help_text="De grens is onze keuze.")
    areaCode = serializers.CharField(source="area_code")
    period = serializers.CharField()
    releaseId = serializers.CharField(source="release_id")
    releaseNumber = serializers.IntegerField(source="release_number")
    demo = serializers.BooleanField()


class PartnerScoreSerializer(serializers.Serializer):
    factorCode = serializers.CharField(source="factor")
    score = serializers.FloatField(help_text="Gemiddelde van de cijfers, 0–1.")
    figures = CitedPartnerFigureSerializer(many=True)


class PartnerScoresSerializer(serializers.Serializer):
    """Vrijgegeven cijfers van partners; factoren zonder dragen de vlag partner-figure-missing."""

    weight = serializers.FloatField(help_text="Van het zevende element.")
    scores = PartnerScoreSerializer(many=True)

    def to_representation(self, partners: dict[str, Any]) -> dict[str, Any]:
        figures = {cited["factor"]: cited["figures"] for cited in partners["cited"]}
        scores = [{**each, "figures": figures[each["factor"]]} for each in partners["scores"]]
        told: dict[str, Any] = super().to_representation({**partners, "scores": scores})
        return told


class LocalDataSerializer(serializers.Serializer):
    """De cijfers van het gebied; factoren zonder cijfer dragen de vlag local-figure-missing."""

    form = serializers.CharField(help_text="prevalence of gap.")
    weight = serializers.FloatField(help_text="Van het zesde element; 0 in rip-2019.")
    referenceAreaCode = serializers.CharField(allow_null=True)
    figures = LocalFigureSerializer(many=True)
    partners = PartnerScoresSerializer(allow_null=True, default=None, help_text="Leeg: zij tellen niet mee.")

    def to_representation(self, local: dict[str, Any]) -> dict[str, Any]:
        shares = {figure["factor"]: figure for figure in local["figures"]}
        figures = [
            {
                **cited,
                "share": shares[cited["factor"]]["area"],
                "referenceShare": shares[cited["factor"]]["reference"],
            }
            for cited in local["cited"]
        ]
        told: dict[str, Any] = super().to_representation(
            {**local, "referenceAreaCode": local["reference"], "figures": figures}
        )
        return told
