"""Coverage as the API shows it: every answer carries what it rests on."""

from rest_framework import serializers

from config.api.fields import Codes
from config.languages import label
from interventions.api.closer_serializers import CloserSerializer
from interventions.api.serializers import EffectLevelBriefSerializer
from interventions.codes import LIFE_DOMAINS, LIFE_PHASES, PREVENTION_LEVELS
from interventions.coverage import NOT_STATED, Covered, Via
from interventions.services.coverage.survey import CoveredOffering


class RealisedReachSerializer(serializers.Serializer):
    value = serializers.IntegerField(allow_null=True, help_text="Aantal gestart; leeg als er geen te tonen cijfer is.")
    view = serializers.ChoiceField(choices=("working", "released"), help_text="Werkcijfer of vrijgegeven cijfer.")
    subject = serializers.ChoiceField(
        choices=("offering", "intervention"), help_text="Waarvan: vrijgegeven cijfers gaan over de hele interventie."
    )
    period = serializers.CharField(help_text="Jaar.")
    status = serializers.ChoiceField(choices=("known", "withheld", "no-figure"))


class StrengthSerializer(serializers.Serializer):
    """Sterkte in de praktijk, vier kolommen naast elkaar; zij worden nooit vermenigvuldigd."""

    effectLevel = serializers.IntegerField(source="level", allow_null=True, help_text="Leeg: niet vermeld, niet nul.")
    reachShare = serializers.FloatField(source="reach_share", allow_null=True, help_text="Leeg: geen cijfer te tonen.")
    reachAgainst = serializers.ChoiceField(
        choices=("target-group", "intended-reach"),
        source="reach_against",
        allow_null=True,
        help_text="Waarvan het deel.",
    )
    dose = serializers.CharField(allow_null=True, help_text="Zoals opgegeven; leeg: niet opgegeven.")
    reportedUntil = serializers.DateField(
        source="reported_until", allow_null=True, help_text="Tot deze dag is er over gerapporteerd."
    )
    recognisedFrom = serializers.DateField(
        source="recognised_from", allow_null=True, help_text="Sinds deze dag geldt de trede."
    )


class CoveredOfferingSerializer(serializers.Serializer):
    offeringCode = serializers.CharField(source="offering.code")
    name = serializers.CharField(source="offering.name_nl")
    interventionCode = serializers.CharField(source="offering.intervention_id")
    interventionName = serializers.SerializerMethodField()
    organisationCode = serializers.CharField(source="offering.organisation_id")
    listed = serializers.SerializerMethodField(help_text="Niet vermeld betekent niet: werkt niet.")
    effectLevel = EffectLevelBriefSerializer(source="effect_level", allow_null=True)
    preventionLevels = Codes(source="offering.intervention.prevention_levels")
    areaCodes = Codes(source="offering.area_codes")
    cityWide = serializers.BooleanField(source="offering.city_wide")
    via = serializers.ChoiceField(
        choices=[way.value for way in Via], source="active.via", help_text="Hoe het aanbod het gebied bereikt."
    )
    intendedReach = serializers.IntegerField(source="offering.intended_reach", allow_null=True)
    realisedReach = RealisedReachSerializer(source="reach", allow_null=True)
    strength = StrengthSerializer()

    def get_interventionName(self, covered: CoveredOffering) -> str:
        return label(covered.offering.intervention)

    def get_listed(self, covered: CoveredOffering) -> bool:
        return covered.effect_level is not None


class RankingBriefSerializer(serializers.Serializer):
    snapshotId = serializers.CharField(source="snapshot_id")
    modelCode = serializers.CharField(source="model_code")
    modelVersion = serializers.CharField(source="model_version")
    method = serializers.CharField()
    parameterSet = serializers.CharField(source="parameter_set")


class CoverageBaseSerializer(serializers.Serializer):
    """Waar een antwoord over dekking op rust."""

    municipalityCode = serializers.CharField(source="survey.question.municipality_code")
    areaCodes = Codes(source="survey.area_codes")
    activeOn = serializers.DateField(source="survey.question.day")
    minimumLevel = serializers.IntegerField(source="survey.question.minimum_level", allow_null=True)
    lifePhase = serializers.ChoiceField(choices=LIFE_PHASES, source="survey.question.life_phase", allow_null=True)
    lifeDomain = serializers.ChoiceField(choices=LIFE_DOMAINS, source="survey.question.life_domain", allow_null=True)
    domainCode = serializers.CharField(source="survey.question.domain_code", allow_null=True)
    explanation = serializers.ListField(child=serializers.CharField(), help_text="Wat er is meegeteld en waarom.")
    absent = Codes(source="survey.absent", help_text="Onderdelen die nu niet bereikbaar zijn: `monitoring`.")
    offeringCount = serializers.IntegerField(help_text="Actief aanbod dat de gebieden bereikt en past bij de vraag.")


class FactorBriefSerializer(serializers.Serializer):
    factorCode = serializers.CharField(source="need.factor_code")
    name = serializers.CharField(source="need.name")
    kind = serializers.CharField(source="need.kind")
    denseRank = serializers.IntegerField(source="need.dense_rank", allow_null=True)
    score = serializers.FloatField(source="need.score", allow_null=True)


