"""Organisations, interventions, offerings and agreements as the API shows them."""

from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.api.fields import Codes, Label
from config.languages import label
from interventions.api.fields import CodeOrNull, LabelOrNull, Text
from interventions.codes import DIRECTIONS, DURATIONS, QUALITY_STATUSES
from interventions.coverage import level_on
from interventions.models import Intervention, InterventionFactor, Offering, Recognition
from interventions.supplies import listings_of


class OrganisationSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    identifierKind = Text(source="identifier_kind", help_text="oin, kvk of rsin.")
    identifier = Text()
    website = Text()
    demo = serializers.BooleanField()


class EffectLevelSerializer(serializers.Serializer):
    level = serializers.IntegerField()
    code = serializers.CharField()
    name = Label()
    question = Label("question")
    recognition = LabelOrNull("recognition")
    requirements = Label("required")
    databankEligible = serializers.CharField(
        source="databank_eligible", help_text="Kan in een databank staan: yes of no."
    )
    source = serializers.CharField()  # type: ignore[assignment]


class EffectLevelBriefSerializer(serializers.Serializer):
    level = serializers.IntegerField(help_text="0 tot en met 4.")
    code = serializers.CharField()
    name = Label()


class InterventionDatabaseSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    institute = serializers.CharField()
    theme = Label("theme")
    url = serializers.URLField()
    source = serializers.CharField()  # type: ignore[assignment]


class ServiceTypeSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = Label()
    groupCode = serializers.CharField(source="group_code")
    groupName = Label("group")
    source = serializers.CharField()  # type: ignore[assignment]


class InterventionFactorSerializer(serializers.Serializer):
    factorCode = serializers.CharField(source="factor_code")
    name = serializers.SerializerMethodField(help_text="Naam van de factor; de code als geen model hem kent.")
    direction = CodeOrNull(DIRECTIONS, help_text="Welke kant op; leeg als geen bron het zegt.")
    basis = serializers.CharField(help_text="Waarop het verband rust.")
    source = Text()  # type: ignore[assignment]

    def get_name(self, link: InterventionFactor) -> str:
        return self.context["factor_names"].get(link.factor_code, link.factor_code)


class RecognitionSerializer(serializers.Serializer):
    effectLevel = EffectLevelBriefSerializer(source="level")
    databaseCode = Text(source="database_id")
    committee = Text()
    validFrom = serializers.DateField(source="valid_from")
    validUntil = serializers.DateField(
        source="valid_until", allow_null=True, help_text="Tot deze dag; leeg: nog geldig."
    )
    url = Text()
    source = Text()  # type: ignore[assignment]


class InterventionSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = Label()
    kind = serializers.CharField()
    themes = Codes()
    categories = Codes()
    parentCode = Text(source="parent_code")
    goal = Text(source="goal_nl")
    targetGroup = Text(source="target_group_nl")
    approach = Text(source="approach_nl")
    preconditions = Text(source="preconditions_nl")
    effectsElsewhere = Text(source="effects_elsewhere_nl")
    domainCodes = Codes(source="domain_codes")
    lifePhases = Codes(source="life_phases")
    lifeDomains = Codes(source="life_domains")
    preventionLevels = Codes(source="prevention_levels")
    duration = CodeOrNull(DURATIONS)
    costIndication = Text(source="cost_indication")
    focusAreaCodes = Codes(source="focus_area_codes")
    organisationsNamed = Codes(source="organisations_named")
    reportedResults = Text(source="reported_results")
    resultType = Text(source="result_type")
    notes = Text()
    source = Text()  # type: ignore[assignment]
    demo = serializers.BooleanField()
    listed = serializers.SerializerMethodField(
        help_text="Heeft op deze dag een trede. Niet vermeld betekent niet: werkt niet."
    )
    effectLevel = serializers.SerializerMethodField(help_text="Trede op deze dag; leeg: niet vermeld.")
    factors = InterventionFactorSerializer(many=True, source="factors.all")

    def get_listed(self, intervention: Intervention) -> bool:
        return self._current(intervention) is not None

    @extend_schema_field(EffectLevelBriefSerializer(allow_null=True))
    def get_effectLevel(self, intervention: Intervention) -> dict[str, Any] | None:
        current = self._current(intervention)
        return None if current is None else EffectLevelBriefSerializer(current.level).data

    def _current(self, intervention: Intervention) -> Recognition | None:
        day: date = self.context["day"]
        level = level_on(listings_of(intervention), day)
        return next((one for one in intervention.recognitions.all() if one.level_id == level), None)


class InterventionDetailSerializer(InterventionSerializer):
    recognitions = RecognitionSerializer(many=True, source="recognitions.all", help_text="Alle treden met hun data.")


class OfferingSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField(source="name_nl")
    municipalityCode = serializers.CharField(source="municipality_code")
    organisationCode = serializers.CharField(source="organisation_id")
    organisationName = serializers.CharField(source="organisation.name")
    interventionCode = serializers.CharField(source="intervention_id")
    interventionName = serializers.SerializerMethodField()
    serviceType = serializers.CharField(source="service_type_id")
    cityWide = serializers.BooleanField(source="city_wide")
    areaCodes = Codes(source="area_codes")
    targetGroup = Text(source="target_group_nl")
    lifePhases = Codes(source="life_phases")
    startsOn = serializers.DateField(source="starts_on")
    endsOn = serializers.DateField(source="ends_on", allow_null=True, help_text="Tot deze dag; leeg: loopt door.")
    intendedReach = serializers.IntegerField(source="intended_reach", allow_null=True)
    volume = Text()
    dose = Text()
    adaptations = Text(source="adaptations_nl")
    demo = serializers.BooleanField()

    def get_interventionName(self, offering: Offering) -> str:
        return label(offering.intervention)


class AgreementSerializer(serializers.Serializer):
    code = serializers.CharField()
    municipalityCode = serializers.CharField(source="municipality_code")
    offeringCode = serializers.CharField(source="offering_id")
    organisationCode = serializers.CharField(source="offering.organisation_id")
    orderNumber = Text(source="order_number")
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True, help_text="Euro.")
    validFrom = serializers.DateField(source="valid_from")
    validUntil = serializers.DateField(
        source="valid_until", allow_null=True, help_text="Tot deze dag; leeg: loopt door."
    )
    accountHolder = Text(source="account_holder", help_text="Een nummer of code, nooit een naam.")
    quality = Text(source="quality_nl")
    qualityStatus = CodeOrNull(QUALITY_STATUSES, source="quality_status", help_text="Leeg: nog niet besproken.")
    measuring = Text(source="measuring_nl")
    demo = serializers.BooleanField()
