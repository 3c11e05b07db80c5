"""One indicator combined over areas, over periods, or both, by its own rule and with the basis it stands on."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request

from config.api.access import Access, Public
from config.api.resources import SingleResource
from config.errors import NotFound
from config.languages import label
from monitoring import access
from monitoring.api.exports import FormatQuery, InTables, labels_for, row_of
from monitoring.api.fields import AskedPeriod, Text, Year
from monitoring.api.indicators import CombinationRulesSerializer
from monitoring.api.why_empty import WhyEmptySerializer
from monitoring.models import Indicator
from monitoring.models.area import AreaLevel
from monitoring.periods import MONTHS
from monitoring.roll_up import RollUp, values_in
from monitoring.services.figures.combining import Wanted, combined_figures
from monitoring.services.figures.why_empty import Asked, why_empty

MOST_NAMED = 500


class CombinationsQuery(FormatQuery):
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


class CombinationsView(InTables, SingleResource):
    """Eén indicator over gebieden en perioden samengenomen, volgens zijn eigen regel.

    Naast die regel staan, waar de aantallen bekend zijn, de gepoolde verhouding en het gemiddelde van de gebieden, elk
    met naam. Wat ontbreekt telt niet als nul: `basis` zegt over hoeveel gebieden het gaat.

    Ook als CSV, XLSX, JSON-stat 2.0 (`format=json-stat2`) en GeoJSON: de uitkomsten (zonder gebiedscode als de gebieden
    genoemd zijn) en wat elk gebied bijdraagt.
    """

    access: ClassVar[dict[str, Access]] = {"GET": Public("indicators.read")}
    query = CombinationsQuery
    item = CombinationSerializer
    cache = "no-cache"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs) if self.asked_form == "json" else self._file()

    def _wanted(self) -> Wanted:
        asked, visible = self.params, access.figures(self.principal)
        self.open_data = not access.has_figures_of_its_own(self.principal)
        indicator = Indicator.objects.filter(visible, code=asked["indicatorCode"]).first()
        if indicator is None:
            raise NotFound()
        return Wanted(indicator, asked["period"], visible, asked.get("areaCode", ()), asked.get("withinCode"),
                      asked.get("level"), asked.get("partKind"), asked.get("year"))  # fmt: skip

    def _file(self) -> HttpResponseBase:
        wanted = self._wanted()
        areas, found = combined_figures(wanted)
        rows = [row_of(value) for one in found for value in values_in(one, _place(wanted, areas), wanted.period)]
        title = _("%(indicator)s, %(period)s, samengenomen") % {
            "indicator": label(wanted.indicator), "period": wanted.period.iso}  # fmt: skip
        labels = labels_for(title=title, indicators=[wanted.indicator.code], areas={row["area_code"] for row in rows},
                            geometry=self.asked_form == "geojson")  # fmt: skip
        return self.exported(rows, labels)

    def thing(self) -> dict[str, Any]:
        wanted = self._wanted()
        areas, found = combined_figures(wanted)
        indicator, place = wanted.indicator, _place(wanted, areas) or None
        return {
            "indicatorCode": indicator.code, "name": label(indicator), "decimals": indicator.decimals,
            "period": wanted.period.iso, "periodKind": wanted.period.kind, "partKind": wanted.of,
            "combinationRules": indicator, "areaCount": len(areas), "results": found,
            "whyEmpty": None if _any(found) else why_empty(
                Asked(wanted.visible, indicator.code, place, wanted.period, wanted.period),
                statuses=_statuses(found)),
        }  # fmt: skip


def _place(wanted: Wanted, areas: Sequence[str]) -> str:
    """The area that the combination is about; empty for several that were named."""
    return areas[0] if len(areas) == 1 else wanted.within or ""


def _any(found: tuple[RollUp, ...]) -> bool:
    return any(figure.found.value is not None for one in found for figure in one.figures)


def _statuses(found: tuple[RollUp, ...]) -> frozenset[str]:
    return frozenset(part.status for one in found for part in one.parts)
