"""One indicator combined over areas, over periods, or both, by its own rule and with the basis it stands on."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from config.api.access import Access, Public
from config.api.query import Query
from config.api.resources import SingleResource
from config.errors import NotFound
from config.languages import label
from monitoring import access
from monitoring.api.fields import AskedPeriod, Text, Year
from monitoring.api.indicators import CombinationRulesSerializer
from monitoring.api.why_empty import WhyEmptySerializer
from monitoring.models import Indicator
from monitoring.models.area import AreaLevel
from monitoring.periods import MONTHS
from monitoring.roll_up import RollUp
from monitoring.services.combining import Wanted, combined_figures
from monitoring.services.why_empty import Asked, why_empty

MOST_NAMED = 500


class CombinationsQuery(Query):
    indicatorCode = serializers.CharField(max_length=100)
    period = AskedPeriod(help_text="De periode van het antwoord (ISO 8601, kwartaal of CBS-code).")
    areaCode = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, max_length=MOST_NAMED,
        help_text="De gebieden die samengenomen worden. Mag vaker.",
    )  # fmt: skip
    withinCode = serializers.CharField(
        required=False, max_length=100, help_text="In plaats van areaCode: wat in dit gebied of deze groep ligt."
    )
    level = serializers.ChoiceField(
        AreaLevel.values, required=False, help_text="Bij withinCode: van dit niveau; anders wat er direct in ligt."
    )
    partKind = serializers.ChoiceField(
        tuple(MONTHS),
        required=False,
        help_text="Neem perioden van deze soort samen, bijvoorbeeld maanden tot een jaar.",
    )
    year = Year(help_text="De indeling van dit jaar; anders die van de periode.")

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if ("areaCode" in asked) == ("withinCode" in asked):
            text = _("Noem areaCode of withinCode, niet allebei.")
            raise serializers.ValidationError({"areaCode": [ErrorDetail(text, "one-of")]})
        return asked


class CombinedBasisSerializer(serializers.Serializer):
    """Zoveel van zoveel gebieden of perioden droegen een waarde."""

    text = serializers.CharField(source="basis")
    used = serializers.IntegerField()
    total = serializers.IntegerField()


class CombinedFigureSerializer(serializers.Serializer):
    """De uitkomst volgens één regel."""

    rule = serializers.CharField(help_text="sum, pooled-ratio, weighted-mean, mean-of-areas, mean of last.")
    byIndicator = serializers.BooleanField(source="own", help_text="De regel van de indicator zelf.")
    statistic = serializers.CharField()
    value = serializers.FloatField(
        source="found.value", allow_null=True, help_text="Leeg zonder enig cijfer: geen nul."
    )
    numerator = serializers.FloatField(source="found.numerator", allow_null=True)
    denominator = serializers.FloatField(source="found.denominator", allow_null=True)
    basis = CombinedBasisSerializer(source="found")


class CombinedPartSerializer(serializers.Serializer):
    areaCode = serializers.CharField(source="area_code")
    value = serializers.FloatField(allow_null=True)
    status = serializers.CharField(help_text="Waarom er geen waarde is, bijvoorbeeld suppressed of not-delivered.")
    periodsUsed = serializers.IntegerField(source="used")
    periodsTotal = serializers.IntegerField(source="total")


class CombinedSeriesSerializer(serializers.Serializer):
    """Cijfers van één definitie, maat, bevolking en bron; definities worden nooit samengenomen."""

    definitionVersion = Text(source="head.definition_version")
    statistic = serializers.CharField(source="head.statistic")
    population = Text(source="head.population")
    sourceCode = serializers.CharField(source="head.source_code")
    unit = Text(source="head.unit")
    figures = CombinedFigureSerializer(many=True, help_text="De regel van de indicator eerst.")
    parts = CombinedPartSerializer(many=True)


class CombinationSerializer(serializers.Serializer):
    indicatorCode = serializers.CharField()
    name = serializers.CharField()
    decimals = serializers.IntegerField()
    period = serializers.CharField(help_text="ISO 8601.")
    periodKind = serializers.CharField()
    partKind = serializers.CharField(allow_null=True)
    combinationRules = CombinationRulesSerializer()
    areaCount = serializers.IntegerField()
    results = CombinedSeriesSerializer(many=True)
    whyEmpty = WhyEmptySerializer(allow_null=True)


class CombinationsView(SingleResource):
    """Eén indicator over gebieden en perioden samengenomen, volgens zijn eigen regel.

    Naast die regel staan, waar de aantallen bekend zijn, de gepoolde verhouding en het gemiddelde van de gebieden, elk
    met naam. Wat ontbreekt telt niet als nul: `basis` zegt over hoeveel gebieden het gaat.
    """

    access: ClassVar[dict[str, Access]] = {"GET": Public("indicators.read")}
    query = CombinationsQuery
    item = CombinationSerializer
    cache = "no-cache"

    def thing(self) -> dict[str, Any]:
        asked, visible = self.params, access.figures(self.principal)
        indicator = Indicator.objects.filter(visible, code=asked["indicatorCode"]).first()
        if indicator is None:
            raise NotFound()
        wanted = Wanted(indicator, asked["period"], visible, asked.get("areaCode", ()), asked.get("withinCode"),
                        asked.get("level"), asked.get("partKind"), asked.get("year"))  # fmt: skip
        areas, found = combined_figures(wanted)
        place = areas[0] if len(areas) == 1 else asked.get("withinCode")
        return {
            "indicatorCode": indicator.code, "name": label(indicator), "decimals": indicator.decimals,
            "period": wanted.period.iso, "periodKind": wanted.period.kind, "partKind": wanted.of,
            "combinationRules": indicator, "areaCount": len(areas), "results": found,
            "whyEmpty": None if _any(found) else why_empty(
                Asked(visible, indicator.code, place, wanted.period, wanted.period), statuses=_statuses(found)),
        }  # fmt: skip


def _any(found: tuple[RollUp, ...]) -> bool:
    return any(figure.found.value is not None for one in found for figure in one.figures)


def _statuses(found: tuple[RollUp, ...]) -> frozenset[str]:
    return frozenset(part.status for one in found for part in one.parts)
