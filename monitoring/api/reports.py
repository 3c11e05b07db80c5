"""Outcome reports and the receipts of their delivery."""

from collections.abc import Callable
from typing import Any, cast

import orjson
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api import idempotency
from config.api.access import Needs, Principal
from config.api.bodies import Body
from config.api.preconditions import require_match, tag
from config.api.query import ListQuery, Query
from config.api.resources import ListResource, Resource, Rows, SingleResource
from config.days import today
from config.errors import Conflict, Fault, NotFound, Refusal
from monitoring import access
from monitoring.free_text import safe
from monitoring.measures import MEASURES
from monitoring.models import OutcomeReport, Receipt
from monitoring.models.report import ReportStatus
from monitoring.periods import BadPeriod, Period, parse
from monitoring.services.delivery.clashes import OTHER_ID
from monitoring.services.delivery.deliveries import RejectedDelivery, deliver
from monitoring.services.delivery.reviews import withdraw

LARGEST_BATCH = 5000


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
    """Eén rapportage; gecontroleerd in services/delivery/intake.py, hier alleen beschreven."""

    offeringCode = serializers.CharField(max_length=100)
    measure = serializers.ChoiceField(choices=list(MEASURES))
    period = serializers.CharField(max_length=100, help_text="Bijvoorbeeld 2026-Q1, 2026-03 of 2026.")
    areaCode = serializers.CharField(max_length=100, help_text="Waar de deelnemers wonen, of `unknown`.")
    counts = serializers.DictField(
        child=serializers.IntegerField(min_value=0, allow_null=True), help_text="Aantallen per onderdeel van de maat."
    )
    externalId = serializers.CharField(
        max_length=200,
        required=False,
        allow_null=True,
        help_text=(
            "Uw eigen kenmerk. Een rapportage houdt het kenmerk dat zij kreeg, ook als u het later weglaat; een ander "
            "kenmerk voor dezelfde rapportage wordt geweigerd (`known-by-other-id`), in elke vorm van aanlevering."
        ),
    )
    explanation = serializers.CharField(
        max_length=2000, required=False, allow_null=True, help_text="Toelichting, zonder persoonsgegevens."
    )


class ReceiptCountsSerializer(serializers.Serializer):
    created = serializers.IntegerField(source="created_count")
    updated = serializers.IntegerField(source="updated_count")
    unchanged = serializers.IntegerField(source="unchanged_count")
    rejected = serializers.IntegerField(source="rejected_count")
    questioned = serializers.IntegerField(source="questioned_count")
    heldBack = serializers.IntegerField(
        source="held_back_count", read_only=True, help_text="Goed, maar niet bewaard omdat andere regels fouten hebben."
    )


RECEIPT_COUNTS = {name: str(field.source) for name, field in ReceiptCountsSerializer().fields.items()}


class ReceiptQuestionSerializer(serializers.Serializer):
    component = serializers.CharField()
    value = serializers.IntegerField()
    usualLow = serializers.IntegerField()
    usualHigh = serializers.IntegerField()
    detail = serializers.CharField()


class ReceiptFaultSerializer(serializers.Serializer):
    location = serializers.CharField()
    column = serializers.CharField(allow_null=True, help_text="Wat er boven de kolom staat, bij een bestand.")
    code = serializers.CharField()
    detail = serializers.CharField(help_text="Wat er niet klopt, in gewone taal.")
    value = serializers.JSONField(allow_null=True, help_text="Wat er stond, als dat zonder gevaar te herhalen is.")
    expected = serializers.JSONField(allow_null=True, help_text="Wat er goed zou zijn.")


class ReceiptRowSerializer(serializers.Serializer):
    index = serializers.IntegerField()
    outcome = serializers.CharField(
        help_text="created, updated, unchanged, questioned, rejected, of held-back: goed, maar niet bewaard "
        "omdat andere regels fouten hebben."
    )
    reportId = serializers.UUIDField(allow_null=True)
    sheet = serializers.CharField(allow_null=True, default=None, help_text="Werkblad, bij een XLSX-bestand.")
    row = serializers.IntegerField(allow_null=True, default=None, help_text="Regel in het bestand.")
    faults = ReceiptFaultSerializer(many=True)
    questions = ReceiptQuestionSerializer(many=True)


