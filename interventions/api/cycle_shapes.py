"""How documents of the cycle look: the drafted part as it is stored, people's part as it is written."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.api.fields import Codes
from interventions.analysis_words import QUESTIONS

LONG = 20_000


class InterpretationSerializer(serializers.Serializer):
    """Wat mensen in de cijfers zien, per domein of in het geheel."""

    domainCode = serializers.CharField(required=False, allow_null=True, default=None, max_length=100)
    text = serializers.CharField(max_length=LONG)


class PartnersViewSerializer(serializers.Serializer):
    """Het antwoord van partners op een kernvraag."""

    question = serializers.ChoiceField(choices=list(QUESTIONS))
    partnerCodes = serializers.ListField(child=serializers.CharField(max_length=100), default=list)
    heldDate = serializers.DateField(required=False, allow_null=True, default=None)
    text = serializers.CharField(max_length=LONG)


class ChoiceSerializer(serializers.Serializer):
    """Een keuze met haar redenen."""

    choice = serializers.CharField(max_length=2000)
    reason = serializers.CharField(max_length=LONG)
    factorCodes = serializers.ListField(child=serializers.CharField(max_length=100), default=list)
    resultIds = serializers.ListField(child=serializers.UUIDField(), default=list)


class PeopleSerializer(serializers.Serializer):
    """Het oordeel van mensen bij de cijfers."""

    interpretations = InterpretationSerializer(many=True, default=list)
    partnersView = PartnersViewSerializer(many=True, default=list)
    choices = ChoiceSerializer(many=True, default=list)


class AnalysisStatementSerializer(serializers.Serializer):
    """Een uitspraak met haar cijfers en bronnen."""

    kind = serializers.CharField()
    text = serializers.CharField()
    figures = serializers.ListField(child=serializers.DictField())
    sources = Codes()


class AnalysisDomainSerializer(serializers.Serializer):
    """Een domein: cijfers, wat opvalt, en de factoren erachter."""

    code = serializers.CharField()
    name = serializers.CharField()
    indicators = serializers.ListField(child=serializers.DictField())
    factors = serializers.ListField(child=serializers.DictField())
    statements = AnalysisStatementSerializer(many=True)


class AnalysisPillarSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    domains = AnalysisDomainSerializer(many=True)


class AnalysisDraftSerializer(serializers.Serializer):
    """Wat de dienst zelf schrijft, met waar het op rust in `inputs`."""

    area = serializers.DictField()
    day = serializers.CharField(help_text="Dag waarop de cijfers zijn gelezen, ISO 8601.")
    pillars = AnalysisPillarSerializer(many=True)
    recurringFactors = serializers.ListField(child=serializers.DictField(), help_text="In meer dan één pijler.")
    dataGaps = serializers.ListField(child=serializers.DictField(), help_text="Hoge rang, geen (recent) cijfer.")
    coverage = serializers.DictField(help_text="Aanbod dat het gebied bereikt, en wat ontbreekt.")
    results = serializers.ListField(child=serializers.DictField(), help_text="Resultaten en hoe zij staan.")
    ranking = serializers.ListField(child=serializers.DictField())
    inputs = serializers.DictField()


class ChangeLogEntrySerializer(serializers.Serializer):
    """Eén versie: wanneer en waarom."""

    version = serializers.IntegerField(source="number")
    madeAt = serializers.DateTimeField(source="made_at")
    why = serializers.CharField(source="why_nl")
    edition = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_edition(self, version: Any) -> str | None:
        return version.edition or None


class CycleDocumentSerializer(serializers.Serializer):
    """A version of a document with its head."""

    id = serializers.UUIDField(source="document.id")
    municipalityCode = serializers.CharField(source="document.municipality_code")
    areaCode = serializers.CharField(source="document.area_code")
    title = serializers.CharField(source="title_nl")
    version = serializers.IntegerField(source="number")
    edition = serializers.SerializerMethodField(help_text="Naam van de bevroren uitgave; leeg: een werkversie.")
    why = serializers.CharField(source="why_nl", help_text="Waarom deze versie er kwam.")
    madeAt = serializers.DateTimeField(source="made_at")
    checksum = serializers.CharField(help_text="SHA-256 over de inhoud.")
    changeLog = serializers.SerializerMethodField()
    demo = serializers.BooleanField(source="document.demo")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_edition(self, version: Any) -> str | None:
        return version.edition or None

    @extend_schema_field(ChangeLogEntrySerializer(many=True))
    def get_changeLog(self, version: Any) -> Any:
        earlier = [one for one in version.document.versions.all() if one.number <= version.number]
        return ChangeLogEntrySerializer(sorted(earlier, key=lambda one: one.number), many=True).data


class AreaAnalysisSummarySerializer(CycleDocumentSerializer):
    """Een analyse in een lijst, zonder haar inhoud."""


class AreaAnalysisSerializer(CycleDocumentSerializer):
    """De analyse van een gebied: het concept van de dienst en het oordeel van mensen."""

    draft = AnalysisDraftSerializer(source="content.draft")
    people = PeopleSerializer(source="content.people")


class DifferenceSerializer(serializers.Serializer):
    """Eén verschil tussen twee versies."""

    kind = serializers.ChoiceField(choices=["added", "removed", "changed"])
    path = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class DocumentDiffSerializer(serializers.Serializer):
    """Wat er tussen twee versies veranderde, en waarom."""

    fromVersion = serializers.IntegerField()
    untilVersion = serializers.IntegerField()
    reasons = ChangeLogEntrySerializer(many=True, help_text="De versies na de eerste, tot en met de tweede.")
    differences = DifferenceSerializer(many=True)
