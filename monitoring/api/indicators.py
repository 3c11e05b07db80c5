"""Indicators: what is measured, how, in which definition, and what it speaks about."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from config.api.access import Access, Public
from config.api.fields import Codes, Label
from config.api.query import ListQuery
from config.api.resources import ListResource, SingleResource
from config.errors import NotFound
from monitoring.api.fields import Text
from monitoring.models import Indicator, IndicatorDefinition, IndicatorLink

READ: dict[str, Access] = {"GET": Public("indicators.read")}
KINDS = ("effect", "realisation", "context", "process")


class IndicatorsQuery(ListQuery):
    kind = serializers.ChoiceField(KINDS, required=False, help_text="Alleen indicatoren van deze soort.")
    domainCode = serializers.CharField(required=False, help_text="Alleen indicatoren die over dit domein gaan.")
    factorCode = serializers.CharField(required=False, help_text="Alleen indicatoren die over deze factor gaan.")


class IndicatorDefinitionSerializer(serializers.Serializer):
    version = Text(help_text="Leeg als de bron geen versie noemt.")
    description = Text(source="description_nl")
    validFrom = serializers.IntegerField(source="valid_from", allow_null=True, help_text="Eerste jaar.")
    validUntil = serializers.IntegerField(source="valid_until", allow_null=True, help_text="Tot dit jaar.")
    current = serializers.SerializerMethodField(help_text="De definitie die nu geldt.")
    source = Text()  # type: ignore[assignment]

    def get_current(self, definition: IndicatorDefinition) -> bool:
        return definition.order == max(other.order for other in definition.indicator.definitions.all())


class IndicatorLinkSerializer(serializers.Serializer):
    targetKind = serializers.CharField(source="target_kind", help_text="factor of domain.")
    targetCode = serializers.CharField(source="target_code")
    role = serializers.CharField(help_text="measures, prevalence of context.")
    inverse = serializers.BooleanField(help_text="Meer van het een is minder van het ander.")
    basis = serializers.CharField(help_text="Wie dit verband legt.")
    note = Text(source="source")


class CombinationRulesSerializer(serializers.Serializer):
    areas = serializers.CharField(
        source="combine_areas", help_text="sum, pooled-ratio, weighted-mean, mean-of-areas, none."
    )
    periods = serializers.CharField(source="combine_periods", help_text="sum, pooled-ratio, mean, last, none.")


class IndicatorSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = Label()
    kind = serializers.CharField()
    unit = Text()
    decimals = serializers.IntegerField()
    direction = Text(help_text="higher-better, lower-better, neutral; leeg als niemand het zegt.")
    directionBasis = Text(source="direction_basis")
    themes = Codes()
    population = Text(source="population_nl")
    frequency = Text()
    nextExpected = Text(source="next_expected", help_text="Periode van het volgende cijfer.")
    sourceBody = Text(source="source_body")
    howMeasured = Text(source="how_measured_nl")
    combinationRules = CombinationRulesSerializer(source="*")
    relevantDifference = serializers.FloatField(source="relevant_difference", allow_null=True)
    relevantDifferenceBasis = Text(source="relevant_difference_basis")
    definitions = IndicatorDefinitionSerializer(many=True, source="definitions.all")
    links = IndicatorLinkSerializer(many=True, source="links.all")
    source = Text()  # type: ignore[assignment]
    demo = serializers.BooleanField()


def shared_indicators() -> QuerySet[Indicator]:
    """Indicators that belong to no one municipality, with definitions and links: three queries."""
    definitions = IndicatorDefinition.objects.order_by("-order", "version")
    links = IndicatorLink.objects.order_by("target_kind", "target_code", "role")
    return Indicator.objects.filter(municipality_code="").prefetch_related(
        Prefetch("definitions", definitions), Prefetch("links", links)
    )


class IndicatorsView(ListResource):
    """Indicatoren: wat wordt gemeten en waar gaat het over."""

    access = READ
    query = IndicatorsQuery
    item = IndicatorSerializer
    cache = "no-cache"

    def rows(self) -> QuerySet[Indicator]:
        asked, rows = self.params, shared_indicators()
        if "kind" in asked:
            rows = rows.filter(kind=asked["kind"])
        for key, kind in (("domainCode", "domain"), ("factorCode", "factor")):
            if key in asked:
                links = IndicatorLink.objects.filter(target_kind=kind, target_code=asked[key])
                rows = rows.filter(code__in=links.values("indicator_id"))
        return rows.order_by("code")


class IndicatorView(SingleResource):
    """Eén indicator, met definities, verbanden en regels."""

    access = READ
    item = IndicatorSerializer
    cache = "no-cache"

    def thing(self) -> Any:
        code = self.kwargs["indicatorCode"]
        found = None if "\x00" in code else shared_indicators().filter(code=code).first()
        if found is None:
            raise NotFound()
        return found
