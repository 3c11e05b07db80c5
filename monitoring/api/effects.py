"""What corrections changed downstream, over HTTP: beside the receipt of a delivery and beside a report."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.api.access import Needs
from config.api.resources import ListResource, Rows
from monitoring import access
from monitoring.api.reports import found
from monitoring.models import CorrectionEffect, OutcomeReport, Receipt
from monitoring.services.delivery.corrections import own_cells


class MovedCellSerializer(serializers.Serializer):
    """Eén cel van de werkcijfers die anders werd."""

    subjectKind = serializers.CharField(help_text="offering of intervention.")
    subjectCode = serializers.CharField()
    measure = serializers.CharField()
    areaCode = serializers.CharField()
    period = serializers.CharField()
    periodKind = serializers.CharField()
    before = serializers.DictField(
        child=serializers.IntegerField(allow_null=True), allow_null=True, help_text="Per onderdeel; leeg: er was niets."
    )
    after = serializers.DictField(
        child=serializers.IntegerField(allow_null=True),
        allow_null=True,
        help_text="Per onderdeel; leeg: niets meer.",
    )


class TouchedResultSerializer(serializers.Serializer):
    """Een maatschappelijk resultaat dat een plan van aanpak aan het aanbod verbindt."""

    resultId = serializers.CharField()
    planId = serializers.CharField()
    offeringCode = serializers.CharField()


class TouchedRankingSerializer(serializers.Serializer):
    """Een rangschikking met cijfers van een gebied waar een cel veranderde."""

    definitionCode = serializers.CharField()
    areaCode = serializers.CharField()
    rankingId = serializers.CharField(allow_null=True)


class CorrectionEffectSerializer(serializers.Serializer):
    """Wat een correctie verderop veranderde."""

    receiptId = serializers.UUIDField(source="receipt_id", allow_null=True, help_text="Leeg: het was een intrekking.")
    municipalityCode = serializers.CharField(source="municipality_code")
    organisationCode = serializers.CharField(source="organisation_code")
    correctedAt = serializers.DateTimeField(source="made_at")
    workedOutAt = serializers.DateTimeField(
        source="worked_out_at", allow_null=True, help_text="Leeg: het wordt nog uitgerekend."
    )
    reportCount = serializers.SerializerMethodField(help_text="Zoveel rapportages kregen een nieuwe versie.")
    cellCount = serializers.IntegerField(source="cell_count", help_text="Zoveel cellen veranderden.")
    cells = serializers.SerializerMethodField(help_text="De cellen die het meest veranderden, grootste eerst.")
    releases = serializers.ListField(
        child=serializers.IntegerField(), source="released",
        help_text="Nummers van uitgaven die nog tonen wat het was; de volgende uitgave neemt de correctie mee.",
    )  # fmt: skip
    results = TouchedResultSerializer(
        many=True,
        help_text="Resultaten waar het aanbod aan bijdraagt; hun stand rust op waarnemingen en blijft.",
    )
    rankings = TouchedRankingSerializer(
        many=True,
        help_text="Lokale rangschikkingen van deze gebieden; zij rusten op uitgaven en volgen later.",
    )

    def get_reportCount(self, effect: CorrectionEffect) -> int:
        return len(effect.report_ids)

    @extend_schema_field(MovedCellSerializer(many=True))
    def get_cells(self, effect: CorrectionEffect) -> Any:
        return MovedCellSerializer(self.context["cells"](effect), many=True).data


class Effects(ListResource):
    """A list of effects with their cells."""

    access = {"GET": Needs("outcomes.read")}
    item = CorrectionEffectSerializer

    def cells(self, effect: CorrectionEffect) -> list[dict[str, Any]]:
        """Cells of an intervention hold what other partners delivered too: only for those inside the municipality."""
        inside = self.principal.municipalities(access.INSIDE_ROLES)
        return [
            cell
            for cell in self.chosen(effect)
            if cell["subjectKind"] == "offering" or effect.municipality_code in inside
        ]

    def chosen(self, effect: CorrectionEffect) -> list[dict[str, Any]]:
        return list(effect.cells)

    def shape(self, thing: Any, *, many: bool = False) -> Any:
        return CorrectionEffectSerializer(thing, many=many, context={"cells": self.cells}).data


class ReceiptEffectsView(Effects):
    """Wat een levering verderop veranderde door rapportages te vervangen."""

    def rows(self) -> Rows:
        receipt = found(Receipt.objects.filter(access.reports(self.principal), id=self.kwargs["receiptId"]))
        return CorrectionEffect.objects.filter(access.reports(self.principal), receipt_id=receipt.id).order_by("id")


class ReportEffectsView(Effects):
    """Wat elke correctie van een rapportage verderop veranderde, oudste eerst."""

    def rows(self) -> Rows:
        self.report = found(OutcomeReport.objects.filter(access.reports(self.principal), id=self.kwargs["reportId"]))
        return CorrectionEffect.objects.filter(
            municipality_code=self.report.municipality_code, organisation_code=self.report.organisation_code,
            report_ids__contains=[self.report.id],
        ).order_by("made_at", "id")  # fmt: skip

    def chosen(self, effect: CorrectionEffect) -> list[dict[str, Any]]:
        return own_cells(effect, self.report)
