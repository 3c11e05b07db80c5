"""How a societal result and its progress look."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.api.fields import Codes
from config.languages import label
from monitoring.api.fields import Text
from monitoring.api.observations import PointSerializer
from monitoring.api.profile_shapes import TrendPeriod
from monitoring.models import SocietalResult
from monitoring.result_advice import Advice
from monitoring.results import STATES
from monitoring.services.results.result_figures import ResultProgress, advice_on, target_of

SAID = {
    "on-course": gettext_lazy("Op koers."),
    "behind": gettext_lazy("Achter op de lijn naar het doel."),
    "reached": gettext_lazy("Bereikt."),
    "not-reached": gettext_lazy("Niet bereikt."),
    "no-measurement-yet": gettext_lazy("Nog geen meting om het aan af te lezen."),
}
UNSURE = gettext_lazy("Het verschil is te klein voor het aantal mensen: het is nog niet met zekerheid te zeggen.")
NOT_COUNTED = gettext_lazy(
    "Dit is een procesresultaat of randvoorwaarde: het telt niet mee als maatschappelijk resultaat."
)
LEARNING = gettext_lazy("Resultaten zijn er om van te leren en te verbeteren, niet om op af te rekenen.")


class ResultIndicatorSerializer(serializers.Serializer):
    """Een gekozen indicator, met de voorwaarde en wat beter is."""

    indicatorCode = serializers.CharField(source="indicator_code")
    condition = Text(source="condition_nl")
    direction = serializers.CharField(help_text="higher-better of lower-better.")


class ResultWarningSerializer(serializers.Serializer):
    """Advies aan de makers van het resultaat."""

    code = serializers.CharField(
        help_text="not-measurable-in-target-period, too-small-to-notice of phrased-negatively."
    )
    indicatorCode = serializers.CharField(source="indicator_code", allow_null=True)
    detail = serializers.SerializerMethodField()
    expectedYears = serializers.ListField(source="expected_years", child=serializers.IntegerField())
    neededCount = serializers.IntegerField(
        source="needed", allow_null=True, help_text="Zoveel mensen per meting zijn nodig om het te zien."
    )

    def get_detail(self, advice: Advice) -> str:
        if advice.code == "phrased-negatively":
            return _("Zeg liever wat er komt dan wat er weggaat: dat stimuleert.")
        if advice.code == "too-small-to-notice":
            return _("Bij zo weinig mensen valt deze verbetering niet op tussen het toeval.")
        years = ", ".join(map(str, advice.expected_years))
        return _("In de doelperiode verschijnt geen cijfer. Wel verwacht: %(years)s.") % {"years": years}


class SocietalResultSerializer(serializers.Serializer):
    """Een concreet, gedateerd, meetbaar doel voor één gebied."""

    id = serializers.UUIDField()
    municipalityCode = serializers.CharField(source="municipality_code")
    areaCode = serializers.CharField(source="area_code")
    ambitionCode = serializers.CharField(source="ambition_code")
    statement = serializers.CharField(source="statement_nl")
    motivation = Text(source="motivation_nl")
    kind = serializers.CharField(help_text="content, process of precondition.")
    counts = serializers.SerializerMethodField(help_text="Alleen inhoudelijke resultaten tellen.")
    rule = serializers.CharField()
    targetKind = serializers.CharField(source="target_kind")
    targetAmount = serializers.FloatField(source="target_amount", allow_null=True)
    benchmarkAreaCode = Text(source="benchmark_code")
    baselinePeriod = serializers.SerializerMethodField(help_text="ISO 8601.")
    targetPeriod = serializers.SerializerMethodField(help_text="ISO 8601.")
    indicators = serializers.SerializerMethodField()
    partnerCodes = Codes(source="partner_codes")
    warnings = serializers.SerializerMethodField()
    version = serializers.IntegerField()
    demo = serializers.BooleanField()

    def get_counts(self, result: SocietalResult) -> bool:
        return result.kind == "content"

    def get_baselinePeriod(self, result: SocietalResult) -> str:
        return target_of(result).baseline.iso

    def get_targetPeriod(self, result: SocietalResult) -> str:
        return target_of(result).period.iso

    @extend_schema_field(ResultIndicatorSerializer(many=True))
    def get_indicators(self, result: SocietalResult) -> Any:
        chosen = sorted(result.indicators.all(), key=lambda one: one.place)
        return ResultIndicatorSerializer(chosen, many=True).data

    @extend_schema_field(ResultWarningSerializer(many=True))
    def get_warnings(self, result: SocietalResult) -> Any:
        return ResultWarningSerializer(advice_on(result), many=True).data


class FigureSerializer(serializers.Serializer):
    """Een waarde met haar aantallen waar die bekend zijn."""

    value = serializers.FloatField()
    numerator = serializers.FloatField(allow_null=True)
    denominator = serializers.FloatField(allow_null=True)


class StandingSerializer(serializers.Serializer):
    """Hoe één indicator (of het gemiddelde) staat. Verbetering is positief, welke kant het ook op gaat."""

    state = serializers.ChoiceField(choices=STATES)
    detail = serializers.SerializerMethodField()
    baseline = FigureSerializer(allow_null=True)
    measuredPeriod = TrendPeriod(source="measured", allow_null=True)
    latest = FigureSerializer(allow_null=True)
    improvement = serializers.FloatField(allow_null=True, help_text="Sinds het begin, in procentpunten of de eenheid.")
    expected = serializers.FloatField(allow_null=True, help_text="De waarde op de rechte lijn in de gemeten periode.")
    goal = serializers.FloatField(allow_null=True, help_text="De waarde die bereikt moet worden.")
    margin = serializers.FloatField(
        allow_null=True, help_text="Voorsprong op wat nu moet; negatief is een achterstand."
    )
    marginLow = serializers.FloatField(source="interval.low", allow_null=True, default=None)
    marginHigh = serializers.FloatField(source="interval.high", allow_null=True, default=None)
    certainty = serializers.ChoiceField(choices=["clear", "cannot-tell-yet"])
    ground = serializers.ChoiceField(choices=["counts", "relevant-difference", "none"])
    targetMet = serializers.BooleanField(
        source="target_met", allow_null=True, help_text="Het doel is op dit moment gehaald."
    )
    nextDue = serializers.CharField(source="next_due", allow_null=True, help_text="Wanneer het volgende cijfer komt.")

    def get_detail(self, standing: Any) -> str:
        unsure = standing.certainty != "clear" and standing.state != "no-measurement-yet"
        return f"{SAID[standing.state]} {UNSURE}" if unsure else str(SAID[standing.state])


class IndicatorStandingSerializer(serializers.Serializer):
    """Eén indicator van het resultaat met alle cijfers."""

    indicatorCode = serializers.CharField(source="measured.indicator.code")
    name = serializers.SerializerMethodField()
    condition = Text(source="measured.chosen.condition_nl")
    direction = serializers.CharField(source="measured.chosen.direction")
    unit = Text(source="measured.indicator.unit")
    definitionVersion = serializers.SerializerMethodField()
    standing = StandingSerializer()
    points = PointSerializer(many=True, source="measured.series")
    benchmarkPoints = PointSerializer(many=True, source="measured.benchmark")

    def get_name(self, pair: Any) -> str:
        return label(pair["measured"].indicator)

    def get_definitionVersion(self, pair: Any) -> str | None:
        series = pair["measured"].series
        return series[0].definition_version or None if series else None


class ResultProgressSerializer(serializers.Serializer):
    """Het geheel volgens de regel, en elke indicator."""

    resultId = serializers.UUIDField(source="result.id")
    areaCode = serializers.CharField(source="result.area_code")
    statement = serializers.CharField(source="result.statement_nl")
    kind = serializers.CharField(source="result.kind")
    counts = serializers.BooleanField()
    rule = serializers.CharField(source="result.rule")
    state = serializers.ChoiceField(source="progress.state", choices=STATES)
    certainty = serializers.ChoiceField(source="progress.certainty", choices=["clear", "cannot-tell-yet"])
    nextDue = serializers.SerializerMethodField(help_text="De eerste indicator waarvan een nieuw cijfer komt.")
    mean = StandingSerializer(source="progress.mean", allow_null=True, help_text="Alleen bij de regel 'average'.")
    indicators = serializers.SerializerMethodField()
    explanation = serializers.SerializerMethodField()
    demo = serializers.BooleanField(source="result.demo")

    def get_nextDue(self, found: ResultProgress) -> str | None:
        return min((one.next_due for one in found.progress.standings if one.next_due), default=None)

    @extend_schema_field(IndicatorStandingSerializer(many=True))
    def get_indicators(self, found: ResultProgress) -> Any:
        pairs = [{"measured": measured, "standing": standing} for measured, standing in found.pairs]
        return IndicatorStandingSerializer(pairs, many=True, context=self.context).data

    def get_explanation(self, found: ResultProgress) -> list[str]:
        lines = [SAID[found.progress.state], *([] if found.counts else [NOT_COUNTED]), LEARNING]
        return [str(line) for line in lines]
