"""Societal results over HTTP: agreed on with partners, changed under If-Match, and how they stand."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

from config.api import idempotency, preconditions
from config.api.access import Needs, Public
from config.api.bodies import Body
from config.api.fields import FreeText
from config.api.query import ListQuery
from config.api.resources import ListResource, Rows, SingleResource
from monitoring import access
from monitoring.api.fields import AskedPeriod
from monitoring.api.reports import found
from monitoring.api.result_shapes import ResultProgressSerializer, SocietalResultSerializer
from monitoring.models import SocietalResult
from monitoring.models.result import ResultKind
from monitoring.results import RULES, Target
from monitoring.services.results.agreeing import ChosenIndicator, Wish, change_result, create_result
from monitoring.services.results.result_figures import ResultProgress, progress_of

TARGETS = ("improvement", "level", "benchmark")
DIRECTIONS = ("higher-better", "lower-better")


class ResultListQuery(ListQuery):
    municipalityCode = serializers.CharField(required=False, max_length=10, help_text="Alleen deze gemeente.")
    areaCode = serializers.CharField(required=False, max_length=100, help_text="Alleen dit gebied.")
    ambitionCode = serializers.CharField(required=False, max_length=100, help_text="Alleen deze ambitie.")
    partnerCode = serializers.CharField(required=False, max_length=100, help_text="Gedragen door deze organisatie.")


class ChosenIndicatorInputSerializer(Body):
    """Een indicator waaraan het resultaat gemeten wordt."""

    indicatorCode = serializers.CharField(max_length=100)
    condition = FreeText(required=False, allow_null=True, max_length=500, help_text="Wat er moet gelden.")
    direction = serializers.ChoiceField(
        choices=DIRECTIONS, required=False, allow_null=True, help_text="Leeg: wat de indicator zelf zegt."
    )


class SocietalResultInputSerializer(Body):
    """Een maatschappelijk resultaat zoals gemeente en partners het afspreken."""

    areaCode = serializers.CharField(max_length=100)
    ambitionCode = serializers.CharField(max_length=100)
    statement = FreeText(max_length=1000, help_text="Wat er bereikt is, zo positief mogelijk gezegd.")
    motivation = FreeText(required=False, allow_null=True, max_length=5000, help_text="Waarom dit.")
    kind = serializers.ChoiceField(choices=ResultKind.values, default=ResultKind.CONTENT.value)
    rule = serializers.ChoiceField(choices=RULES)
    targetKind = serializers.ChoiceField(choices=TARGETS)
    targetAmount = serializers.FloatField(
        required=False, allow_null=True, help_text="Verbetering in procentpunten (of de eenheid), of het niveau zelf."
    )
    benchmarkAreaCode = serializers.CharField(required=False, allow_null=True, max_length=100)
    baselinePeriod = AskedPeriod()
    targetPeriod = AskedPeriod()
    indicators = ChosenIndicatorInputSerializer(many=True, allow_empty=False, max_length=20)  # type: ignore[call-arg]
    partnerCodes = serializers.ListField(child=serializers.CharField(max_length=100), default=list, max_length=100)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A benchmark names its area and no amount, the other kinds the reverse; an improvement is above 0."""
        by_area = attrs["targetKind"] == "benchmark"
        faults = {}
        if by_area and not attrs.get("benchmarkAreaCode"):
            faults["benchmarkAreaCode"] = ErrorDetail(_("Noem het gebied waarmee wordt vergeleken."), "required")
        if not by_area and attrs.get("benchmarkAreaCode"):
            faults["benchmarkAreaCode"] = ErrorDetail(_("Dit hoort alleen bij het doel 'benchmark'."), "not-used")
        if not by_area and attrs.get("targetAmount") is None:
            faults["targetAmount"] = ErrorDetail(_("Zeg hoeveel."), "required")
        if by_area and attrs.get("targetAmount") is not None:
            faults["targetAmount"] = ErrorDetail(_("Bij het doel 'benchmark' hoort geen getal."), "not-used")
        amount = attrs.get("targetAmount")
        if attrs["targetKind"] == "improvement" and amount is not None and amount <= 0:
            faults["targetAmount"] = ErrorDetail(
                _("Een verbetering is meer dan 0, welke kant het ook op gaat."), "min-value"
            )
        if faults:
            raise serializers.ValidationError(faults)
        return attrs

    def to_wish(self) -> Wish:
        given = self.validated_data
        target = Target(given["targetKind"], given.get("targetAmount"), given["baselinePeriod"], given["targetPeriod"])
        indicators = tuple(
            ChosenIndicator(one["indicatorCode"], one.get("condition") or "", one.get("direction"))
            for one in given["indicators"]
        )
        return Wish(
            area_code=given["areaCode"], ambition_code=given["ambitionCode"], statement=given["statement"],
            motivation=given.get("motivation") or "", kind=given["kind"], rule=given["rule"], target=target,
            benchmark_code=given.get("benchmarkAreaCode") or "", indicators=indicators,
            partner_codes=tuple(given["partnerCodes"]),
        )  # fmt: skip


