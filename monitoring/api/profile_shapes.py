"""How one indicator looks in a profile."""

from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from config.api.shaping import Shape
from config.languages import language
from monitoring.api.fields import Text
from monitoring.api.observations import BasisSerializer, PointSerializer
from monitoring.periods import Period
from monitoring.series import Series

STEPS = {
    "differs-clearly": gettext_lazy("Het gebied verschilt duidelijk van zijn district: vergelijk het met de stad."),
    "no-clear-difference": gettext_lazy(
        "Het gebied verschilt niet duidelijk van zijn district: vergelijk het district met de stad."
    ),
    "no-district": gettext_lazy("Er zijn geen cijfers van een district: vergelijk het gebied met de stad."),
    "too-few-figures": gettext_lazy("Er zijn te weinig cijfers: kijk een niveau hoger."),
    "no-figures": gettext_lazy("Er zijn geen cijfers om mee te vergelijken."),
}


class AlikeSerializer(serializers.ListSerializer):
    """Points of one series: most differ in nothing but their year, period and figures."""

    def to_representation(self, series: Series) -> list[Any]:  # type: ignore[override]
        return list(super().to_representation(series.values))

    def shape(self, one: Shape) -> Shape:
        def points(series: Series) -> list[dict[str, Any]]:
            alike = one(series.head)
            rows = zip(series.area_years, series.periods, series.numbers, series.numerators, series.denominators,
                       strict=True)  # fmt: skip
            shown = [{**alike, "areaYear": year, "period": period.iso, "value": number, "numerator": numerator,
                      "denominator": denominator} for year, period, number, numerator, denominator in rows]  # fmt: skip
            for at, said in enumerate(series.said):
                if said != series.said[0]:
                    shown[at] = one(series.value(at))
            return shown

        return points


class ProfileLatestSerializer(PointSerializer):
    """De nieuwste waarde van de hoofdreeks."""

    definitionVersion = Text(source="definition_version")
    population = Text()
    statistic = serializers.CharField()
    sourceCode = serializers.CharField(source="source_code")


class ProfileSeriesSerializer(serializers.Serializer):
    """Waarden van één definitie, maat en bron; reeksen worden nooit aan elkaar geplakt."""

    definitionVersion = Text(source="series.definition_version")
    current = serializers.BooleanField(help_text="De definitie die nu geldt.")
    statistic = serializers.CharField(source="series.statistic")
    population = Text(source="series.population")
    sourceCode = serializers.CharField(source="series.source_code")
    points = AlikeSerializer(child=PointSerializer(), source="series")


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
    finding = serializers.CharField(
        source="tested.finding",
        help_text="Of het meer is dan toeval (p < 0,05): improving, worsening, rising, falling, no-clear-trend of "
        "cannot-tell.",
    )
    test = serializers.CharField(
        source="tested.test", allow_null=True,
        help_text="cochran-armitage (aandelen met aantallen), poisson-trend (cijfers per bevolking met aantallen) of "
        "mann-kendall (alleen waarden). Leeg: te weinig cijfers.",
    )  # fmt: skip
    pValue = serializers.FloatField(
        source="tested.p_value", allow_null=True, help_text="Kans op zo'n verloop zonder trend."
    )
    neededMeasurementCount = serializers.IntegerField(
        source="tested.needed", allow_null=True, help_text="Zoveel cijfers zijn er nodig om het te zeggen."
    )


class ProfileBenchmarkSerializer(serializers.Serializer):
    """Hetzelfde cijfer van een ander gebied: zelfde periode, definitie en maat. Of het eigen vorige cijfer."""

    kind = serializers.CharField(help_text="parent, country, area, group, similar of own-earlier.")
    areaCode = serializers.CharField(source="area_code", allow_null=True, help_text="Leeg bij similar.")
    level = serializers.CharField()
    areaName = serializers.CharField(source="area_name")
    period = serializers.CharField(source="value.period.iso", help_text="ISO 8601.")
    value = serializers.FloatField(source="value.value")
    qualifier = serializers.CharField(source="value.qualifier")
    sourceCode = serializers.CharField(source="value.source_code")
    statistic = serializers.CharField(source="value.statistic", help_text="Een gemiddelde van gebieden heet zo.")
    basis = BasisSerializer(source="value")
    origin = serializers.CharField(source="value.origin", help_text="computed: door ons, uit cijfers van gebieden.")
    difference = serializers.FloatField(help_text="Eigen waarde min deze, in de eenheid.")
    differenceUnit = serializers.SerializerMethodField()
    ratio = serializers.FloatField(allow_null=True, help_text="Leeg bij een schaal zonder nulpunt.")
    verdict = serializers.CharField(
        source="verdict.word", help_text="better, worse, higher, lower, no-clear-difference of cannot-tell."
    )
    ground = serializers.CharField(source="verdict.ground", help_text="counts, relevant-difference of none.")
    neededCount = serializers.IntegerField(
        source="verdict.needed", allow_null=True, help_text="Zoveel moeten er hier geteld zijn om het wel te zien."
    )
    differenceLow = serializers.FloatField(
        source="verdict.interval.low", default=None, allow_null=True,
        help_text="Interval (95 %) van het verschil, als de aantallen bekend zijn.",
    )  # fmt: skip
    differenceHigh = serializers.FloatField(source="verdict.interval.high", default=None, allow_null=True)
    comparedWithRest = serializers.BooleanField(
        source="verdict.with_rest",
        help_text="Oordeel en interval: het ene gebied ligt in het andere en telt daar niet mee.",
    )
    relevantDifference = serializers.FloatField(
        source="verdict.relevant", allow_null=True, help_text="Het verschil dat ertoe doet, als dat meewoog."
    )
    relevantDifferenceBasis = serializers.SerializerMethodField(help_text="Wie zegt dat dit verschil ertoe doet.")

    def get_relevantDifferenceBasis(self, beside: Any) -> str | None:
        return (beside["relevant_basis"] or None) if beside["verdict"].relevant is not None else None

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
        return _detail(compared.why, language())


@cache
def _detail(why: str, _language: str) -> str:
    return str(STEPS[why])


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