@extend_schema_field(ReceiptRowSerializer(many=True))
class KeptRows(serializers.CharField):
    """Rows are kept as they are told."""


class PlanRateSerializer(serializers.Serializer):
    """Wat de meetplannen over een periode vragen, en wat daarvan nu binnen is."""

    period = serializers.CharField()
    asked = serializers.IntegerField(help_text="Zoveel keer aanbod × maat vragen de plannen.")
    delivered = serializers.IntegerField(help_text="Daarvan binnen, met deze levering.")


class ReceiptSerializer(serializers.Serializer):
    """Ontvangstbewijs: wat er met elke regel van een levering gebeurde."""

    id = serializers.UUIDField(allow_null=True)
    deliveredAt = serializers.DateTimeField(source="delivered_at")
    channel = serializers.CharField()
    dryRun = serializers.BooleanField(read_only=True, help_text="Waar: alleen gecontroleerd, niets bewaard.")
    counts = ReceiptCountsSerializer(source="*")
    planRate = PlanRateSerializer(source="plan_rate", many=True, help_text="Zo ver bent u met wat er gevraagd is.")
    rows = KeptRows()

    def to_representation(self, receipt: Receipt) -> dict[str, Any]:
        return self.told(receipt, dry_run=bool(self.context.get("dry_run")))

    @staticmethod
    def told(receipt: Receipt, *, dry_run: bool) -> dict[str, Any]:
        """By hand: it answers every delivery, and thousands of rows go as the text that they are kept as."""
        return {
            "id": None if dry_run else str(receipt.id), "deliveredAt": receipt.delivered_at,
            "channel": receipt.channel, "dryRun": dry_run,
            "counts": {name: getattr(receipt, column) for name, column in RECEIPT_COUNTS.items()},
            "planRate": [{name: one[name] for name in ("period", "asked", "delivered")} for one in receipt.plan_rate],
            "rows": orjson.Fragment(receipt.rows),
        }  # fmt: skip


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
        return delivered_once(request, self._deliver)

    def _deliver(self) -> Response:
        dry_run = self.params["dryRun"]
        receipt, new = deliver(
            raws=[self.request.data], sender=access.sender(self.principal), day=today(),
            dry_run=dry_run,
        )  # fmt: skip
        return receipt_answer(self.request, receipt, new=new, dry_run=dry_run)


@extend_schema_field(serializers.ListField(child=serializers.JSONField(), min_length=1, max_length=LARGEST_BATCH))
class Requests(serializers.ListField):
    """Reports as received: what is wrong with one is said by the checks of reports, so here nobody looks inside."""

    def run_child_validation(self, data: Any) -> Any:
        return data


class BatchInputSerializer(Body):
    """Rapportages op volgorde. mode: `atomic` bewaart alles of niets, `perItem` laat foute regels weg."""

    mode = serializers.ChoiceField(choices=["atomic", "perItem"], default="atomic")
    requests = Requests(min_length=1, max_length=LARGEST_BATCH, help_text="Elk een rapportage zoals bij een losse "
                        "aanlevering.")  # fmt: skip


class DryRunQuery(Query):
    dryRun = serializers.BooleanField(required=False, default=False, help_text="Controleer alles, bewaar niets.")


class OutcomeBatchView(Resource):
    """Veel rapportages in één keer."""

    access = {"POST": Needs("outcomes.write")}
    query = DryRunQuery
    item = ReceiptSerializer
    bodies = {"POST": (BatchInputSerializer, {201: ReceiptSerializer, 200: ReceiptSerializer})}
    idempotent_store = "monitoring"

    def post(self, request: Request) -> Response:
        """Lever rapportages aan. Met `atomic` (standaard) alles of niets; met `perItem` blijven foute regels buiten."""
        require_key(request)
        return delivered_once(request, self._deliver)

    def _deliver(self) -> Response:
        body = BatchInputSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        dry_run, mode = self.params["dryRun"], body.validated_data["mode"]
        receipt, new = deliver(
            raws=body.validated_data["requests"], sender=access.sender(self.principal), day=today(),
            channel="batch", mode="refuse" if mode == "atomic" else "perItem", dry_run=dry_run,
        )  # fmt: skip
        return receipt_answer(self.request, receipt, new=new, dry_run=dry_run)


