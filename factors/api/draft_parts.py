"""The rows of a version: read by all who see the version, changed in a draft by the owner's editors."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api import idempotency
from config.api.access import Access, Needs, Principal
from config.api.preconditions import require_match, tag
from config.api.resources import SingleResource
from config.errors import NotFound
from factors.api import draft_serializers as written
from factors.api import version_parts as parts
from factors.api.drafts import body_of, find_own
from factors.api.fields import LabelOrNull, Text
from factors.api.models import READ, find_version
from factors.models import ModelVersion
from factors.models.version import VersionStatus
from factors.register import register_of
from factors.services import drafts

WRITE = Needs("models.write")
EDIT: dict[str, Access] = {**READ, "PUT": WRITE, "PATCH": WRITE, "DELETE": WRITE}


def asked_version(view: Any) -> ModelVersion:
    principal: Principal = view.principal
    version = find_version(principal, view.kwargs["code"], view.kwargs["version"])
    view.tells_of(version.model.municipality_code, everybody=version.status != VersionStatus.DRAFT)
    return version


def asked_draft(view: Any) -> ModelVersion:
    return find_own(view.principal, view.kwargs["code"], view.kwargs["version"])


class EditableRows(parts.VersionPart):
    """A list under a version to which an editor adds rows while it is a draft."""

    access: ClassVar[dict[str, Access]] = {**READ, "POST": WRITE}
    idempotent_store = "default"
    part: ClassVar[str]
    written: ClassVar[type[serializers.Serializer]]
    single: ClassVar[type["EditableRow"]]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return idempotency.once(request, store="default", produce=self._add)

    def _add(self) -> Response:
        draft = asked_draft(self)
        values = body_of(self.written, self.request)
        row = drafts.add(draft=draft, part=self.part, values=values, actor=self.principal.id)
        place = f"/v1/factor-models/{draft.model_id}/versions/{draft.version}/{self.part}/{self.single.place(row)}"
        answer = self.single.shown(draft, row)
        return Response(answer, status=201, headers={"Location": place, "ETag": tag(*self.single.state(row))})


class EditableRow(SingleResource):
    """One row under a version. names: field of the row → name in the path."""

    access: ClassVar[dict[str, Access]] = EDIT
    cache = "no-cache"
    part: ClassVar[str]
    written: ClassVar[type[serializers.Serializer]]
    names: ClassVar[dict[str, str]]

    @classmethod
    def place(cls, row: Any) -> str:
        return "/".join(str(getattr(row, field)) for field in cls.names)

    @classmethod
    def shown(cls, version: ModelVersion, row: Any) -> Any:
        return cls.item(row).data

    @classmethod
    def state(cls, row: Any) -> tuple[object, ...]:
        state: tuple[object, ...] = row.state
        return state

    @property
    def key(self) -> dict[str, Any]:
        return {field: self.kwargs[name] for field, name in self.names.items()}

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        version = asked_version(self)
        row = getattr(version, self.part).filter(**self.key).first()
        if row is None:
            raise NotFound
        return self._answer(version, row)

    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._change(partial=False)

    def patch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._change(partial=True)

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        drafts.remove(draft=asked_draft(self), part=self.part, key=self.key, check=self._match, actor=self.principal.id)
        return Response(status=204)

    def _change(self, *, partial: bool) -> Response:
        draft = asked_draft(self)
        values = body_of(self.written, self.request, partial=partial)
        self._keep_key(values)
        row = drafts.change(
            draft=draft, part=self.part, key=self.key, values=values, check=self._match, actor=self.principal.id
        )
        return self._answer(draft, row)

    def _keep_key(self, values: dict[str, Any]) -> None:
        """A row keeps its code; evidence may move to another pair."""
        for field, kept in self.key.items():
            if values.setdefault(field, kept) != kept:
                text = _("De code van een rij blijft zoals zij is.")
                raise serializers.ValidationError({self.names[field].replace("rowCode", "code"): [text]})

    def _match(self, row: Any) -> None:
        require_match(self.request, *self.state(row))

    def _answer(self, version: ModelVersion, row: Any) -> Response:
        return Response(self.shown(version, row), headers={"ETag": tag(*self.state(row))})


def bodies(
    body: type[serializers.Serializer], item: type[serializers.BaseSerializer]
) -> dict[str, tuple[type[serializers.BaseSerializer] | None, dict[int, type[serializers.BaseSerializer] | None]]]:
    return {"PUT": (body, {200: item}), "PATCH": (body, {200: item}), "DELETE": (None, {204: None})}


class ModelFactorView(EditableRow):
    """Een factor zoals een modelversie hem beschrijft."""

    part, written, item = "factors", written.FactorWriteSerializer, parts.ModelFactorSerializer
    names = {"code": "factorCode"}
    bodies = bodies(written, item)


class ModelFactorsView(EditableRows, parts.ModelFactorsView):
    """De factoren van een modelversie."""

    part, written, single = "factors", written.FactorWriteSerializer, ModelFactorView
    bodies = {"POST": (written, {201: parts.ModelFactorSerializer})}


class ModelGoalView(EditableRow):
    """Een doel van een modelversie."""

    part, written, item = "goals", written.GoalWriteSerializer, parts.ModelGoalSerializer
    names = {"code": "goalCode"}
    bodies = bodies(written, item)


class ModelGoalsView(EditableRows, parts.ModelGoalsView):
    """De doelen van een modelversie, met het domein waar elk voor staat."""

    part, written, single = "goals", written.GoalWriteSerializer, ModelGoalView
    bodies = {"POST": (written, {201: parts.ModelGoalSerializer})}


class ModelSourceView(EditableRow):
    """Een bron van een modelversie."""

    part, written, item = "sources", written.SourceWriteSerializer, parts.ModelSourceSerializer
    names = {"code": "sourceCode"}
    bodies = bodies(written, item)


class ModelSourcesView(EditableRows, parts.ModelSourcesView):
    """De bronnen van een modelversie."""

    part, written, single = "sources", written.SourceWriteSerializer, ModelSourceView
    bodies = {"POST": (written, {201: parts.ModelSourceSerializer})}


class ModelEvidenceItemView(EditableRow):
    """Een bevinding: één uitkomst van één bron over één verband."""

    part, written, item = "evidence", written.EvidenceWriteSerializer, parts.ModelEvidenceSerializer
    names = {"code": "evidenceCode"}
    bodies = bodies(written, item)


class ModelEvidenceView(EditableRows, parts.ModelEvidenceView):
    """Het bewijs van een modelversie: gepubliceerde bevindingen."""

    part, written, single = "evidence", written.EvidenceWriteSerializer, ModelEvidenceItemView
    bodies = {"POST": (written, {201: parts.ModelEvidenceSerializer})}


class ModelPairSerializer(serializers.Serializer):
    """Een geordend paar met zijn beschrijving, en wat het bewijs ervan maakt."""

    fromCode = serializers.CharField(source="row.from_code")
    toKind = serializers.CharField(source="row.to_kind", help_text="factor of goal.")
    toCode = serializers.CharField(source="row.to_code")
    description = serializers.SerializerMethodField()
    descriptionNl = Text(source="row.description_nl")
    descriptionEn = Text(source="row.description_en")
    derived = parts.ModelRelationSerializer(allow_null=True, help_text="null: nog zonder bewijs.")

    def get_description(self, pair: Any) -> str | None:
        found: str | None = LabelOrNull("description").to_representation(pair["row"])
        return found


class ModelRelationView(EditableRow):
    """Een verband van een modelversie, met wat zijn bewijs ervan maakt."""

    part, written, item = "relations", written.RelationWriteSerializer, ModelPairSerializer
    names = {"from_code": "fromCode", "to_code": "toCode"}
    bodies = bodies(written, item)

    @classmethod
    def shown(cls, version: ModelVersion, row: Any) -> Any:
        derived = register_of(version).pairs.get((row.from_code, row.to_code))
        return cls.item({"row": row, "derived": derived}).data

    @classmethod
    def state(cls, row: Any) -> tuple[object, ...]:
        """The row, and the rows of its evidence: the derived part changes with those."""
        return (*row.state, *(f"{pk}-{count}" for pk, count in row.evidence.order_by("pk").values_list("pk", "row")))


class ModelRelationsView(EditableRows, parts.ModelRelationsView):
    """De verbanden van een modelversie, afgeleid uit hun bewijs."""

    part, written, single = "relations", written.RelationWriteSerializer, ModelRelationView
    bodies = {"POST": (written, {201: ModelPairSerializer})}