class IndirectOfferingSerializer(serializers.Serializer):
    offering = CoveredOfferingSerializer()
    throughFactors = Codes(source="through", help_text="Factoren die in één stap naar deze factor leiden.")


class CoveredFactorSerializer(FactorBriefSerializer):
    covered = serializers.ChoiceField(
        choices=[one.value for one in Covered], help_text="Alleen door rechtstreeks aanbod."
    )
    offerings = CoveredOfferingSerializer(many=True)
    indirectOfferings = IndirectOfferingSerializer(
        many=True, source="indirect", help_text="Werkt aan een factor die in één stap naar deze leidt."
    )
    register = CloserSerializer(
        many=True, source="closers", help_text="Wat volgens het register aan deze factor werkt, de hoogste trede eerst."
    )


class FactorCoverageSerializer(CoverageBaseSerializer):
    ranking = RankingBriefSerializer()
    factors = CoveredFactorSerializer(many=True)
    offeringsWithoutRankedFactor = Codes(help_text="Aanbod dat aan geen factor van deze rangschikking werkt.")


class FactorGapSerializer(FactorBriefSerializer):
    lack = serializers.ChoiceField(choices=("no", "below-minimum"), help_text="Geen aanbod, of alleen onder de trede.")
    belowMinimum = CoveredOfferingSerializer(many=True, source="offerings")


class EmptyCellSerializer(serializers.Serializer):
    lifePhase = serializers.ChoiceField(choices=LIFE_PHASES)
    lifeDomain = serializers.ChoiceField(choices=LIFE_DOMAINS)


class DomainBriefSerializer(serializers.Serializer):
    domainCode = serializers.CharField(source="code")
    name = serializers.CharField()


class ShareSerializer(serializers.Serializer):
    code = serializers.CharField()
    count = serializers.IntegerField()
    share = serializers.FloatField(help_text="Deel van het aanbod, 0–1; aanbod kan in meer klassen vallen.")


class DiversitySerializer(serializers.Serializer):
    offeringCount = serializers.IntegerField(source="offering_count")
    evidenceBasedShare = serializers.FloatField(
        source="evidence_based", allow_null=True, help_text="Deel op trede 2 of hoger; leeg zonder aanbod."
    )
    effectLevels = ShareSerializer(many=True, source="effect_levels")
    preventionLevels = ShareSerializer(many=True, source="prevention_levels")
    durations = ShareSerializer(many=True)
    lifePhases = ShareSerializer(many=True, source="life_phases")
    lifeDomains = ShareSerializer(many=True, source="life_domains")


class CoverageGapsSerializer(CoverageBaseSerializer):
    ranking = RankingBriefSerializer()
    top = serializers.IntegerField()
    factors = FactorGapSerializer(many=True, source="gaps")
    emptyCells = EmptyCellSerializer(many=True, help_text="Levensfase × leefgebied zonder aanbod.")
    domainsWithoutOffering = DomainBriefSerializer(many=True)
    diversity = DiversitySerializer(help_text="Spreiding van al het actieve aanbod, ook onder de laagste trede.")


class CellReachSerializer(serializers.Serializer):
    """Opgeteld wat bekend is; telt deelnames, geen mensen. Een vrijgegeven cijfer telt per interventie één keer."""

    intended = serializers.IntegerField(allow_null=True, help_text="Leeg: van geen enkel aanbod bekend.")
    intendedKnown = serializers.IntegerField(help_text="Van hoeveel aanbod.")
    realised = serializers.IntegerField(allow_null=True)
    realisedKnown = serializers.IntegerField(help_text="Uit hoeveel cijfers.")


class MatrixCellSerializer(serializers.Serializer):
    preventionLevel = serializers.ChoiceField(choices=(*PREVENTION_LEVELS, NOT_STATED))
    offerings = CoveredOfferingSerializer(many=True)
    reach = CellReachSerializer()


class MatrixRowSerializer(serializers.Serializer):
    domainCode = serializers.CharField(allow_null=True, help_text="Leeg: een ambitie voor de hele pijler.")
    ambitionCode = serializers.CharField(allow_null=True, help_text="Leeg: de rij is een domein.")
    resultId = serializers.CharField(allow_null=True, help_text="Het maatschappelijk resultaat van de rij.")
    areaCode = serializers.CharField(allow_null=True, help_text="Het gebied van het resultaat.")
    targetPeriod = serializers.CharField(allow_null=True)
    state = serializers.CharField(allow_null=True, help_text="Hoe het resultaat ervoor staat.")
    name = serializers.CharField()
    pillarCode = serializers.CharField()
    pillarName = serializers.CharField()
    cells = MatrixCellSerializer(many=True)


class CoverageMatrixSerializer(CoverageBaseSerializer):
    placeName = serializers.CharField(help_text="De gebieden bij hun naam, of de stad.")
    rows = MatrixRowSerializer(many=True)
    offeringsWithoutDomain = Codes(help_text="Aanbod waarvan de interventie geen domein noemt.")
