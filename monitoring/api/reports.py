"""Outcome reports and the receipts of their delivery."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api import idempotency
from config.api.access import Needs
from config.api.query import ListQuery, Query
from config.api.resources import ListResource, Rows, SingleResource
from config.errors import NotFound
from monitoring import access
from monitoring.measures import MEASURES
from monitoring.models import OutcomeReport, Receipt
from monitoring.models.report import ReportStatus
from monitoring.periods import BadPeriod, Period, parse
from monitoring.services.deliveries import deliver


class PeriodField(serializers.CharField):
    """A period as text, read into a Period."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(help_text="Bijvoorbeeld 2026-Q1, 2026-03 of 2026.", **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        try:
            return parse(super().to_internal_value(data))
        except BadPeriod as problem:
            text = _("Dit is geen periode. Schrijf bijvoorbeeld 2026-Q1, 2026-03 of 2026.")
            raise serializers.ValidationError(text, "not-a-period") from problem


class ReportQuery(ListQuery):
    offeringCode = serializers.CharField(required=False, max_length=100, help_text="Alleen dit aanbod.")
    measure = serializers.ChoiceField(choices=list(MEASURES), required=False, help_text="Alleen deze maat.")
    areaCode = serializers.CharField(required=False, max_length=100, help_text="Alleen dit gebied.")
    period = PeriodField(required=False)
    status = serializers.ChoiceField(choices=ReportStatus.values, required=False, help_text="Alleen met deze status.")


class DeliveryQuery(ReportQuery):
    """The list's keys, and for a delivery `dryRun`."""

    dryRun = serializers.BooleanField(
        required=False, default=False, help_text="Alleen bij aanleveren: controleer alles, bewaar niets."
    )


class OutcomeReportSerializer(serializers.Serializer):
    """Aantallen van één aanbod over één maat, periode en gebied."""

    id = serializers.UUIDField()
    offeringCode = serializers.CharField(source="offering_code")
    organisationCode = serializers.CharField(source="organisation_code")
    municipalityCode = serializers.CharField(source="municipality_code")
    measure = serializers.CharField()
    period = serializers.SerializerMethodField()
    periodKind = serializers.CharField(source="period_kind")
    areaCode = serializers.CharField(source="area_code", help_text="Waar de deelnemers wonen, of `unknown`.")
    counts = serializers.SerializerMethodField(help_text="Per onderdeel; null is niet geleverd.")
    explanation = serializers.SerializerMethodField()
    status = serializers.CharField()
    version = serializers.IntegerField()
    externalId = serializers.SerializerMethodField()
    recordedAt = serializers.DateTimeField(source="recorded_at")
    receiptId = serializers.UUIDField(source="receipt_id")
    demo = serializers.BooleanField()

    def get_period(self, report: OutcomeReport) -> str:
        return Period(report.period_kind, report.period_start, report.period_end).iso  # type: ignore[arg-type]

    def get_counts(self, report: OutcomeReport) -> dict[str, int | None]:
        return MEASURES[report.measure].named(report.counts)

    def get_explanation(self, report: OutcomeReport) -> str | None:
        return report.explanation or None

    def get_externalId(self, report: OutcomeReport) -> str | None:
        return report.external_id or None


class OutcomeReportInputSerializer(serializers.Serializer):
    """Eén rapportage; gecontroleerd in services/intake.py, hier alleen beschreven."""

    offeringCode = serializers.CharField(max_length=100)
    measure = serializers.ChoiceField(choices=list(MEASURES))
    period = serializers.CharField(max_length=100, help_text="Bijvoorbeeld 2026-Q1, 2026-03 of 2026.")
    areaCode = serializers.CharField(max_length=100, help_text="Waar de deelnemers wonen, of `unknown`.")
    counts = serializers.DictField(
        child=serializers.IntegerField(min_value=0, allow_null=True), help_text="Aantallen per onderdeel van de maat."
    )
    externalId = serializers.CharField(max_length=200, required=False, allow_null=True, help_text="Uw eigen kenmerk.")
    explanation = serializers.CharField(
        max_length=2000, required=False, allow_null=True, help_text="Toelichting, zonder persoonsgegevens."
    )


class ReceiptCountsSerializer(serializers.Serializer):
    created = serializers.IntegerField(source="created_count")
    updated = serializers.IntegerField(source="updated_count")
    unchanged = serializers.IntegerField(source="unchanged_count")
    rejected = serializers.IntegerField(source="rejected_count")
    questioned = serializers.IntegerField(source="questioned_count")


