"""Interventions of the register that work on a factor, and who offers them."""

from rest_framework import serializers

from config.api.fields import Codes
from config.languages import label
from interventions.api.fields import CodeOrNull
from interventions.api.serializers import EffectLevelBriefSerializer
from interventions.codes import DIRECTIONS
from interventions.coverage import Supply
from interventions.services.coverage.closers import Closer


class OfferedBySerializer(serializers.Serializer):
    offeringCode = serializers.CharField(source="offering_code")
    organisationCode = serializers.CharField(source="organisation_code")
    cityWide = serializers.BooleanField(source="city_wide")
    areaCodes = serializers.SerializerMethodField()

    def get_areaCodes(self, supply: Supply) -> list[str]:
        return sorted(supply.area_codes)


class CloserSerializer(serializers.Serializer):
    interventionCode = serializers.CharField(source="intervention.code")
    name = serializers.SerializerMethodField()
    listed = serializers.SerializerMethodField(help_text="Niet vermeld betekent niet: werkt niet.")
    effectLevel = EffectLevelBriefSerializer(source="level", allow_null=True)
    databaseCodes = Codes(source="databases")
    direction = CodeOrNull(DIRECTIONS)
    offeredInCity = OfferedBySerializer(many=True, source="offered", help_text="Wie haar nu in de stad aanbiedt.")

    def get_name(self, closer: Closer) -> str:
        return label(closer.intervention)

    def get_listed(self, closer: Closer) -> bool:
        return closer.level is not None
