"""What may be written about organisations, interventions, offerings and agreements. Field names as in the answers."""

from typing import Any

from rest_framework import serializers

from config.api.bodies import Body
from config.api.fields import Day, FreeText
from interventions.codes import (
    DIRECTIONS,
    DURATIONS,
    LIFE_DOMAINS,
    LIFE_PHASES,
    PREVENTION_LEVELS,
    QUALITY_STATUSES,
)

CODE = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class TextOrNull(serializers.CharField):
    """A text that may be left out or null; kept as an empty text, shown as null."""

    def __init__(self, max_length: int = 4000, **kwargs: Any) -> None:
        super().__init__(required=False, allow_null=True, allow_blank=True, default="", max_length=max_length, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(data) or ""

    def to_representation(self, value: Any) -> Any:
        return value or None


class ProseOrNull(TextOrNull, FreeText):
    """The same, in words of people's own."""


class ChoiceOrNull(serializers.ChoiceField):
    """A code of a closed list that may be left out or null; kept as an empty text, shown as null."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        super().__init__(choices, required=False, allow_null=True, default="", **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(data) or ""

    def to_representation(self, value: Any) -> Any:
        return value or None


def codes(choices: Any = None, **kwargs: Any) -> serializers.ListField:
    """A list of codes that may be left out."""
    child = serializers.ChoiceField(choices=choices) if choices else serializers.CharField(max_length=60)
    return serializers.ListField(child=child, required=False, default=list, max_length=200, **kwargs)


class OrganisationInputSerializer(serializers.Serializer):
    code = serializers.RegexField(CODE, max_length=100)
    name = serializers.CharField(max_length=300)
    identifierKind = ChoiceOrNull(("oin", "kvk", "rsin"), source="identifier_kind")
    identifier = TextOrNull(30)
    website = TextOrNull(500)


class FactorLinkInputSerializer(Body):
    factorCode = serializers.CharField(source="factor_code", max_length=100)
    direction = ChoiceOrNull(DIRECTIONS)
    basis = serializers.CharField(max_length=60, help_text="Waarop het verband rust.")
    source = TextOrNull()  # type: ignore[assignment]


class RecognitionInputSerializer(Body):
    level = serializers.IntegerField(min_value=0, max_value=4, source="level_id")
    databaseCode = serializers.CharField(
        source="database_id", max_length=60, required=False, allow_null=True, default=None
    )
    committee = TextOrNull(300)
    validFrom = Day(source="valid_from")
    validUntil = Day(source="valid_until", required=False, allow_null=True, default=None)
    url = TextOrNull(500)
    source = TextOrNull()  # type: ignore[assignment]


class InterventionInputSerializer(serializers.Serializer):
    code = serializers.RegexField(CODE, max_length=100)
    nameNl = serializers.CharField(source="name_nl", max_length=300)
    nameEn = serializers.CharField(source="name_en", max_length=300)
    kind = serializers.CharField(max_length=40)
    themes = codes()
    categories = codes()
    parentCode = TextOrNull(100, source="parent_code")
    goal = ProseOrNull(source="goal_nl")
    targetGroup = ProseOrNull(source="target_group_nl")
    approach = ProseOrNull(source="approach_nl")
    preconditions = ProseOrNull(source="preconditions_nl")
    effectsElsewhere = ProseOrNull(source="effects_elsewhere_nl")
    domainCodes = codes(source="domain_codes")
    lifePhases = codes(LIFE_PHASES, source="life_phases")
    lifeDomains = codes(LIFE_DOMAINS, source="life_domains")
    preventionLevels = codes(PREVENTION_LEVELS, source="prevention_levels")
    duration = ChoiceOrNull(DURATIONS)
    costIndication = ProseOrNull(source="cost_indication")
    notes = ProseOrNull()
    source = TextOrNull()  # type: ignore[assignment]
    factors = FactorLinkInputSerializer(many=True, required=False, default=list, source="factors.all")
    recognitions = RecognitionInputSerializer(many=True, required=False, default=list, source="recognitions.all")


class OfferingInputSerializer(serializers.Serializer):
    code = serializers.RegexField(CODE, max_length=100)
    name = serializers.CharField(source="name_nl", max_length=300)
    municipalityCode = serializers.CharField(source="municipality_code", max_length=10)
    organisationCode = serializers.CharField(source="organisation_id", max_length=100)
    interventionCode = serializers.CharField(source="intervention_id", max_length=100)
    serviceType = serializers.CharField(source="service_type_id", max_length=60)
    cityWide = serializers.BooleanField(source="city_wide", required=False, default=False)
    areaCodes = codes(source="area_codes")
    targetGroup = ProseOrNull(source="target_group_nl")
    lifePhases = codes(LIFE_PHASES, source="life_phases")
    startsOn = Day(source="starts_on")
    endsOn = Day(source="ends_on", required=False, allow_null=True, default=None)
    intendedReach = serializers.IntegerField(
        source="intended_reach", min_value=0, max_value=10_000_000, required=False, allow_null=True, default=None
    )
    volume = ProseOrNull()
    dose = ProseOrNull()
    adaptations = ProseOrNull(source="adaptations_nl")


class AgreementInputSerializer(serializers.Serializer):
    code = serializers.RegexField(CODE, max_length=100)
    municipalityCode = serializers.CharField(source="municipality_code", max_length=10)
    offeringCode = serializers.CharField(source="offering_id", max_length=100)
    orderNumber = TextOrNull(60, source="order_number")
    amount = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True, default=None, help_text="Euro."
    )
    validFrom = Day(source="valid_from")
    validUntil = Day(source="valid_until", required=False, allow_null=True, default=None)
    accountHolder = ProseOrNull(100, source="account_holder", help_text="Een nummer of code, nooit een naam.")
    quality = ProseOrNull(source="quality_nl")
    qualityStatus = ChoiceOrNull(QUALITY_STATUSES, source="quality_status")
    measuring = ProseOrNull(source="measuring_nl")


def without(serializer: type[serializers.Serializer], name: str, *fields: str) -> type[serializers.Serializer]:
    """The same without some fields."""
    return type(name, (serializer,), dict.fromkeys(fields))


# `code` stands in the path
OrganisationChangeSerializer = without(OrganisationInputSerializer, "OrganisationChangeSerializer", "code")
InterventionChangeSerializer = without(InterventionInputSerializer, "InterventionChangeSerializer", "code")
OfferingChangeSerializer = without(OfferingInputSerializer, "OfferingChangeSerializer", "code")
AgreementChangeSerializer = without(AgreementInputSerializer, "AgreementChangeSerializer", "code")
