"""Coverage of many areas at once, as the API shows it."""

from typing import Any

from rest_framework import serializers

from config.api.fields import Codes
from interventions.api.closer_serializers import CloserSerializer
from interventions.api.coverage_serializers import DiversitySerializer, RankingBriefSerializer
from interventions.codes import LIFE_DOMAINS, LIFE_PHASES, PRIORITY_PARTS, VERDICTS
from interventions.coverage import Covered, Verdict

LACKS = (Covered.NO.value, Covered.BELOW_MINIMUM.value)


class CityCoverageSerializer(serializers.Serializer):
    """Waar een antwoord over alle gebieden van een stad op rust."""

    municipalityCode = serializers.CharField(source="city.question.municipality_code")
    activeOn = serializers.DateField(source="city.question.day")
    minimumLevel = serializers.IntegerField(source="city.question.minimum_level", allow_null=True)
    lifePhase = serializers.ChoiceField(choices=LIFE_PHASES, source="city.question.life_phase", allow_null=True)
    lifeDomain = serializers.ChoiceField(choices=LIFE_DOMAINS, source="city.question.life_domain", allow_null=True)
    domainCode = serializers.CharField(source="city.question.domain_code", allow_null=True)
    explanation = serializers.ListField(child=serializers.CharField(), help_text="Wat er is meegeteld en waarom.")
    absent = Codes(help_text="Onderdelen die nu niet bereikbaar zijn: `monitoring`.")
    offeringsOutsideAreas = Codes(
        source="city.unplaced", help_text="Aanbod in gebieden die er niet (meer) zijn: telt alleen voor de hele stad."
    )


class IndicatorVerdictSerializer(serializers.Serializer):
    indicatorCode = serializers.CharField(source="code")
    verdict = serializers.ChoiceField(choices=VERDICTS)
    areaCode = serializers.CharField(source="area_code", allow_null=True, help_text="Welk gebied is vergeleken.")
    againstCode = serializers.CharField(source="against_code", allow_null=True, help_text="Waarmee.")
    period = serializers.CharField(allow_null=True)


class ChangingDatumSerializer(serializers.Serializer):
    missingPart = serializers.ChoiceField(
        source="kind", choices=("observation", "indicator-link", "recognition", "offering")
    )
    codes = Codes(help_text="Indicatoren of interventies.")
    priorityLow = serializers.FloatField(source="priority_low")
    priorityHigh = serializers.FloatField(source="priority_high")


class PriorityLineSerializer(serializers.Serializer):
    factorCode = serializers.CharField(source="gap.need.factor_code")
    name = serializers.CharField(source="gap.need.name")
    denseRank = serializers.IntegerField(source="gap.need.dense_rank")
    rankLow = serializers.IntegerField(source="gap.need.rank_low", allow_null=True, help_text="Leeg: zonder twijfel.")
    rankHigh = serializers.IntegerField(source="gap.need.rank_high", allow_null=True)
    priority = serializers.FloatField(source="gap.priority", help_text="0–1; volgens `formula`.")
    scorePart = serializers.FloatField(source="gap.score_part")
    needPart = serializers.FloatField(source="gap.need_part")
    lackPart = serializers.FloatField(source="gap.lack_part")
    need = serializers.ChoiceField(choices=VERDICTS, source="gap.verdict")
    needKnown = serializers.SerializerMethodField()
    indicators = IndicatorVerdictSerializer(many=True, source="need.indicators")
    lack = serializers.ChoiceField(choices=LACKS, source="gap.lack")
    belowMinimum = serializers.SerializerMethodField(help_text="Aanbod dat eraan werkt, onder de laagste trede.")
    drivenBy = serializers.ListField(child=serializers.ChoiceField(choices=PRIORITY_PARTS), source="gap.drivers")
    heldBackBy = serializers.ListField(child=serializers.ChoiceField(choices=PRIORITY_PARTS), source="gap.held_back_by")
    changedBy = ChangingDatumSerializer(
        many=True, source="changed_by", help_text="Welk gegeven deze regel zou veranderen, en tot waar."
    )
    closableBy = Codes(source="closable_by", help_text="Interventies die de witte vlek zouden vullen; zie `closers`.")

    def get_needKnown(self, line: Any) -> bool:
        return line.gap.verdict is not Verdict.UNKNOWN

    def get_belowMinimum(self, line: Any) -> list[str]:
        return [one.supply.offering_code for one in line.gap.below_minimum]


