"""Questions to a version: a part of it as a model, circles, paths to a goal, what differs from another version."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.access import Access
from config.api.fields import Codes
from config.api.formats import JsonRenderer
from config.api.preconditions import tag
from config.api.query import ListQuery, Query
from config.api.resources import Resource
from config.errors import Fault, Refusal
from config.languages import label, language
from factors.api import version_parts as parts
from factors.api.draft_parts import asked_version
from factors.api.exchange import CsvFile, CytoscapeFile, GraphmlFile, WorkbookFile
from factors.api.fields import Key
from factors.api.models import READ, find_version
from factors.closed_lists import LIFE_DOMAINS, LIFE_PHASES
from factors.comparison import compare
from factors.grade import GRADES
from factors.models import ModelVersion
from factors.pathways import Pathway, strongest
from factors.ranking.circles import circles
from factors.ranking.model import KINDS
from factors.register import Register, register_of, said_by
from factors.selection import Part, Selected, content_of_selection, select
from factors.sentences import sentence


class UnknownCode(Refusal):
    code = "unknown-code"


class PartQuery(Query):
    """Which part of a version."""

    aroundCode = Key("Een factor of doel met wat er binnen `steps` stappen omheen ligt.")
    steps = serializers.IntegerField(min_value=1, max_value=10, default=1, help_text="Hoeveel stappen ver.")
    direction = serializers.ChoiceField(
        ["in", "out", "both"], default="both", help_text="Wat erheen leidt, of eruit volgt."
    )
    goalCode = Key("Dit doel en alles wat ernaartoe leidt.")
    kind = serializers.ChoiceField(KINDS, required=False, help_text="Alleen factoren van deze soort.")
    lifePhase = serializers.ChoiceField(LIFE_PHASES, required=False, help_text="Alleen factoren in deze levensfase.")
    lifeDomain = serializers.ChoiceField(LIFE_DOMAINS, required=False, help_text="Alleen factoren in dit leefgebied.")
    minimumGrade = serializers.ChoiceField(
        GRADES, required=False, help_text="Alleen verbanden die minstens zo zeker zijn."
    )
    mode = serializers.ChoiceField(
        ["view", "induced"], default="induced",
        help_text="induced: alleen verbanden ertussen; view: ook wat er van buiten aan vastzit.",
    )  # fmt: skip


class PartListQuery(PartQuery, ListQuery):
    """The same, over pages."""


def selected_part(register: Register, params: dict[str, Any]) -> Selected:
    """Raises UnknownCode for a place the version does not have."""
    for key, known in (
        ("aroundCode", register.factors.keys() | register.goals.keys()),
        ("goalCode", register.goals.keys()),
    ):
        if params.get(key) and params[key] not in known:
            raise UnknownCode("", [Fault(key, "unknown-code", "", place="query", value=params[key])])
    usable = register.sure_enough(params.get("minimumGrade"))
    part = Part(
        around=params.get("aroundCode", ""), steps=params["steps"], direction=params["direction"],
        goal=params.get("goalCode", ""), kind=params.get("kind", ""), life_phase=params.get("lifePhase", ""),
        life_domain=params.get("lifeDomain", ""), induced=params["mode"] == "induced",
    )  # fmt: skip
    return select(part, factors=register.content.factors, goals=register.goals.keys(), relations=usable)


class SelectionSerializer(serializers.Serializer):
    """Een deel van een modelversie, zelf weer een model."""

    modelCode = serializers.CharField()
    version = serializers.CharField()
    mode = serializers.CharField(help_text="view of induced.")
    listedCodes = Codes(help_text="De factoren waarnaar gevraagd is; in view staan er ook andere omheen.")
    factors = parts.ModelFactorSerializer(many=True)
    goals = parts.ModelGoalSerializer(many=True)
    relations = parts.ModelRelationSerializer(many=True)


class SelectionView(Resource):
    """Een deel van een modelversie als model: een omgeving, een doel, een levensfase; ook als bestand."""

    access, query, item, cache = READ, PartQuery, SelectionSerializer, "no-cache"
    renderer_classes = (JsonRenderer, WorkbookFile, CsvFile, GraphmlFile, CytoscapeFile)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        version = asked_version(self)
        register = register_of(version)
        selected = selected_part(register, self.params)
        content = content_of_selection(register.content, selected)
        if not isinstance(request.accepted_renderer, JsonRenderer):
            suffix = request.accepted_renderer.format
            return Response(content, headers={"ETag": tag(*version.state, suffix, hash_of(self.params))})
        kept = {(relation.origin, relation.target) for relation in selected.relations}
        relations = [told for told in register.relations if told.pair in kept]
        return Response(self.shape({
            "modelCode": version.model_id, "version": version.version, "mode": self.params["mode"],
            "listedCodes": sorted(selected.listed), "factors": content.factors, "goals": content.goals,
            "relations": relations,
        }))  # fmt: skip


def hash_of(params: dict[str, Any]) -> str:
    """The asked part, for an entity tag: files of two parts differ."""
    return "-".join(f"{key}={params[key]}" for key in sorted(params))


class CircleStepSerializer(serializers.Serializer):
    fromCode = serializers.CharField()
    toCode = serializers.CharField()
    sign = serializers.CharField(help_text="strengthens, weakens of unclear.")


class FactorCircleSerializer(serializers.Serializer):
    """Factoren die elkaar rondom beïnvloeden."""

    kind = serializers.CharField(help_text="vicious, virtuous, balancing of mixed.")
    factorCodes = Codes(source="factors")
    relations = serializers.SerializerMethodField()

    def get_relations(self, circle: Any) -> list[dict[str, str]]:
        told = [{"fromCode": a, "toCode": b, "sign": parts.SIGNS[sign]} for a, b, sign in circle.relations]
        return list(CircleStepSerializer(told, many=True).data)


class CirclesView(parts.VersionPart):
    """De vicieuze en virtueuze cirkels in (een deel van) een modelversie, grootste eerst."""

    query, item = PartListQuery, FactorCircleSerializer

    def rows(self) -> Any:
        register = register_of(self.version)
        selected = selected_part(register, {**self.params, "mode": "induced"})
        return circles(register.network.with_relations(selected.relations))


class PathwayQuery(ListQuery):
    modelCode = serializers.CharField(help_text="Het model.")
    version = serializers.CharField(default="latest", help_text="Een versie van dat model.")
    fromCode = serializers.CharField(help_text="De factor waar het pad begint.")
    goalCode = serializers.CharField(help_text="Het doel waar het pad eindigt.")
    limit = serializers.IntegerField(min_value=1, max_value=25, default=10, help_text="Hoeveel paden, sterkste eerst.")


class PathwayStepSerializer(serializers.Serializer):
    fromCode = serializers.CharField(source="step.relation.origin")
    toCode = serializers.CharField(source="step.relation.target")
    sign = serializers.CharField()
    strength = serializers.FloatField(source="step.strength", help_text="0–1.")
    causal = serializers.BooleanField(source="step.relation.causal")
    sequenceInTime = serializers.BooleanField(source="step.relation.sequence")
    directed = serializers.BooleanField(source="step.relation.directed")
    contested = serializers.BooleanField(source="step.relation.contested")
    runsBack = serializers.BooleanField(source="step.runs_back", help_text="true: naar een eerdere levensfase.")
    grade = serializers.CharField(help_text="very-low, low, moderate of high.")
    lifePhases = Codes(help_text="Van waar de stap heen leidt; leeg bij een doel.")
    evidenceCodes = Codes()
    sources = parts.ModelSourceSerializer(many=True)


class PathwaySerializer(serializers.Serializer):
    """Een pad van een factor naar een doel, met het bewijs per stap."""

    modelCode = serializers.CharField()
    version = serializers.CharField()
    factorCodes = Codes(help_text="De factoren op het pad, in volgorde.")
    goalCode = serializers.CharField()
    sign = serializers.CharField(help_text="Van het hele pad: strengthens helpt het doel, weakens schaadt het.")
    strength = serializers.FloatField(help_text="Product van de stappen; elke stap na de eerste telt half.")
    weakestStep = serializers.IntegerField(help_text="De zwakste stap, vanaf 0.")
    runsBack = serializers.BooleanField(help_text="true: ergens loopt het pad terug in het leven.")
    sentence = serializers.CharField(help_text="Het pad in één zin, uit de gegevens gemaakt.")
    steps = PathwayStepSerializer(many=True)


class PathwaysView(parts.VersionPart):
    """De sterkste paden van een factor naar een doel: waarom doet deze knop ertoe?"""

    query, item = PathwayQuery, PathwaySerializer

    def rows(self) -> Any:
        asked = self.params
        version = find_version(self.principal, asked["modelCode"], asked["version"])
        register = register_of(version)
        _known(register, asked)
        phases = {code: factor.life_phases for code, factor in register.factors.items()}
        found = strongest(
            register.ways, origin=asked["fromCode"], goal=asked["goalCode"], limit=asked["limit"], phases=phases
        )
        return [_told_path(version, register, path) for path in found]


def _known(register: Register, asked: dict[str, Any]) -> None:
    """Raises UnknownCode for a factor or goal that the version does not have."""
    places = {"fromCode": register.factors.keys(), "goalCode": register.goals.keys()}
    unknown = [key for key, known in places.items() if asked[key] not in known]
    if unknown:
        raise UnknownCode("", [Fault(key, "unknown-code", "", place="query", value=asked[key]) for key in unknown])


def _told_path(version: ModelVersion, register: Register, path: Pathway) -> dict[str, Any]:
    rows: dict[str, Any] = {**register.factors, **register.goals}
    names = {code: label(rows[code]) for code in path.codes}
    return {
        "modelCode": version.model_id, "version": version.version, "factorCodes": path.codes[:-1],
        "goalCode": path.codes[-1], "sign": parts.SIGNS[path.sign], "strength": path.strength,
        "weakestStep": path.weakest, "runsBack": path.runs_back,
        "sentence": sentence(path, names=names, language=language()),
        "steps": [_told_step(register, step) for step in path.steps],
    }  # fmt: skip


def _told_step(register: Register, step: Any) -> dict[str, Any]:
    told = register.pairs[step.relation.origin, step.relation.target]
    sources = {row.code: row for row in register.content.sources if row.code in step.relation.sources}
    target = register.factors.get(step.relation.target)
    return {
        "step": step, "sign": parts.SIGNS[step.relation.sign], "grade": told.grade.grade,
        "lifePhases": target.life_phases if target else (), "evidenceCodes": told.evidence,
        "sources": list(sources.values()),
    }  # fmt: skip


class DiffQuery(ListQuery):
    against = serializers.CharField(help_text="De eerdere versie: 1.0.0, latest of draft.")
    againstModel = Key("Het model van die versie; anders hetzelfde model.")


class FieldChangeSerializer(serializers.Serializer):
    field = serializers.SerializerMethodField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)

    def get_field(self, change: Any) -> str:
        first, *rest = change.field.split("_")
        return first + "".join(word.capitalize() for word in rest)


class RowChangeSerializer(serializers.Serializer):
    """Een rij die verschilt tussen twee versies."""

    part = serializers.CharField(help_text="factors, goals, sources, relations of evidence.")
    key = serializers.CharField(help_text="De rij: haar pad onder `part`.")
    change = serializers.CharField(help_text="added, removed of changed.")
    changes = FieldChangeSerializer(many=True, source="fields", help_text="Per veld: ervoor en erna.")


class VersionDiffView(parts.VersionPart):
    """Wat er verschilt met een andere versie: toegevoegd, verwijderd en veranderd, tot op het veld."""

    access: ClassVar[dict[str, Access]] = READ
    query, item = DiffQuery, RowChangeSerializer

    def rows(self) -> Any:
        version = self.version
        other = find_version(self.principal, self.params.get("againstModel", version.model_id), self.params["against"])
        return compare(said_by(other), said_by(version))
