"""Indicators: what is measured, how, in which definition, and what it speaks about."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import JSONObject
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api import idempotency
from config.api.access import Access, Needs, Principal, Public
from config.api.fields import Codes, Label
from config.api.preconditions import require_match, state_of, tag
from config.api.query import ListQuery
from config.api.resources import ListResource, SingleResource
from config.errors import NotFound
from monitoring import access
from monitoring import indicator_documents as documents
from monitoring.api.fields import Text
from monitoring.models import Indicator, IndicatorDefinition, IndicatorLink, Observation
from monitoring.periods import Period, next_expected
from monitoring.services.figures import indicators as service

WRITE = "indicators.write"


class IndicatorsQuery(ListQuery):
    kind = serializers.ChoiceField(documents.KINDS, required=False, help_text="Alleen indicatoren van deze soort.")
    domainCode = serializers.CharField(required=False, help_text="Alleen indicatoren die over dit domein gaan.")
    factorCode = serializers.CharField(required=False, help_text="Alleen indicatoren die over deze factor gaan.")
    municipalityCode = serializers.CharField(
        required=False, max_length=10, help_text="Alleen van deze gemeente; bij POST: voor deze gemeente."
    )


class LastPeriod(serializers.CharField):
    """The newest period that has a figure, ISO 8601."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="last", read_only=True, allow_null=True, **kwargs)

    def to_representation(self, value: Any) -> str | None:  # type: ignore[override]
        return last_period(value).iso


def last_period(found: Any) -> Period:
    return Period(found["kind"], date.fromisoformat(found["start"]), date.fromisoformat(found["end"]))


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
    everyMonths = serializers.IntegerField(
        source="every_months", allow_null=True, help_text="Het verschijnt om de zoveel maanden; leeg: niet geregeld."
    )
    lastPeriod = LastPeriod(help_text="Periode van het nieuwste cijfer hier, over welk gebied ook.")
    nextExpected = serializers.SerializerMethodField(
        help_text="Periode van het volgende cijfer: zoals aangekondigd, of volgens de frequentie."
    )
    municipalityCode = Text(source="municipality_code", help_text="Leeg: van alle gemeenten samen.")
    sourceBody = Text(source="source_body")
    howMeasured = Text(source="how_measured_nl")
    combinationRules = CombinationRulesSerializer(source="*")
    relevantDifference = serializers.FloatField(source="relevant_difference", allow_null=True)
    relevantDifferenceBasis = Text(source="relevant_difference_basis")
    definitions = IndicatorDefinitionSerializer(many=True, source="definitions.all")
    links = IndicatorLinkSerializer(many=True, source="links.all")
    source = Text()  # type: ignore[assignment]
    demo = serializers.BooleanField()

    def get_nextExpected(self, indicator: Any) -> str | None:
        newest = last_period(indicator.last) if indicator.last else None
        return next_expected(indicator.next_expected, newest, indicator.every_months)


def visible_indicators(principal: Principal) -> QuerySet[Indicator]:
    """Indicators shared by all and those of the caller's municipality, with definitions, links and newest period.

    Three queries.
    """
    newest = Observation.objects.filter(
        indicator_code=OuterRef("code"), municipality_code=OuterRef("municipality_code"), value__isnull=False
    ).order_by("-period_start", "-period_end")
    last = JSONObject(kind="period_kind", start="period_start", end="period_end")
    definitions = IndicatorDefinition.objects.order_by("-order", "version")
    links = IndicatorLink.objects.order_by("target_kind", "target_code", "role")
    found = Indicator.objects.filter(access.figures(principal)).annotate(last=Subquery(newest.values(it=last)[:1]))
    return found.prefetch_related(Prefetch("definitions", definitions), Prefetch("links", links))


class Written(serializers.Serializer):
    """A part of a document, described from its fields; monitoring/indicator_documents.py checks it."""

    parts: ClassVar[Mapping[str, documents.Field]]

    def get_fields(self) -> dict[str, Any]:
        return {name: _described(field) for name, field in self.parts.items()} | super().get_fields()


