"""What analyses and plans share over HTTP: reading the right version, changing under If-Match, comparing, freezing."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from config.api import idempotency, preconditions
from config.api.access import Needs
from config.api.bodies import Body
from config.api.fields import FreeText
from config.api.formats import JsonRenderer
from config.api.jobs import JobSerializer, accepted
from config.api.query import ListQuery, Query
from config.api.resources import ListResource, Resource, SingleResource
from config.errors import Fault, NotFound, Refusal
from interventions.access import documents_inside, documents_to_change
from interventions.api.cycle_shapes import DocumentDiffSerializer, DocumentFileInputSerializer, DocumentFileSerializer
from interventions.comparing import compare
from interventions.documents import FORMS
from interventions.models import DocumentFile
from interventions.models.cycle import CycleVersion
from interventions.services.cycle.document_files import ask_for, files_of, stored
from interventions.services.cycle.documents import Content, Document, freeze
from interventions.services.cycle.telling import RESOURCES, change


class DocumentListQuery(ListQuery):
    municipalityCode = serializers.CharField(default=None, help_text="Alleen deze gemeente.")
    areaCode = serializers.CharField(default=None, help_text="Alleen dit gebied.")


class DiffQuery(Query):
    fromVersion = serializers.IntegerField(min_value=1, help_text="De oudere versie.")
    untilVersion = serializers.IntegerField(min_value=1, help_text="De nieuwere versie.")


class EditionInputSerializer(Body):
    """Naam van de uitgave, bijvoorbeeld het jaar, en waarom zij er komt."""

    edition = serializers.RegexField(r"^[a-z0-9][a-z0-9-]{0,39}$", help_text="Bijvoorbeeld 2026.")
    why = FreeText(max_length=2000)


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

    def one(self, **which: Any) -> Any:
        """The version of this document that the caller may see, by its number or edition. Raises NotFound."""
        version = self.visible().filter(document_id=self.kwargs["documentId"], **which).first()
        if version is None:
            raise NotFound()
        return version

    def answer(self, version: Any, **more: Any) -> Response:
        """The version as JSON; to a read that asks for another form the file. Raises DocumentNotReady."""
        self.tells_of(version.document.municipality_code, everybody=self.public and bool(version.edition))
        form = self.request.accepted_renderer.format
        if form != "json" and self.request.method in SAFE_METHODS:
            return Response(stored(version=version, form=form), headers={"ETag": tag(version, form)})
        self.request.accepted_renderer, self.request.accepted_media_type = JsonRenderer(), JsonRenderer.media_type
        headers = {"ETag": tag(version), **more.pop("headers", {})}
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
        said = {number: {"title": row.title_nl, **_without_names(row.content)} for number, row in rows.items()}
        reasons = [change(rows[number]) for number in sorted(rows) if number > first]
        return {"fromVersion": first, "untilVersion": last, "reasons": reasons,
                "differences": compare(said[first], said[last])}  # fmt: skip


def _without_names(content: Content) -> Content:
    """Names follow from codes, which are compared already."""
    return {part: inside for part, inside in content.items() if part != "names"}


class DocumentFilesResource(DocumentResource, ListResource):
    """A document as files: which there are, and asking for one."""

    access = {"GET": Needs("plans.read"), "POST": Needs("plans.read")}
    item = DocumentFileSerializer
    bodies: ClassVar[Any] = {"POST": (DocumentFileInputSerializer, {200: DocumentFileSerializer, 202: JobSerializer})}
    idempotent_store = "default"

    def rows(self) -> QuerySet[DocumentFile]:
        document = self.kwargs["documentId"]
        self.newest(document)
        seen = self.visible().filter(document_id=document).values("number")
        files = DocumentFile.objects.defer("content").filter(document_id=document, number__in=seen)
        return files.order_by("-number", "form")

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Vraag een versie als document; een werker maakt het. Is het er al, dan staat in `url` waar."""
        return idempotency.once(request, store=self.idempotent_store, produce=self._ask)

    def _ask(self) -> Response:
        body = DocumentFileInputSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        number, form = body.validated_data.get("version"), body.validated_data["format"]
        version = self.one(number=number) if number else self.newest(self.kwargs["documentId"])
        known = FORMS[RESOURCES[self.versions]]
        if form not in known:
            detail = _("Dit document bestaat niet in deze vorm.")
            raise Refusal("", [Fault("#/format", "no-such-form", detail, value=form, expected=list(known))])
        if file := files_of(version).defer("content").filter(form=form).first():
            return Response(self.shape(file))
        return accepted(ask_for(version=version, form=form, requested_by=self.principal.id), self.request)


class EditionsResource(DocumentResource):
    """Freezing an edition."""

    access = {"POST": Needs("plans.write")}
    bodies: ClassVar[Any] = {"POST": (EditionInputSerializer, {})}
    idempotent_store = "default"
    matched = frozenset({"POST"})

    def kept(self, document: Document, newest: CycleVersion) -> Content:
        """What of the newest version goes into the edition."""
        content: Content = newest.content
        return content

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Bevries de nieuwste versie als uitgave (If-Match: de ETag van wat u las); werkers maken haar documenten."""
        return idempotency.once(request, store=self.idempotent_store, produce=self._freeze)

    def _freeze(self) -> Response:
        request = self.request
        body = EditionInputSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        version = freeze(
            kind=self.kind, document_id=self.kwargs["documentId"], own=documents_to_change(self.principal),
            seen=self.seen, edition=body.validated_data["edition"], why=body.validated_data["why"],
            actor=self.principal.id, content=self.kept,
        )  # fmt: skip
        location = f"{request.build_absolute_uri()}/{version.edition}"
        return self.answer(version, status=201, headers={"Location": location})