class ReportByExternalIdView(SingleResource):
    """Eén rapportage, bij uw eigen kenmerk."""

    access = {"GET": Needs("outcomes.read"), "PUT": Needs("outcomes.write")}
    query = DryRunQuery
    item = OutcomeReportSerializer
    bodies = {"PUT": (OutcomeReportInputSerializer, {201: ReceiptSerializer, 200: ReceiptSerializer})}

    def thing(self) -> OutcomeReport:
        known = OutcomeReport.objects.filter(access.own(self.principal), external_id=self.kwargs["externalId"])
        return found(known.order_by("id"))

    def put(self, request: Request, externalId: str) -> Response:
        """Zet de rapportage met dit kenmerk neer; zo vaak als u wilt, gelijke inhoud verandert niets. Is zij bij ons al
        bekend onder een ander kenmerk, dan is het antwoord 409 met dat kenmerk, en wordt er niets bewaard."""
        return delivered_once(request, lambda: self._put(request, externalId))

    def _put(self, request: Request, externalId: str) -> Response:
        raw = request.data
        if isinstance(raw, dict):
            if raw.get("externalId") not in (None, externalId):
                detail = _("Het kenmerk in de inhoud is een ander dan dat in het adres.")
                raise Refusal(detail, [Fault("#/externalId", "other-external-id", detail, expected=safe(externalId))])
            raw = raw | {"externalId": externalId}
        dry_run = self.params["dryRun"]
        try:
            receipt, new = deliver(raws=[raw], sender=access.sender(self.principal), day=today(), dry_run=dry_run)
        except RejectedDelivery as refused:
            if {fault.code for fault in refused.faults} == {OTHER_ID}:
                raise Conflict(refused.faults[0].detail, refused.faults) from refused
            raise
        return receipt_answer(request, receipt, new=new, dry_run=dry_run)


def require_key(request: Request) -> None:
    """Many reports at once only with an Idempotency-Key: a lost answer can then be asked for again."""
    if "Idempotency-Key" not in request.headers:
        detail = _("Stuur bij een levering van meer rapportages een Idempotency-Key mee.")
        raise Refusal(detail, [Fault("Idempotency-Key", "required", detail, place="header")])


def delivered_once(request: Request, produce: Callable[[], Response]) -> Response:
    """Deliver at most once per Idempotency-Key; a repeat is answered with the receipt."""

    def again(location: str) -> dict[str, Any]:
        receipts = Receipt.objects.filter(access.own(cast(Principal, request.user)), id=location.rpartition("/")[2])
        return ReceiptSerializer(found(receipts)).data

    return idempotency.once(request, store="monitoring", produce=produce, again=again)


def receipt_answer(request: Request, receipt: Receipt, *, new: bool, dry_run: bool) -> Response:
    """201 with the receipt's address when something new was stored, else 200."""
    answer = ReceiptSerializer.told(receipt, dry_run=dry_run)
    if dry_run:
        return Response(answer)
    location = f"{request.scheme}://{request.get_host()}/v1/receipts/{receipt.id}"
    return Response(answer, status=201 if new else 200, headers={"Location": location})


class OutcomeReportView(SingleResource):
    """Eén rapportage zoals zij nu geldt."""

    access = {"GET": Needs("outcomes.read"), "DELETE": Needs("outcomes.write")}
    query = Query
    item = OutcomeReportSerializer
    bodies = {"DELETE": (None, {204: None})}

    def thing(self) -> OutcomeReport:
        return found(OutcomeReport.objects.filter(access.reports(self.principal), id=self.kwargs["reportId"]))

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        report = self.thing()
        return Response(self.shape(report), headers={"ETag": tag(report.version, report.status)})

    def delete(self, request: Request, reportId: str) -> Response:
        """Trek de rapportage in: zij telt niet meer mee; wat zij was, blijft bewaard. Haar kenmerk komt vrij."""
        withdraw(may=access.own(self.principal), report_id=self.kwargs["reportId"], seen=self._seen,
                 actor=self.principal.id)  # fmt: skip
        return Response(status=204)

    def _seen(self, report: OutcomeReport) -> None:
        require_match(self.request, report.version, report.status)


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
