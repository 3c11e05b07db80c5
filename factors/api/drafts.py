"""Making models and drafts, publishing and withdrawing. Only by the owner's editors; others do not find the draft."""

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from config.api import idempotency
from config.api.access import Access, Needs, Principal
from config.api.preconditions import require_match
from config.api.resources import Resource
from config.errors import NotFound
from factors.access import editable_models, owned
from factors.api.draft_serializers import (
    NewDraftSerializer,
    NewFactorModelSerializer,
    PublicationSerializer,
    WithdrawalSerializer,
)
from factors.api.models import (
    FactorModelSerializer,
    FactorModelsView,
    ModelVersionDetailSerializer,
    ModelVersionsView,
    ModelVersionView,
    find_version,
)
from factors.models import FactorModel, ModelVersion
from factors.services import drafts
from factors.services.versions import publish_version, withdraw_version

WRITE = Needs("models.write")


def find_own(principal: Principal, model_code: str, version: str) -> ModelVersion:
    """A version of a model that the principal may edit. Raises NotFound, also for what belongs to others."""
    found = find_version(principal, model_code, version)
    if not owned(principal, found.model.municipality_code):
        raise NotFound
    return found


def body_of(serializer: type[Serializer], request: Request, **kwargs: Any) -> dict[str, Any]:
    """The validated body as field values. Raises ValidationError."""
    bound = serializer(data=request.data, **kwargs)
    bound.is_valid(raise_exception=True)
    return dict(bound.validated_data)


class EditableFactorModelsView(FactorModelsView):
    """De factorenmodellen; een redacteur voegt er een toe voor de eigen gemeente."""

    access: ClassVar[dict[str, Access]] = {**FactorModelsView.access, "POST": WRITE}
    bodies = {"POST": (NewFactorModelSerializer, {201: FactorModelSerializer})}
    idempotent_store = "default"

    def post(self, request: Request) -> Response:
        return idempotency.once(request, store="default", produce=self._create)

    def _create(self) -> Response:
        values = body_of(NewFactorModelSerializer, self.request)
        if not owned(self.principal, values["municipality_code"]):
            raise NotFound
        model = drafts.create_model(values=values, actor=self.principal.id)
        return Response(self.shape(model), status=201, headers={"Location": f"/v1/factor-models/{model.pk}"})


class EditableModelVersionsView(ModelVersionsView):
    """De versies van een factorenmodel, nieuwste eerst; een redacteur begint er een concept."""

    access: ClassVar[dict[str, Access]] = {**ModelVersionsView.access, "POST": WRITE}
    bodies = {"POST": (NewDraftSerializer, {201: ModelVersionDetailSerializer})}
    idempotent_store = "default"

    def post(self, request: Request, code: str) -> Response:
        return idempotency.once(request, store="default", produce=self._begin)

    def _begin(self) -> Response:
        model = FactorModel.objects.filter(editable_models(self.principal), pk=self.kwargs["code"]).first()
        if model is None:
            raise NotFound
        origin = body_of(NewDraftSerializer, self.request)["origin"]
        found = find_version(self.principal, origin["model_code"], origin["version"]) if origin else None
        draft = drafts.begin_draft(model=model, origin=found, actor=self.principal.id)
        return version_answer(draft)


class EditableModelVersionView(ModelVersionView):
    """Een versie van een factorenmodel; `latest` is de nieuwste gepubliceerde. Alleen een concept is te verwijderen."""

    access: ClassVar[dict[str, Access]] = {**ModelVersionView.access, "DELETE": WRITE}
    bodies = {"DELETE": (None, {204: None})}

    def delete(self, request: Request, code: str, version: str) -> Response:
        draft = find_own(self.principal, code, version)
        drafts.remove_draft(draft=draft, check=lambda held: match_version(request, held), actor=self.principal.id)
        return Response(status=204)


class PublicationView(Resource):
    """De publicatie van een concept: daarna verandert er niets meer aan."""

    access: ClassVar[dict[str, Access]] = {"POST": WRITE}
    bodies = {"POST": (PublicationSerializer, {201: ModelVersionDetailSerializer})}
    idempotent_store = "default"

    def post(self, request: Request, code: str, version: str) -> Response:
        return idempotency.once(request, store="default", produce=self._publish)

    def _publish(self) -> Response:
        draft = find_own(self.principal, self.kwargs["code"], self.kwargs["version"])
        values = body_of(PublicationSerializer, self.request)
        published = publish_version(
            version=draft, number=values["version"], changelog=values["changelog"], at=timezone.now(),
            actor=self.principal.id,
        )  # fmt: skip
        return version_answer(published)


class WithdrawalView(Resource):
    """De intrekking van een gepubliceerde versie: zij blijft leesbaar, met de reden erbij."""

    access: ClassVar[dict[str, Access]] = {"POST": WRITE}
    bodies = {"POST": (WithdrawalSerializer, {201: ModelVersionDetailSerializer})}
    idempotent_store = "default"

    def post(self, request: Request, code: str, version: str) -> Response:
        return idempotency.once(request, store="default", produce=self._withdraw)

    def _withdraw(self) -> Response:
        version = find_own(self.principal, self.kwargs["code"], self.kwargs["version"])
        reason = body_of(WithdrawalSerializer, self.request)["reason"]
        withdrawn = withdraw_version(version=version, reason=reason, at=timezone.now(), actor=self.principal.id)
        return version_answer(withdrawn)


def match_version(request: Request, version: ModelVersion) -> None:
    """Raises PreconditionRequired, PreconditionFailed."""
    require_match(request, *version.state)


def version_answer(version: ModelVersion) -> Response:
    place = f"/v1/factor-models/{version.model_id}/versions/{version.version}"
    return Response(ModelVersionDetailSerializer(version).data, status=201, headers={"Location": place})