class ReceiptQuestionSerializer(serializers.Serializer):
    component = serializers.CharField()
    value = serializers.IntegerField()
    usualLow = serializers.IntegerField()
    usualHigh = serializers.IntegerField()
    detail = serializers.CharField()


class ReceiptRowSerializer(serializers.Serializer):
    index = serializers.IntegerField()
    outcome = serializers.CharField(help_text="created, updated, unchanged, rejected of questioned.")
    reportId = serializers.UUIDField(allow_null=True)
    faults = serializers.ListField(child=serializers.DictField())
    questions = ReceiptQuestionSerializer(many=True)


class ReceiptSerializer(serializers.Serializer):
    """Ontvangstbewijs: wat er met elke regel van een levering gebeurde."""

    id = serializers.UUIDField(allow_null=True)
    deliveredAt = serializers.DateTimeField(source="delivered_at")
    channel = serializers.CharField()
    dryRun = serializers.SerializerMethodField(help_text="Waar: alleen gecontroleerd, niets bewaard.")
    counts = ReceiptCountsSerializer(source="*")
    rows = ReceiptRowSerializer(many=True)

    def get_dryRun(self, receipt: Receipt) -> bool:
        return bool(self.context.get("dry_run"))

    def to_representation(self, receipt: Receipt) -> dict[str, Any]:
        """A dry run leaves nothing that its ids could name."""
        answer = super().to_representation(receipt)
        if answer["dryRun"]:
            answer["id"] = None
            for row in answer["rows"]:
                row["reportId"] = row["reportId"] if row["outcome"] == "unchanged" else None
        return answer


class OutcomeReportsView(ListResource):
    """Uitkomsten van aanbod: aantallen, nooit personen."""

    access = {"GET": Needs("outcomes.read"), "POST": Needs("outcomes.write")}
    query = DeliveryQuery
    item = OutcomeReportSerializer
    bodies = {"POST": (OutcomeReportInputSerializer, {201: ReceiptSerializer, 200: ReceiptSerializer})}
    idempotent_store = "monitoring"
    columns = {"offeringCode": "offering_code", "measure": "measure", "areaCode": "area_code", "status": "status"}

    def rows(self) -> Rows:
        chosen: dict[str, Any] = {self.columns[k]: v for k, v in self.params.items() if k in self.columns}
        if period := self.params.get("period"):
            chosen |= {"period_kind": period.kind, "period_start": period.start}
        reports = OutcomeReport.objects.filter(access.reports(self.principal), **chosen)
        return reports.order_by("-period_start", "offering_code", "measure", "area_code", "id")

    def post(self, request: Request) -> Response:
        """Lever één rapportage aan. Dezelfde rapportage nog eens sturen verandert niets; een andere vervangt haar."""
        return idempotency.once(request, store=self.idempotent_store, produce=self._deliver)

    def _deliver(self) -> Response:
        dry_run = self.params["dryRun"]
        receipt, new = deliver(
            raws=[self.request.data], sender=access.sender(self.principal), day=timezone.localdate(),
            dry_run=dry_run,
        )  # fmt: skip
        answer = ReceiptSerializer(receipt, context={"dry_run": dry_run}).data
        if dry_run:
            return Response(answer)
        location = self.request.build_absolute_uri(f"/v1/receipts/{receipt.id}")
        return Response(answer, status=201 if new else 200, headers={"Location": location})


class OutcomeReportView(SingleResource):
    """Eén rapportage zoals zij nu geldt."""

    access = {"GET": Needs("outcomes.read")}
    query = Query
    item = OutcomeReportSerializer

    def thing(self) -> OutcomeReport:
        return found(OutcomeReport.objects.filter(access.reports(self.principal), id=self.kwargs["reportId"]))


class ReceiptView(SingleResource):
    """Het ontvangstbewijs van een levering."""

    access = {"GET": Needs("outcomes.read")}
    query = Query
    item = ReceiptSerializer

    def thing(self) -> Receipt:
        return found(Receipt.objects.filter(access.reports(self.principal), id=self.kwargs["receiptId"]))


def found(rows: Any) -> Any:
    """The one row; raises NotFound when there is none that the caller may know of."""
    thing = rows.first()
    if thing is None:
        raise NotFound()
    return thing


__all__ = ["OutcomeReportView", "OutcomeReportsView", "PeriodField", "ReceiptView", "found"]