class PriorityAreaSerializer(serializers.Serializer):
    areaCode = serializers.CharField(source="area_code")
    name = serializers.CharField()
    offeringCount = serializers.IntegerField(source="offering_count")
    priority = serializers.FloatField(help_text="De regels opgeteld.")
    factors = PriorityLineSerializer(many=True, source="lines")


class FactorClosersSerializer(serializers.Serializer):
    factorCode = serializers.CharField()
    interventions = CloserSerializer(many=True)


class CoveragePrioritiesSerializer(CityCoverageSerializer):
    ranking = RankingBriefSerializer()
    top = serializers.IntegerField()
    formula = serializers.CharField(help_text="Onze formule; de bronnen geven er geen.")
    areas = PriorityAreaSerializer(many=True)
    closers = FactorClosersSerializer(many=True)


class AreaDiversitySerializer(serializers.Serializer):
    areaCode = serializers.CharField()
    name = serializers.CharField()
    diversity = DiversitySerializer()


class CoverageDiversitySerializer(CityCoverageSerializer):
    city = DiversitySerializer(source="whole", help_text="De hele stad.")
    areas = AreaDiversitySerializer(many=True)


class CoverageOverlapSerializer(serializers.Serializer):
    factorCode = serializers.CharField(source="factor_code")
    lifePhase = serializers.CharField(source="life_phase")
    offeringCodes = serializers.SerializerMethodField()

    def get_offeringCodes(self, overlap: Any) -> list[str]:
        return [one.supply.offering_code for one in overlap.offerings]


class AreaOverlapSerializer(serializers.Serializer):
    areaCode = serializers.CharField()
    name = serializers.CharField()
    overlaps = CoverageOverlapSerializer(many=True)


class CoverageOverlapsSerializer(CityCoverageSerializer):
    areas = AreaOverlapSerializer(many=True)


class OpenedGapSerializer(serializers.Serializer):
    factorCode = serializers.CharField()
    name = serializers.CharField()
    denseRank = serializers.IntegerField()
    areaCodes = Codes(help_text="Gebieden waar daarna niemand meer aan de factor werkt.")


class ExpiringAgreementSerializer(serializers.Serializer):
    agreementCode = serializers.CharField()
    offeringCode = serializers.CharField()
    offeringName = serializers.CharField()
    organisationCode = serializers.CharField()
    lastDay = serializers.DateField(help_text="De laatste dag waarop zij geldt.")
    validUntil = serializers.DateField(help_text="De eerste dag waarop zij niet meer geldt.")
    goesOn = serializers.BooleanField(help_text="Het aanbod loopt door met een andere afspraak.")
    opensGaps = OpenedGapSerializer(many=True)


class CoverageExpiringSerializer(CityCoverageSerializer):
    ranking = RankingBriefSerializer()
    top = serializers.IntegerField()
    endsFrom = serializers.DateField()
    endsUntil = serializers.DateField()
    agreements = ExpiringAgreementSerializer(many=True)


class AreaChangeSerializer(serializers.Serializer):
    areaCode = serializers.CharField(source="area_code")
    openedFactors = Codes(source="opened")
    closedFactors = Codes(source="closed")
    startedOfferings = Codes(source="started")
    endedOfferings = Codes(source="ended")


class CoverageChangesSerializer(CityCoverageSerializer):
    ranking = RankingBriefSerializer()
    top = serializers.IntegerField()
    dayFrom = serializers.DateField()
    dayUntil = serializers.DateField()
    areas = AreaChangeSerializer(many=True)