class NewSocietalResultInputSerializer(SocietalResultInputSerializer):
    """Een nieuw resultaat; de gemeente is weg te laten als u voor één gemeente werkt."""

    municipalityCode = serializers.CharField(required=False, max_length=10)


def wish_of(request: Request, serializer: type[SocietalResultInputSerializer]) -> tuple[Wish, dict[str, Any]]:
    body = serializer(data=request.data)
    body.is_valid(raise_exception=True)
    return body.to_wish(), body.validated_data


def tag(result: SocietalResult) -> str:
    return preconditions.tag("result", result.id, result.version)


class SocietalResultsView(ListResource):
    """Maatschappelijke resultaten: wat een gebied met partners wil bereiken, gedateerd en meetbaar."""

    access = {"GET": Public("results.read"), "POST": Needs("results.write")}
    query = ResultListQuery
    item = SocietalResultSerializer
    bodies = {"POST": (NewSocietalResultInputSerializer, {201: SocietalResultSerializer})}
    idempotent_store = "monitoring"

    def rows(self) -> Rows:
        names = {"municipalityCode": "municipality_code", "areaCode": "area_code", "ambitionCode": "ambition_code",
                 "partnerCode": "partner_codes__contains"}  # fmt: skip
        asked: dict[str, Any] = {names[key]: code for key, code in self.params.items() if key in names}
        if "partner_codes__contains" in asked:
            asked["partner_codes__contains"] = [asked["partner_codes__contains"]]
        rows = SocietalResult.objects.filter(**asked).prefetch_related("indicators")
        return rows.order_by("municipality_code", "area_code", "target_start", "id")

    def post(self, request: Request) -> Response:
        """Spreek een resultaat af. De waarschuwingen in het antwoord zijn advies, geen weigering."""
        return idempotency.once(request, store=self.idempotent_store, produce=self._make)

    def _make(self) -> Response:
        wish, given = wish_of(self.request, NewSocietalResultInputSerializer)
        city = access.municipality_for(self.principal, given.get("municipalityCode"), access.RESULT_ROLES)
        result = create_result(wish=wish, municipality_code=city, actor=self.principal.id)
        location = self.request.build_absolute_uri(f"/v1/societal-results/{result.id}")
        return Response(self.shape(result), status=201, headers={"Location": location, "ETag": tag(result)})


class SocietalResultView(SingleResource):
    """Eén maatschappelijk resultaat."""

    access = {"GET": Public("results.read"), "PUT": Needs("results.write")}
    item = SocietalResultSerializer
    bodies = {"PUT": (SocietalResultInputSerializer, {200: SocietalResultSerializer})}

    def thing(self) -> SocietalResult:
        result: SocietalResult = found(SocietalResult.objects.filter(id=self.kwargs["resultId"]))
        return result

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        result = self.thing()
        return Response(self.shape(result), headers={"ETag": tag(result)})

    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Vervang het resultaat, met in If-Match de ETag van wat u las."""
        wish, _given = wish_of(request, SocietalResultInputSerializer)
        result = change_result(
            result_id=self.kwargs["resultId"], own=access.results_to_change(self.principal), wish=wish,
            actor=self.principal.id,
            seen=lambda stored: preconditions.require_match(request, "result", stored.id, stored.version),
        )  # fmt: skip
        return Response(self.shape(result), headers={"ETag": tag(result)})


class ResultProgressView(SingleResource):
    """Hoe het met een resultaat staat, per indicator en in het geheel, met alle cijfers.

    Tot de doelperiode geldt een rechte lijn van begin naar doel. De onzekerheid komt uit de aantallen.
    """

    access = {"GET": Public("results.read")}
    item = ResultProgressSerializer
    cache = "no-cache"

    def thing(self) -> ResultProgress:
        return progress_of(found(SocietalResult.objects.filter(id=self.kwargs["resultId"])))