def _described(field: documents.Field) -> serializers.Field[Any, Any, Any, Any]:
    given: dict[str, Any] = {"required": field.needed}
    if field.choices:
        return serializers.ChoiceField(field.choices, allow_blank="" in field.choices, **given)
    kinds = {bool: serializers.BooleanField, int: serializers.IntegerField, float: serializers.FloatField}
    return kinds[field.kind](**given) if field.kind in kinds else serializers.CharField(allow_blank=True, **given)


class WrittenNameSerializer(Written):
    parts = documents.NAME


class WrittenRulesSerializer(Written):
    parts = documents.RULES


class WrittenVersionSerializer(Written):
    parts = documents.VERSION


class WrittenLinkSerializer(Written):
    parts = documents.LINK


class IndicatorDocumentSerializer(Written):
    """Wat een indicator bepaalt; definities van oud naar nieuw. Dezelfde leden als in de bestanden (TOML)."""

    parts = documents.INDICATOR
    name = WrittenNameSerializer()
    combinationRules = WrittenRulesSerializer()
    themes = serializers.ListField(child=serializers.CharField(), required=False)
    definitions = WrittenVersionSerializer(many=True, required=False)
    links = WrittenLinkSerializer(many=True, required=False)


class IndicatorsView(ListResource):
    """Indicatoren: wat wordt gemeten en waar gaat het over."""

    access: ClassVar[dict[str, Access]] = {"GET": Public("indicators.read"), "POST": Needs(WRITE)}
    query = IndicatorsQuery
    item = IndicatorSerializer
    bodies = {"POST": (IndicatorDocumentSerializer, {201: IndicatorSerializer})}
    idempotent_store = "monitoring"
    cache = "no-cache"

    def rows(self) -> QuerySet[Indicator]:
        asked, rows = self.params, visible_indicators(self.principal)
        if "kind" in asked:
            rows = rows.filter(kind=asked["kind"])
        if "municipalityCode" in asked:
            rows = rows.filter(municipality_code=asked["municipalityCode"])
        for key, kind in (("domainCode", "domain"), ("factorCode", "factor")):
            if key in asked:
                links = IndicatorLink.objects.filter(target_kind=kind, target_code=asked[key])
                rows = rows.filter(code__in=links.values("indicator_id"))
        return rows.order_by("code")

    def post(self, request: Request) -> Response:
        """Bepaal een nieuwe indicator: van één gemeente (municipalityCode), of anders van alle samen."""
        return idempotency.once(request, store=self.idempotent_store, produce=self._create)

    def _create(self) -> Response:
        owner = self.params.get("municipalityCode", "")
        if owner and owner not in access.loading(self.principal):
            raise NotFound()
        definition = documents.read(self.request.data)
        code = service.create(definition, municipality_code=owner, actor=self.principal.id)
        made = visible_indicators(self.principal).get(code=code)
        headers = {"Location": self.request.build_absolute_uri(f"/v1/indicators/{code}"),
                   "ETag": tag(state_of(self.shape, made))}  # fmt: skip
        return Response(self.shape(made), status=201, headers=headers)


class IndicatorView(SingleResource):
    """Eén indicator, met definities, verbanden en regels."""

    access: ClassVar[dict[str, Access]] = {"GET": Public("indicators.read"), "PUT": Needs(WRITE)}
    item = IndicatorSerializer
    bodies = {"PUT": (IndicatorDocumentSerializer, {200: IndicatorSerializer})}
    cache = "no-cache"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._shown(self.thing())

    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Vervang wat een indicator bepaalt. Een definitie waar cijfers bij horen, kan niet weg."""
        with transaction.atomic(using="monitoring"):
            known = service.locked(self.kwargs["indicatorCode"], access.figures(self.principal))
            if known.municipality_code and known.municipality_code not in access.loading(self.principal):
                raise NotFound()
            require_match(request, state_of(self.shape, self.thing()))
            service.replace(known, documents.read(request.data), actor=self.principal.id)
            return self._shown(self.thing())

    def _shown(self, thing: Any) -> Response:
        return Response(self.shape(thing), headers={"ETag": tag(state_of(self.shape, thing))})

    def thing(self) -> Any:
        found = visible_indicators(self.principal).filter(code=self.kwargs["indicatorCode"]).first()
        if found is None:
            raise NotFound()
        return found
