"""The life of a report over HTTP: reviews by the municipality, replies of the partner, what was said so far."""

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api import idempotency
from config.api.access import Needs
from config.api.bodies import Body
from config.api.resources import ListResource, Resource, Rows
from monitoring import access
from monitoring.api.fields import Text
from monitoring.api.reports import found
from monitoring.models import OutcomeReport, ReportNote
from monitoring.services.delivery import reviews


class RemarkSerializer(Body):
    field = serializers.CharField(max_length=100, help_text="Bijvoorbeeld counts/started, period of explanation.")
    detail = serializers.CharField(max_length=500, help_text="Wat er mee is, in gewone taal.")


class ReportReviewInputSerializer(Body):
    """Accepteren, of terugsturen met opmerkingen."""

    decision = serializers.ChoiceField(choices=["accept", "return"])
    text = serializers.CharField(max_length=2000, required=False, allow_null=True)
    remarks = RemarkSerializer(many=True, required=False)

    def validate(self, given: dict) -> dict:  # type: ignore[type-arg]
        if given["decision"] == "return" and not (given.get("text") or given.get("remarks")):
            raise serializers.ValidationError({"remarks": _("Zeg wat er beter moet.")}, "required")
        return given


class ReplyInputSerializer(Body):
    """Uw antwoord op een vraag of opmerking."""

    text = serializers.CharField(max_length=2000)


class ReportNoteSerializer(serializers.Serializer):
    """Wat er over een rapportage gezegd of besloten is."""

    reportId = serializers.UUIDField(source="report_id")
    version = serializers.IntegerField(help_text="De versie waar het over gaat.")
    kind = serializers.CharField(help_text="returned, accepted, replied of withdrawn.")
    text = Text()
    remarks = RemarkSerializer(many=True)
    writtenAt = serializers.DateTimeField(source="written_at")


class ReportReviewsView(Resource):
    """Een rapportage accepteren of terugsturen."""

    access = {"POST": Needs("outcomes.review")}
    item = ReportNoteSerializer
    bodies = {"POST": (ReportReviewInputSerializer, {201: ReportNoteSerializer})}
    idempotent_store = "monitoring"

    def post(self, request: Request, reportId: str) -> Response:
        """Accepteer de rapportage, of stuur haar terug met opmerkingen per veld."""
        return idempotency.once(request, store=self.idempotent_store, produce=self._review)

    def _review(self) -> Response:
        body = ReportReviewInputSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        note = reviews.review(
            may=access.reviewed(self.principal), report_id=self.kwargs["reportId"], decision=given["decision"],
            text=given.get("text") or "", remarks=given.get("remarks", ()), actor=self.principal.id,
        )  # fmt: skip
        return Response(self.shape(note), status=201)


class ReportNotesView(ListResource):
    """Wat er over een rapportage gezegd en besloten is."""

    access = {"GET": Needs("outcomes.read"), "POST": Needs("outcomes.write")}
    item = ReportNoteSerializer
    bodies = {"POST": (ReplyInputSerializer, {201: ReportNoteSerializer})}
    idempotent_store = "monitoring"

    def rows(self) -> Rows:
        report = found(OutcomeReport.objects.filter(access.reports(self.principal), id=self.kwargs["reportId"]))
        return ReportNote.objects.filter(report_id=report.id).order_by("id")

    def post(self, request: Request, reportId: str) -> Response:
        """Antwoord op een vraag of op opmerkingen; de gemeente kijkt dan opnieuw."""
        return idempotency.once(request, store=self.idempotent_store, produce=self._reply)

    def _reply(self) -> Response:
        body = ReplyInputSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        note = reviews.reply(
            may=access.own(self.principal), report_id=self.kwargs["reportId"], text=body.validated_data["text"],
            actor=self.principal.id,
        )  # fmt: skip
        return Response(self.shape(note), status=201)
