"""How documents of the cycle look: the drafted part as it is stored, people's part as it is written."""

from typing import Any

from rest_framework import serializers

from config.api.bodies import Body
from config.api.fields import Codes, Day, FreeText
from interventions.analysis_words import QUESTIONS
from interventions.models.cycle import DocumentForm
from interventions.services.cycle.document_files import path_of
from interventions.services.cycle.telling import told

LONG = 20_000


class InterpretationSerializer(Body):
    """Wat mensen in de cijfers zien, per domein of in het geheel."""

    domainCode = serializers.CharField(required=False, allow_null=True, default=None, max_length=100)
    text = FreeText(max_length=LONG)


class PartnersViewSerializer(Body):
    """Het antwoord van partners op een kernvraag."""

    question = serializers.ChoiceField(choices=list(QUESTIONS))
    partnerCodes = serializers.ListField(child=serializers.CharField(max_length=100), default=list)
    heldDate = Day(required=False, allow_null=True, default=None)
    text = FreeText(max_length=LONG)


class ChoiceSerializer(Body):
    """Een keuze met haar redenen."""

    choice = FreeText(max_length=2000)
    reason = FreeText(max_length=LONG)
    factorCodes = serializers.ListField(child=serializers.CharField(max_length=100), default=list)
    resultIds = serializers.ListField(child=serializers.UUIDField(), default=list)


class PeopleSerializer(Body):
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
    municipality = serializers.DictField(required=False)
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

    version = serializers.IntegerField()
    madeAt = serializers.DateTimeField()
    why = serializers.CharField()
    edition = serializers.CharField(allow_null=True)


class CycleDocumentSerializer(serializers.Serializer):
    """A version of a document with its head, as its files show it too."""

    id = serializers.UUIDField()
    municipalityCode = serializers.CharField()
    areaCode = serializers.CharField()
    title = serializers.CharField()
    version = serializers.IntegerField()
    edition = serializers.CharField(allow_null=True, help_text="Naam van de bevroren uitgave; leeg: een werkversie.")
    citation = serializers.CharField(allow_null=True, help_text="Hoe naar een uitgave verwezen wordt.")
    why = serializers.CharField(help_text="Waarom deze versie er kwam.")
    madeAt = serializers.DateTimeField()
    checksum = serializers.CharField(help_text="SHA-256 over de inhoud.")
    changeLog = ChangeLogEntrySerializer(many=True)
    demo = serializers.BooleanField()

    def to_representation(self, version: Any) -> Any:
        return super().to_representation(told(version))


class AreaAnalysisSummarySerializer(CycleDocumentSerializer):
    """Een analyse in een lijst, zonder haar inhoud."""


class DocumentNamesSerializer(serializers.Serializer):
    """Hoe de codes heetten toen deze versie werd vastgelegd, per soort: code en naam."""

    areas = serializers.DictField()
    offerings = serializers.DictField()
    factors = serializers.DictField()
    organisations = serializers.DictField()
    results = serializers.DictField()
    measures = serializers.DictField()


class AreaAnalysisSerializer(CycleDocumentSerializer):
    """De analyse van een gebied: het concept van de dienst en het oordeel van mensen."""

    draft = AnalysisDraftSerializer()
    people = PeopleSerializer()
    names = DocumentNamesSerializer()


class DocumentFileInputSerializer(Body):
    """Welk document een werker moet maken."""

    format = serializers.ChoiceField(choices=DocumentForm.values, help_text="Van een plan is er geen werkboek.")
    version = serializers.IntegerField(required=False, min_value=1, help_text="Leeg: de nieuwste die u mag zien.")


class DocumentFileSerializer(serializers.Serializer):
    """Een versie als document, precies zoals een werker het maakte."""

    version = serializers.IntegerField(source="number")
    format = serializers.ChoiceField(choices=DocumentForm.values, source="form")
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField()
    versionChecksum = serializers.CharField(
        source="version_checksum", help_text="Van de versie waarvan het is gemaakt."
    )
    madeAt = serializers.DateTimeField(source="made_at")
    url = serializers.SerializerMethodField()

    def get_url(self, file: Any) -> str:
        path = path_of(resource=file.resource, document_id=file.document_id, number=file.number, form=file.form)
        return str(self.context["request"].build_absolute_uri(path))


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
