"""Why an answer is empty, as every resource with figures says it."""

from typing import Any

from rest_framework import serializers

from config.api.fields import Codes
from config.languages import label
from monitoring.api.fields import PeriodKind, PeriodText, Text
from monitoring.services.figures.why_empty import Why, in_words
from monitoring.why_empty import CAUSES


class NearestFigureSerializer(serializers.Serializer):
    """Het dichtstbijzijnde cijfer dat er wel is."""

    indicatorCode = serializers.CharField(source="indicator_code")
    areaCode = serializers.CharField(source="area_code")
    areaName = serializers.CharField(source="area_name")
    period = PeriodText(help_text="ISO 8601.")
    periodKind = PeriodKind()
    definitionVersion = Text(source="definition_version")
    statistic = serializers.CharField()
    sourceCode = serializers.CharField(source="source_code")


class WhyEmptySerializer(serializers.Serializer):
    """Waarom er geen cijfers zijn, en waar ze wel zijn."""

    code = serializers.CharField(source="cause", help_text=", ".join(CAUSES))
    detail = serializers.SerializerMethodField()
    nearestAreaCode = serializers.SerializerMethodField(help_text="Het dichtstbijzijnde gebied met cijfers.")
    nearest = serializers.SerializerMethodField()
    successors = Codes(help_text="Opvolgers van een gebied dat er toen niet (meer) was.")
    nextExpected = serializers.CharField(
        source="next_expected", allow_null=True, help_text="Periode van het volgende cijfer."
    )

    def get_detail(self, why: Why) -> str:
        return in_words(why)

    def get_nearestAreaCode(self, why: Why) -> str | None:
        return why.nearest["area_code"] if why.nearest else None

    def get_nearest(self, why: Why) -> NearestFigureSerializer(allow_null=True):  # type: ignore[valid-type]
        if why.nearest is None:
            return None
        name = label(why.nearest_area) if why.nearest_area else why.nearest["area_code"]
        shown: dict[str, Any] = NearestFigureSerializer(why.nearest | {"area_name": name}).data
        return shown
