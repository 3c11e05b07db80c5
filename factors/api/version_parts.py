"""What one version of a model says: factors, goals, relations, evidence, sources."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.api.fields import Codes, Label
from config.api.query import ListQuery
from config.api.resources import ListResource
from factors.access import principal_of
from factors.api.fields import Key, LabelOrNull, Text, narrowed
from factors.api.models import READ, find_version
from factors.evidence import StrengthScale, strength
from factors.grade import GRADES, RULE, Grade
from factors.models import ModelVersion
from factors.querysets import matching
from factors.register import RegisterRelation, register_of

SIGNS = {"+": "strengthens", "-": "weakens", 1: "strengthens", -1: "weakens", 0: "unclear"}
KNOWN = {True: "yes", False: "no", None: "unknown"}
GRADED = StrengthScale(mode="graded")


class ModelFactorSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = Label()
    nameNl = serializers.CharField(source="name_nl")
    nameEn = serializers.CharField(source="name_en")
    definition = LabelOrNull("definition")
    definitionNl = Text(source="definition_nl")
    definitionEn = Text(source="definition_en")
    kind = serializers.CharField(help_text="risk, protective of promotive.")
    lifeDomains = Codes(source="life_domains")
    lifePhases = Codes(source="life_phases")
    prevalence = serializers.FloatField(allow_null=True, help_text="Aandeel (0–1) dat de factor heeft.")
    prevalencePopulation = Text(source="prevalence_population")
    prevalenceSourceCode = Text(source="prevalence_source_code")


class ModelGoalSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = Label()
    nameNl = serializers.CharField(source="name_nl")
    nameEn = serializers.CharField(source="name_en")
    domainCode = serializers.CharField(source="domain_code", help_text="Het domein waar dit doel voor staat.")


class ModelSourceSerializer(serializers.Serializer):
    code = serializers.CharField()
    authors = Text()
    year = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    journal = Text()
    doi = Text()
    url = Text()


class ModelEvidenceSerializer(serializers.Serializer):
    code = serializers.CharField()
    fromCode = serializers.CharField(source="relation.from_code")
    toKind = serializers.CharField(source="relation.to_kind", help_text="factor of goal.")
    toCode = serializers.CharField(source="relation.to_code")
    sign = serializers.SerializerMethodField(help_text="strengthens of weakens; naar een doel: helpt of schaadt.")
    causal = serializers.CharField(help_text="yes, no of unknown.")
    sequenceInTime = serializers.CharField(source="sequence_in_time", help_text="yes, no of unknown.")
    significant = serializers.CharField(help_text="yes, no of unknown; no: getoetst, niet gevonden.")
    evidenceType = serializers.CharField(source="evidence_type")
    effectMeasure = Text(source="effect_measure")
    effectSize = serializers.FloatField(source="effect_size", allow_null=True, help_text="Zoals gepubliceerd.")
    intervalLow = serializers.FloatField(source="interval_low", allow_null=True)
    intervalHigh = serializers.FloatField(source="interval_high", allow_null=True)
    baselineRisk = serializers.FloatField(source="baseline_risk", allow_null=True)
    perUnit = serializers.BooleanField(source="per_unit", help_text="Effect per eenheid: niet te vergelijken.")
    outcomeAsPublished = Text(source="outcome_as_published")
    contrast = Text()
    sourceCode = serializers.CharField(source="source_code")
    confidence = Text()
    howKnown = Text(source="how_known")
    mirrorOf = Text(source="mirror_of", help_text="Dezelfde bevinding, elders nog eens gebruikt.")
    note = Text()

    def get_sign(self, finding: Any) -> str:
        return SIGNS[finding.sign]


def told_grade(found: Grade) -> dict[str, Any]:
    """A grade as EvidenceGradeSerializer shows it."""
    reasons = [{"code": code, "steps": steps} for code, steps in found.reasons]
    return {"grade": found.grade, "rule": RULE, "reasons": reasons}


class GradeReasonSerializer(serializers.Serializer):
    code = serializers.CharField()
    steps = serializers.IntegerField(help_text="Het begin (1–4), daarna stappen omhoog of omlaag.")


class EvidenceGradeSerializer(serializers.Serializer):
    grade = serializers.CharField(help_text="very-low, low, moderate of high.")
    rule = serializers.CharField(help_text="De regel, met versie.")
    reasons = GradeReasonSerializer(many=True, help_text="In de volgorde waarin zij gewogen zijn.")


class EntryDescription(LabelOrNull):
    """The description of the pair that a derived relation stands for."""

    def to_representation(self, value: Any) -> Any:
        return super().to_representation(value.entry)


class ModelRelationSerializer(serializers.Serializer):
    """Een geordend paar, zoals al het bewijs samen het maakt."""

    fromCode = serializers.CharField(source="entry.from_code")
    toKind = serializers.CharField(source="entry.to_kind", help_text="factor of goal.")
    toCode = serializers.CharField(source="entry.to_code")
    description = EntryDescription("description")
    sign = serializers.SerializerMethodField(help_text="strengthens, weakens of unclear.")
    strength = serializers.SerializerMethodField(help_text="0–1: |r| gedeeld door 0,30; 0 als niet gevonden.")
    correlation = serializers.FloatField(source="derived.rho", allow_null=True, help_text="Met teken, als r.")
    causal = serializers.BooleanField(source="derived.causal")
    sequenceInTime = serializers.BooleanField(source="derived.sequence")
    directed = serializers.BooleanField(source="derived.directed", help_text="false: samenhang zonder richting.")
    significant = serializers.SerializerMethodField(help_text="Volgens meta-analyses: yes, no of unknown.")
    testedNotFound = serializers.SerializerMethodField(help_text="Getoetst en niet gevonden; telt niet mee.")
    contested = serializers.BooleanField(source="derived.contested", help_text="Bronnen spreken elkaar tegen.")
    tier = serializers.CharField(source="derived.best_type", help_text="Beste soort bewijs.")
    effectTier = Text(source="derived.effect_type", help_text="Soort bewijs waar de grootte uit komt.")
    flags = Codes(source="derived.flags")
    evidenceGrade = serializers.SerializerMethodField(help_text="Hoe zeker het bewijs is, met de redenen.")
    evidenceCodes = Codes(source="evidence")
    sourceCodes = Codes(source="derived.sources")

    def get_sign(self, relation: RegisterRelation) -> str:
        return SIGNS[relation.derived.sign]

    def get_strength(self, relation: RegisterRelation) -> float:
        return strength(relation.derived, GRADED)

    def get_significant(self, relation: RegisterRelation) -> str:
        return KNOWN[relation.derived.significant]

    def get_testedNotFound(self, relation: RegisterRelation) -> bool:
        return not relation.derived.active

    @extend_schema_field(EvidenceGradeSerializer)
    def get_evidenceGrade(self, relation: RegisterRelation) -> dict[str, Any]:
        return told_grade(relation.grade)


class Searched(serializers.CharField):
    """Full-text search, in Dutch and English at once."""

    def __init__(self) -> None:
        text = 'Woorden, "een frase", or en -niet; zonder accenten en op woordstam, Nederlands en Engels.'
        super().__init__(required=False, max_length=300, help_text=text)


class ModelFactorQuery(ListQuery):
    q = Searched()
    goalCode = Key("Alleen factoren met een verband naar dit doel.")
    minimumGrade = serializers.ChoiceField(
        GRADES, required=False, help_text="Alleen met een verband (naar het doel) dat minstens zo zeker is."
    )
    kind = Key("risk, protective of promotive.")
    lifeDomain = Key("Alleen factoren in dit leefgebied.")
    lifePhase = Key("Alleen factoren in deze levensfase.")


class ModelGoalQuery(ListQuery):
    q = Searched()
    domainCode = Key("Alleen doelen van dit domein.")


class ModelRelationQuery(ListQuery):
    q = Searched()
    minimumGrade = serializers.ChoiceField(
        GRADES, required=False, help_text="Alleen verbanden die minstens zo zeker zijn."
    )
    fromCode = Key("Alleen verbanden vanuit deze factor.")
    toCode = Key("Alleen verbanden naar deze factor of dit doel.")
    toKind = serializers.ChoiceField(["factor", "goal"], required=False, help_text="Naar een factor of een doel.")
    testedNotFound = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="true: alleen wat getoetst en niet gevonden is."
    )


class ModelEvidenceQuery(ListQuery):
    fromCode = Key("Alleen bewijs voor verbanden vanuit deze factor.")
    toCode = Key("Alleen bewijs voor verbanden naar deze factor of dit doel.")
    sourceCode = Key("Alleen bewijs uit deze bron.")
    evidenceType = Key("Alleen bewijs van deze soort.")


class VersionPart(ListResource):
    """A list under one version."""

    access, cache = READ, "no-cache"

    @property
    def version(self) -> ModelVersion:
        return find_version(principal_of(self.request), self.kwargs["code"], self.kwargs["version"])


class ModelFactorsView(VersionPart):
    """De factoren van een modelversie."""

    query, item = ModelFactorQuery, ModelFactorSerializer

    def rows(self) -> Any:
        keys = {"kind": "kind", "lifeDomain": "life_domains__contains", "lifePhase": "life_phases__contains"}
        asked = {key: [self.params[key]] for key in ("lifeDomain", "lifePhase") if key in self.params}
        rows = narrowed(self._meant(), self.params | asked, keys)
        if "q" in self.params:
            return matching(rows, self.params["q"], "name_nl", "name_en", "definition_nl", "definition_en")
        return rows.order_by("code")

    def _meant(self) -> Any:
        """Factors with a relation that is active, leads to the goal asked for and is sure enough."""
        goal, least, version = self.params.get("goalCode"), self.params.get("minimumGrade"), self.version
        if goal is None and least is None:
            return version.factors.all()
        register = register_of(version)
        sure = register.sure_enough(least)
        origins = {told.origin for told in sure if told.active and goal in (None, told.target)}
        return version.factors.filter(code__in=origins)


class ModelGoalsView(VersionPart):
    """De doelen van een modelversie, met het domein waar elk voor staat."""

    query, item = ModelGoalQuery, ModelGoalSerializer

    def rows(self) -> Any:
        rows = narrowed(self.version.goals.all(), self.params, {"domainCode": "domain_code"})
        if "q" in self.params:
            return matching(rows, self.params["q"], "name_nl", "name_en", "", "")
        return rows.order_by("code")


class ModelRelationsView(VersionPart):
    """De verbanden van een modelversie, afgeleid uit hun bewijs."""

    query, item = ModelRelationQuery, ModelRelationSerializer

    def rows(self) -> Sequence[RegisterRelation]:
        version = self.version
        register, least = register_of(version), self.params.get("minimumGrade")
        found = [told for told in register.relations if self._meant(told)]
        if least:
            found = [told for told in found if told.grade.reaches(least)]
        if "q" not in self.params:
            return found
        rows = matching(version.relations.all(), self.params["q"], "", "", "description_nl", "description_en")
        places = {pair: place for place, pair in enumerate(rows.values_list("from_code", "to_code"))}
        return sorted((told for told in found if told.pair in places), key=lambda told: places[told.pair])

    def _meant(self, relation: RegisterRelation) -> bool:
        says = {
            "fromCode": relation.entry.from_code,
            "toCode": relation.entry.to_code,
            "toKind": relation.entry.to_kind,
            "testedNotFound": not relation.derived.active,
        }
        return all(self.params.get(key) in (None, value) for key, value in says.items())


class ModelEvidenceView(VersionPart):
    """Het bewijs van een modelversie: gepubliceerde bevindingen."""

    query, item = ModelEvidenceQuery, ModelEvidenceSerializer

    def rows(self) -> Any:
        keys = {"fromCode": "relation__from_code", "toCode": "relation__to_code", "sourceCode": "source_code",
                "evidenceType": "evidence_type"}  # fmt: skip
        return narrowed(self.version.evidence.select_related("relation").order_by("code"), self.params, keys)


class ModelSourcesView(VersionPart):
    """De bronnen van een modelversie."""

    item = ModelSourceSerializer

    def rows(self) -> Any:
        return self.version.sources.order_by("code")
