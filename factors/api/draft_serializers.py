"""What an editor sends: models, drafts, and the rows of a draft. All texts in both languages."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from config.api.bodies import Body
from factors.closed_lists import CODE, KNOWN_OR_NOT, LIFE_DOMAINS, LIFE_PHASES
from factors.evidence import EVIDENCE_TYPES, MEASURES
from factors.models import Domain
from factors.ranking.model import KINDS

WRITTEN_SIGNS = {"strengthens": "+", "weakens": "-"}
NAME, TEXT = 300, 10_000


class CodeField(serializers.RegexField):
    """A kebab-case code."""

    default_error_messages = {"invalid": _("Een code bestaat uit kleine letters, cijfers en enkele streepjes.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(rf"^{CODE}\Z", max_length=100, **kwargs)


class NameField(serializers.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=NAME, **kwargs)


class TextField(serializers.CharField):
    """A text that may be missing: null comes in, nothing is kept."""

    def __init__(self, *, max_length: int = TEXT, **kwargs: Any) -> None:
        super().__init__(
            max_length=max_length, required=False, allow_null=True, allow_blank=False, default="", **kwargs
        )

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        return (True, "") if data is None else super().validate_empty_values(data)


class ReferenceField(CodeField):
    """A code that may be missing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_null=True, default="", **kwargs)

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        return (True, "") if data is None else super().validate_empty_values(data)


class NumberField(serializers.FloatField):
    """A JSON number or null: no text, no truth value."""

    default_error_messages = {"not-a-number": _("Dit moet een getal zijn.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_null=True, default=None, **kwargs)

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("not-a-number")
        return super().to_internal_value(data)


class CodesField(serializers.ListField):
    """Codes of a closed list, each once, in the order of that list."""

    def __init__(self, codes: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(child=serializers.ChoiceField(codes), required=False, default=list, **kwargs)
        self.codes = codes

    def to_internal_value(self, data: Any) -> list[str]:
        given = set(super().to_internal_value(data))
        return [code for code in self.codes if code in given]


class DomainField(CodeField):
    default_error_messages = {"unknown-code": _("Dit domein kennen wij niet.")}

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        if not Domain.objects.filter(pk=code).exists():
            self.fail("unknown-code")
        return str(code)


class NewFactorModelSerializer(Body):
    """Een nieuw model. Zonder gemeente: gedeeld door alle gemeenten."""

    code = CodeField()
    municipalityCode = serializers.RegexField(r"^GM\d{4}\Z", source="municipality_code")
    nameNl = NameField(source="name_nl")
    nameEn = NameField(source="name_en")
    descriptionNl = TextField(source="description_nl")
    descriptionEn = TextField(source="description_en")


class VersionReferenceSerializer(Body):
    modelCode = CodeField(source="model_code")
    version = serializers.CharField(max_length=40, help_text="Een gepubliceerde versie, of latest.")


class NewDraftSerializer(Body):
    """Een nieuw concept: leeg, of met alles wat een gepubliceerde versie zegt, ook die van een ander."""

    origin = VersionReferenceSerializer(
        required=False, allow_null=True, default=None, help_text="Waaruit het ontstaat."
    )


class PublicationSerializer(Body):
    """De publicatie van een concept."""

    version = serializers.CharField(max_length=40, help_text="Semantisch nummer, hoger dan het vorige.")
    changelog = serializers.CharField(max_length=TEXT, help_text="Wat er veranderde en waarom.")


class WithdrawalSerializer(Body):
    """De intrekking van een gepubliceerde versie."""

    reason = serializers.CharField(max_length=TEXT, help_text="Waarom deze versie niet meer gebruikt moet worden.")


class FactorWriteSerializer(Body):
    code = CodeField()
    nameNl = NameField(source="name_nl")
    nameEn = NameField(source="name_en")
    definitionNl = TextField(source="definition_nl")
    definitionEn = TextField(source="definition_en")
    kind = serializers.ChoiceField(KINDS)
    lifeDomains = CodesField(LIFE_DOMAINS, source="life_domains")
    lifePhases = CodesField(LIFE_PHASES, source="life_phases")
    prevalence = NumberField(min_value=0, max_value=1)
    prevalencePopulation = TextField(source="prevalence_population")
    prevalenceSourceCode = ReferenceField(source="prevalence_source_code")


class GoalWriteSerializer(Body):
    code = CodeField()
    nameNl = NameField(source="name_nl")
    nameEn = NameField(source="name_en")
    domainCode = DomainField(source="domain_code")


class SourceWriteSerializer(Body):
    code = CodeField()
    title = serializers.CharField(max_length=TEXT)
    authors = TextField()
    year = serializers.IntegerField(min_value=1500, max_value=2100, required=False, allow_null=True, default=None)
    journal = TextField()
    doi = TextField(max_length=200)
    url = TextField()


class RelationWriteSerializer(Body):
    fromCode = CodeField(source="from_code")
    toCode = CodeField(source="to_code", help_text="Een factor of een doel van dit concept.")
    descriptionNl = TextField(source="description_nl")
    descriptionEn = TextField(source="description_en")


class SignField(serializers.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(list(WRITTEN_SIGNS), **kwargs)

    def to_internal_value(self, data: Any) -> str:
        return WRITTEN_SIGNS[super().to_internal_value(data)]


class KnownField(serializers.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(KNOWN_OR_NOT, required=False, default="unknown", **kwargs)


class MeasureField(serializers.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(MEASURES, required=False, allow_null=True, default="", **kwargs)

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        return (True, "") if data is None else super().validate_empty_values(data)


class EvidenceWriteSerializer(Body):
    code = CodeField()
    fromCode = CodeField(source="from_code")
    toCode = CodeField(source="to_code", help_text="Een factor of een doel; het verband ontstaat zo nodig.")
    sign = SignField(help_text="strengthens of weakens; naar een doel: helpt of schaadt.")
    evidenceType = serializers.ChoiceField(EVIDENCE_TYPES, source="evidence_type")
    sourceCode = CodeField(source="source_code")
    causal = KnownField()
    sequenceInTime = KnownField(source="sequence_in_time")
    significant = KnownField()
    effectMeasure = MeasureField(source="effect_measure")
    effectSize = NumberField(source="effect_size")
    intervalLow = NumberField(source="interval_low")
    intervalHigh = NumberField(source="interval_high")
    baselineRisk = NumberField(source="baseline_risk", min_value=0, max_value=1)
    perUnit = serializers.BooleanField(source="per_unit", required=False, default=False)
    outcomeAsPublished = TextField(source="outcome_as_published")
    contrast = TextField()
    confidence = TextField(max_length=20)
    howKnown = TextField(source="how_known")
    mirrorOf = ReferenceField(source="mirror_of")
    note = TextField()
