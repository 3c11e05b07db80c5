"""Agreed against delivered: per offering, or all offerings of one organisation in one municipality."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from config.api.access import Needs
from config.api.fields import Codes
from config.api.resources import SingleResource
from config.days import today
from config.errors import NotFound
from interventions.access import works_for
from interventions.api import queries
from interventions.api.fields import CodeOrNull, Text
from interventions.api.views import found
from interventions.codes import QUALITY_STATUSES
from interventions.models import Offering, Organisation
from interventions.services.coverage.delivery import Delivered, delivered


class AgreedSerializer(serializers.Serializer):
    agreementCode = serializers.CharField(source="code")
    orderNumber = Text(source="order_number")
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True, help_text="Euro.")
    validFrom = serializers.DateField(source="valid_from")
    validUntil = serializers.DateField(source="valid_until", allow_null=True)
    accountHolder = Text(source="account_holder")
    quality = Text(source="quality_nl")
    qualityStatus = CodeOrNull(QUALITY_STATUSES, source="quality_status", help_text="Leeg: nog niet besproken.")
    measuring = Text(source="measuring_nl")


class DeliveredReachSerializer(serializers.Serializer):
    """Bereik van het jaar; leeg is niet geleverd, en dat is niet nul."""

    intended = serializers.IntegerField(source="offering.intended_reach", allow_null=True)
    targetGroup = serializers.SerializerMethodField()
    invited = serializers.SerializerMethodField()
    started = serializers.SerializerMethodField()
    attendsStructurally = serializers.SerializerMethodField()
    completed = serializers.SerializerMethodField()
    startedShare = serializers.FloatField(
        source="started_share", allow_null=True, help_text="Gestart ÷ beoogd bereik; kan boven 1 komen."
    )

    def get_targetGroup(self, one: Delivered) -> int | None:
        return one.reach.get("targetGroup")

    def get_invited(self, one: Delivered) -> int | None:
        return one.reach.get("invited")

    def get_started(self, one: Delivered) -> int | None:
        return one.reach.get("started")

    def get_attendsStructurally(self, one: Delivered) -> int | None:
        return one.reach.get("attendsStructurally")

    def get_completed(self, one: Delivered) -> int | None:
        return one.reach.get("completed")


class PlannedMeasureSerializer(serializers.Serializer):
    measure = serializers.CharField()
    monitorType = serializers.CharField(source="monitor_type")
    periodKind = serializers.CharField(source="period_kind")
    periodsExpected = serializers.IntegerField(source="periods_expected")
    periodsDelivered = serializers.IntegerField(source="periods_delivered")


class KeptPlanSerializer(serializers.Serializer):
    """Volledigheid tegen het meetplan, en tegen niets anders."""

    completeness = serializers.FloatField(allow_null=True, help_text="0–1; leeg: er was nog niets te leveren.")
    periodsExpected = serializers.IntegerField(source="expected")
    periodsDelivered = serializers.IntegerField(source="delivered")
    measures = PlannedMeasureSerializer(many=True, source="plan")


class DeliveredOfferingSerializer(serializers.Serializer):
    offeringCode = serializers.CharField(source="offering.code")
    name = serializers.CharField(source="offering.name_nl")
    interventionCode = serializers.CharField(source="offering.intervention_id")
    startsOn = serializers.DateField(source="offering.starts_on")
    endsOn = serializers.DateField(source="offering.ends_on", allow_null=True)
    agreements = AgreedSerializer(many=True)
    reach = DeliveredReachSerializer(source="*")
    measuring = KeptPlanSerializer(source="*")


class DeliveryBaseSerializer(serializers.Serializer):
    municipalityCode = serializers.CharField()
    organisationCode = serializers.CharField()
    year = serializers.IntegerField()
    explanation = serializers.ListField(child=serializers.CharField())
    absent = Codes(help_text="Onderdelen die nu niet bereikbaar zijn: `monitoring`.")


class OfferingDeliverySerializer(DeliveryBaseSerializer):
    offering = DeliveredOfferingSerializer()


class OrganisationDeliverySerializer(DeliveryBaseSerializer):
    organisationName = serializers.CharField()
    offerings = DeliveredOfferingSerializer(many=True)


class DeliveryView(SingleResource):
    """Shared: the year, and what the figures mean."""

    access = {"GET": Needs("agreements.read")}

    def answer(self, city: str, organisation: str, **asked: str) -> tuple[tuple[Delivered, ...], dict[str, Any]]:
        """Raises NotFound for another municipality: its agreements do not exist for the caller."""
        if not works_for(self.principal, city):
            raise NotFound()
        day = today()
        year = self.params["year"] or day.year
        rows, absent = delivered(municipality_code=city, year=year, today=day, **asked)
        lines = [
            _("Om van te leren, niet om af te rekenen: uitvoerders worden nergens naast elkaar gezet."),
            _("Bereik telt deelnames, geen mensen. Wat niet is geleverd, is leeg en niet nul."),
            _("Volledigheid geldt tegen het meetplan, over de perioden die voorbij zijn."),
        ]
        if absent:
            lines.append(_("De monitoring is even niet bereikbaar: bereik en meetplan ontbreken."))
        base = {"municipalityCode": city, "organisationCode": organisation, "year": year, "absent": absent}
        return rows, base | {"explanation": lines}


class OfferingDeliveryView(DeliveryView):
    """Wat is met de uitvoerder van dit aanbod afgesproken, en wat kwam ervan."""

    query = queries.DeliveryQuery
    item = OfferingDeliverySerializer

    def thing(self) -> dict[str, Any]:
        offering = found(Offering.objects.all(), self.kwargs["offeringCode"])
        rows, base = self.answer(offering.municipality_code, offering.organisation_id, offering_code=offering.code)
        return base | {"offering": rows[0]}


class OrganisationDeliveryView(DeliveryView):
    """Wat is met deze organisatie in één gemeente afgesproken, en wat kwam ervan; per aanbod."""

    query = queries.OrganisationDeliveryQuery
    item = OrganisationDeliverySerializer

    def thing(self) -> dict[str, Any]:
        organisation = found(Organisation.objects.all(), self.kwargs["organisationCode"])
        rows, base = self.answer(
            self.params["municipalityCode"], organisation.code, organisation_code=organisation.code
        )
        return base | {"organisationName": organisation.name, "offerings": rows}
