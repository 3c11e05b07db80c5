"""Measurement plans over HTTP."""

from typing import Any

from rest_framework import serializers

from config.api.access import Needs
from config.api.query import ListQuery
from config.api.resources import ListResource, Rows
from monitoring import access
from monitoring.measures import MEASURES
from monitoring.models import MeasurementPlan


class PlanQuery(ListQuery):
    offeringCode = serializers.CharField(required=False, max_length=100, help_text="Alleen dit aanbod.")
    measure = serializers.ChoiceField(choices=list(MEASURES), required=False, help_text="Alleen deze maat.")


class MeasurementPlanSerializer(serializers.Serializer):
    """Wat voor één aanbod gemeten wordt, hoe, hoe vaak en bij wie."""

    offeringCode = serializers.CharField(source="offering_code")
    organisationCode = serializers.CharField(source="organisation_code")
    municipalityCode = serializers.CharField(source="municipality_code")
    measure = serializers.CharField()
    components = serializers.SerializerMethodField(help_text="De onderdelen die bij deze maat geteld worden.")
    monitorType = serializers.CharField(source="monitor_type")
    periodKind = serializers.CharField(source="period_kind")
    among = serializers.SerializerMethodField(help_text="Bij wie gemeten wordt.")
    expectedCount = serializers.IntegerField(source="expected_count", allow_null=True)
    validFrom = serializers.DateField(source="valid_from")
    validUntil = serializers.DateField(source="valid_until", allow_null=True)
    demo = serializers.BooleanField()

    def get_components(self, plan: MeasurementPlan) -> list[str]:
        return list(MEASURES[plan.measure].names)

    def get_among(self, plan: MeasurementPlan) -> str | None:
        return plan.among_nl or None


class MeasurementPlansView(ListResource):
    """Meetplannen: wat wordt per aanbod gemeten, hoe en hoe vaak."""

    access = {"GET": Needs("outcomes.read")}
    query = PlanQuery
    item = MeasurementPlanSerializer

    def rows(self) -> Rows:
        names = {"offeringCode": "offering_code", "measure": "measure"}
        chosen: dict[str, Any] = {names[k]: v for k, v in self.params.items() if k in names}
        plans = MeasurementPlan.objects.filter(access.reports(self.principal), **chosen)
        return plans.order_by("offering_code", "measure", "valid_from", "id")
