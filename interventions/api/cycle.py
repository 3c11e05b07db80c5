"""What analyses and plans share over HTTP: reading the right version, changing under If-Match, comparing, freezing."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api import idempotency, preconditions
from config.api.access import Needs
from config.api.query import ListQuery, Query
from config.api.resources import Resource, SingleResource
from config.errors import Fault, NotFound, Refusal
from interventions.access import documents_inside, documents_to_change
from interventions.api.cycle_shapes import DocumentDiffSerializer
from interventions.comparing import compare
from interventions.models.cycle import CycleVersion
from interventions.services.cycle_documents import Document, freeze


class DocumentListQuery(ListQuery):
    municipalityCode = serializers.CharField(default=None, help_text="Alleen deze gemeente.")
    areaCode = serializers.CharField(default=None, help_text="Alleen dit gebied.")


class DiffQuery(Query):
    fromVersion = serializers.IntegerField(min_value=1, help_text="De oudere versie.")
    untilVersion = serializers.IntegerField(min_value=1, help_text="De nieuwere versie.")


class EditionInputSerializer(serializers.Serializer):
    """Naam van de uitgave, bijvoorbeeld het jaar, en waarom zij er komt."""

    edition = serializers.RegexField(r"^[a-z0-9][a-z0-9-]{0,39}$", help_text="Bijvoorbeeld 2026.")
    why = serializers.CharField(max_length=2000)


def tag(version: CycleVersion, name: str = "json") -> str:
    """Each form of a document has bytes, so a tag, of its own."""
    return preconditions.tag("document", version.document_id, version.number, name)  # type: ignore[attr-defined]


class DocumentResource(Resource):
    """Shared by all resources of one kind of document. public: outsiders see editions, else nothing."""

    versions: ClassVar[type[CycleVersion]]
    kind: ClassVar[type[Document]]
    public: ClassVar[bool] = False
    whole: ClassVar[type[serializers.Serializer]]  # of one version, with its content

    def visible(self) -> QuerySet[Any]:
        """Versions the caller may see: all of its own municipality, editions of others."""
        inside = documents_inside(self.principal)
        own = Q(**{f"document__{key}": value for key, value in inside.children})  # type: ignore[misc]
        rows = self.versions._default_manager.filter(own | ~Q(edition="") if self.public else own)
        return rows.select_related("document")  # type: ignore[misc]

    def newest(self, document_id: UUID) -> Any:
        """The newest version that the caller may see. Raises NotFound."""
        version = self.visible().filter(document_id=document_id).order_by("-number").first()
        if version is None:
            raise NotFound()
        return version

    def seen(self, document: Document) -> None:
        """Raises PreconditionRequired, PreconditionFailed."""
        preconditions.require_match(self.request, "document", document.id, document.version, "json")

    def answer(self, version: Any, **more: Any) -> Response:
        name = self.request.accepted_renderer.format
        headers = {"ETag": tag(version, name), **more.pop("headers", {})}
        return Response(self.whole(version, context={"request": self.request}).data, headers=headers, **more)


class DiffResource(DocumentResource, SingleResource):
    """Two versions of one document side by side."""

    access = {"GET": Needs("plans.read")}
    query = DiffQuery
    item = DocumentDiffSerializer

    def thing(self) -> dict[str, Any]:
        first, last = self.params["fromVersion"], self.params["untilVersion"]
        if last < first:
            detail = _("De nieuwere versie komt na de oudere.")
            raise Refusal("", [Fault("untilVersion", "before-first", detail, place="query", value=last)])
        rows = {one.number: one for one in self.visible().filter(document_id=self.kwargs["documentId"],
                                                                 number__range=(first, last))}  # fmt: skip
        if not {first, last} <= set(rows):
            raise NotFound()
        said = {number: {"title": rows[number].title_nl, **rows[number].content} for number in (first, last)}
        reasons = [rows[number] for number in sorted(rows) if number > first]
        return {"fromVersion": first, "untilVersion": last, "reasons": reasons,
                "differences": compare(said[first], said[last])}  # fmt: skip


class EditionsResource(DocumentResource):
    """Freezing an edition."""

    access = {"POST": Needs("plans.write")}
    bodies: ClassVar[Any] = {"POST": (EditionInputSerializer, {})}
    idempotent_store = "default"

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Bevries de nieuwste versie als uitgave; met in If-Match de ETag van wat u las."""
        return idempotency.once(request, store=self.idempotent_store, produce=self._freeze)

    def _freeze(self) -> Response:
        request = self.request
        body = EditionInputSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        version = freeze(
            kind=self.kind, document_id=self.kwargs["documentId"], own=documents_to_change(self.principal),
            seen=self.seen, edition=body.validated_data["edition"], why=body.validated_data["why"],
            actor=self.principal.id,
        )  # fmt: skip
        location = f"{request.build_absolute_uri()}/{version.edition}"
        return self.answer(version, status=201, headers={"Location": location})
