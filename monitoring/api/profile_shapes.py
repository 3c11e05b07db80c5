"""How one indicator looks in a profile."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from monitoring.api.fields import Text
from monitoring.api.observations import PointSerializer
from monitoring.periods import Period

STEPS = {
    "differs-clearly": gettext_lazy("Het gebied verschilt duidelijk van zijn district: vergelijk het met de stad."),
    "no-clear-difference": gettext_lazy(
        "Het gebied verschilt niet duidelijk van zijn district: vergelijk het district met de stad."
    ),
    "no-district": gettext_lazy("Er zijn geen cijfers van een district: vergelijk het gebied met de stad."),
    "too-few-figures": gettext_lazy("Er zijn te weinig cijfers: kijk een niveau hoger."),
    "no-figures": gettext_lazy("Er zijn geen cijfers om mee te vergelijken."),
}


class ProfileLatestSerializer(PointSerializer):
    """De nieuwste waarde van de hoofdreeks."""

    definitionVersion = Text(source="definition_version")
    population = Text()
    statistic = serializers.CharField()
    sourceCode = serializers.CharField(source="source_code")


class ProfileSeriesSerializer(serializers.Serializer):
    """Waarden van één definitie, maat en bron; reeksen worden nooit aan elkaar geplakt."""

    definitionVersion = Text(source="head.definition_version")
    current = serializers.BooleanField(help_text="De definitie die nu geldt.")
    statistic = serializers.CharField(source="head.statistic")
    population = Text(source="head.population")
    sourceCode = serializers.CharField(source="head.source_code")
    points = PointSerializer(many=True, source="values")


class TrendPeriod(serializers.CharField):
    """A period, or null."""

    def to_representation(self, value: Period) -> str:  # type: ignore[override]
        return value.iso


class ProfileTrendSerializer(serializers.Serializer):
    """Van het eerste tot het laatste cijfer van de hoofdreeks; niets is aangevuld."""

    measurementCount = serializers.IntegerField(source="measurements", help_text="1: nog geen trend.")
    firstPeriod = TrendPeriod(source="first", allow_null=True)
    lastPeriod = TrendPeriod(source="last", allow_null=True)
    change = serializers.FloatField(allow_null=True, help_text="In de eenheid; bij procenten in procentpunten.")
    direction = serializers.CharField(allow_null=True, help_text="up, down of level.")
    course = serializers.CharField(allow_null=True, help_text="improving of worsening; leeg zonder oordeel.")
    steady = serializers.BooleanField(allow_null=True, help_text="Elke stap ging dezelfde kant op.")


class ProfileBenchmarkSerializer(serializers.Serializer):
    """Hetzelfde cijfer van een ander gebied: zelfde periode, definitie en maat."""

    areaCode = serializers.CharField(source="area_code")
    level = serializers.CharField()
    areaName = serializers.CharField(source="area_name")
    period = serializers.CharField(source="value.period.iso", help_text="ISO 8601.")
    value = serializers.FloatField(source="value.value")
    qualifier = serializers.CharField(source="value.qualifier")
    sourceCode = serializers.CharField(source="value.source_code")
    difference = serializers.FloatField(help_text="Eigen waarde min deze, in de eenheid.")
    differenceUnit = serializers.SerializerMethodField()
    ratio = serializers.FloatField(allow_null=True, help_text="Leeg bij een schaal zonder nulpunt.")
    verdict = serializers.CharField(
        source="verdict.word", help_text="better, worse, higher, lower, no-clear-difference of cannot-tell."
    )
    ground = serializers.CharField(source="verdict.ground", help_text="counts, relevant-difference of none.")
    neededCount = serializers.IntegerField(
        source="verdict.needed", allow_null=True, help_text="Zoveel zijn er nodig om het wel te zien."
    )

    def get_differenceUnit(self, beside: Any) -> str | None:
        return {"percent": "percentage-points"}.get(beside["value"].unit, beside["value"].unit or None)


class ProfileComparisonSerializer(serializers.Serializer):
    """De vergelijkingsregel van de gebiedsadviseur."""

    step = serializers.CharField(help_text="area-with-city, district-with-city, one-level-up of nothing-to-compare.")
    areaCode = serializers.CharField(source="area", allow_null=True)
    againstCode = serializers.CharField(source="against", allow_null=True)
    why = serializers.CharField()
    detail = serializers.SerializerMethodField()

    def get_detail(self, compared: Any) -> str:
        return str(STEPS[compared.why])


class ProfileFactorSerializer(serializers.Serializer):
    """Een factor waar de indicator over gaat."""

    factorCode = serializers.CharField(source="link.target_code")
    name = serializers.CharField(allow_null=True)
    role = serializers.CharField(source="link.role")
    inverse = serializers.BooleanField(source="link.inverse")
    denseRank = serializers.IntegerField(source="rank", allow_null=True)


class ProfileIndicatorSerializer(serializers.Serializer):
    """Eén indicator in dit gebied."""

    indicatorCode = serializers.CharField(source="indicator.code")
    name = serializers.CharField()
    kind = serializers.CharField(source="indicator.kind")
    unit = Text(source="indicator.unit")
    decimals = serializers.IntegerField(source="indicator.decimals")
    direction = Text(source="indicator.direction")
    sourceName = serializers.CharField(source="source_name")
    nextExpected = Text(source="indicator.next_expected")
    demo = serializers.BooleanField(source="indicator.demo")
    latest = ProfileLatestSerializer()
    series = ProfileSeriesSerializer(many=True)
    trend = ProfileTrendSerializer()
    benchmarks = ProfileBenchmarkSerializer(many=True)
    comparison = ProfileComparisonSerializer(allow_null=True)
    factors = ProfileFactorSerializer(many=True)
