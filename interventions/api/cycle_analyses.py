"""Area analyses over HTTP: drafted by the service, judged by people, frozen as an edition."""

from typing import Any, ClassVar

from django.db.models import OuterRef, QuerySet, Subquery
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from config.api import idempotency
from config.api.access import Needs, Public
from config.api.bodies import Body
from config.api.fields import FreeText
from config.api.formats import JsonRenderer
from config.api.resources import ListResource, SingleResource
from config.days import today
from interventions.access import documents_to_change, municipality_for
from interventions.api.cycle import (
    DiffResource,
    DocumentFilesResource,
    DocumentListQuery,
    DocumentResource,
    EditionInputSerializer,
    EditionsResource,
)
from interventions.api.cycle_shapes import (
    LONG,
    AreaAnalysisSerializer,
    AreaAnalysisSummarySerializer,
    PeopleSerializer,
)
from interventions.api.documents import PageRenderer, PdfRenderer, WorkbookRenderer
from interventions.models import AnalysisVersion, AreaAnalysis
from interventions.models.cycle import CycleVersion
from interventions.services.cycle.documents import Content, Document, change_document, create_document
from interventions.services.cycle.draft import Order, draft
from interventions.services.cycle.names import organisation_names
from interventions.services.cycle.people import check_people

RANKING = "public-five-elements-2023"
RENDERERS = [JsonRenderer, WorkbookRenderer, PageRenderer, PdfRenderer]
NOBODY_YET: Content = {"interpretations": [], "partnersView": [], "choices": []}


class NewAreaAnalysisInputSerializer(Body):
    """Voor welk gebied de dienst een concept schrijft."""

    municipalityCode = serializers.CharField(required=False, max_length=10)
    areaCode = serializers.CharField(max_length=100)
    title = FreeText(max_length=300)
    definitionCode = serializers.CharField(default=RANKING, max_length=100, help_text="De rangschikking.")
    why = FreeText(max_length=2000, default="Eerste concept")


class AreaAnalysisInputSerializer(Body):
    """Wat mensen aan de analyse veranderen, en waarom."""

    title = FreeText(required=False, max_length=300)
    people = PeopleSerializer()
    why = FreeText(max_length=LONG, help_text="Waarom u dit verandert; staat in het wijzigingslog.")
    redraft = serializers.BooleanField(default=False, help_text="Laat de dienst het concept opnieuw schrijven.")


class AnalysisResource(DocumentResource):
    """Editions of analyses are public; drafts stay inside the municipality."""

    versions = AnalysisVersion
    kind = AreaAnalysis
    public = True
    item: ClassVar[type[BaseSerializer]] = AreaAnalysisSerializer
    whole = AreaAnalysisSerializer


class AreaAnalysesView(AnalysisResource, ListResource):
    """Gebiedsanalyses: de nieuwste versie, en voor wie buiten de gemeente staat de nieuwste uitgave."""

    access = {"GET": Public("analyses.read"), "POST": Needs("analyses.write")}
    query = DocumentListQuery
    item = AreaAnalysisSummarySerializer
    bodies = {"POST": (NewAreaAnalysisInputSerializer, {201: AreaAnalysisSerializer})}
    idempotent_store = "default"

    def rows(self) -> QuerySet[AnalysisVersion]:
        newest = self.visible().filter(document=OuterRef("document")).order_by("-number").values("number")[:1]
        rows = self.visible().filter(number=Subquery(newest))
        for key, field in (("municipalityCode", "municipality_code"), ("areaCode", "area_code")):
            if self.params[key]:
                rows = rows.filter(**{f"document__{field}": self.params[key]})
        return rows.prefetch_related("document__versions").order_by("document__area_code", "-document__created_at",
                                                                    "document_id")  # fmt: skip

    def post(self, request: Request) -> Response:
        """Laat de dienst een concept schrijven."""
        return idempotency.once(request, store=self.idempotent_store, produce=self._make)

    def _make(self) -> Response:
        body = NewAreaAnalysisInputSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        city = municipality_for(self.principal, given.get("municipalityCode"))
        written = draft(Order(city, given["areaCode"], given["definitionCode"], today()))
        document = AreaAnalysis(municipality_code=city, area_code=given["areaCode"], title_nl=given["title"])
        content = {"draft": written, "people": NOBODY_YET, "names": {}}
        version = create_document(document=document, content=content, why=given["why"], actor=self.principal.id)
        location = self.request.build_absolute_uri(f"/v1/area-analyses/{document.id}")
        return self.answer(version, status=201, headers={"Location": location})


class AreaAnalysisView(AnalysisResource, SingleResource):
    """Eén gebiedsanalyse: als JSON, of zoals een werker haar maakte als werkboek, bladzijde of PDF (`format`)."""

    access = {"GET": Public("analyses.read"), "PUT": Needs("analyses.write")}
    bodies = {"PUT": (AreaAnalysisInputSerializer, {200: AreaAnalysisSerializer})}
    renderer_classes = RENDERERS

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer(self.newest(self.kwargs["documentId"]))

    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Leg het oordeel van mensen vast als nieuwe versie, met in If-Match de ETag van wat u las."""
        body = AreaAnalysisInputSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        people = PeopleSerializer(given["people"]).data
        partners = {code for view in people["partnersView"] for code in view["partnerCodes"]}

        def content(document: Document, before: CycleVersion) -> Content:
            written = self._written(document, before, given["redraft"])
            check_people(people=people, written=written)
            return {"draft": written, "people": people, "names": {"organisations": organisation_names(partners)}}

        version = change_document(
            kind=AreaAnalysis, document_id=self.kwargs["documentId"], own=documents_to_change(self.principal),
            seen=self.seen, content=content, title=given.get("title"), why=given["why"], actor=self.principal.id,
        )  # fmt: skip
        return self.answer(version)

    def _written(self, document: Document, before: CycleVersion, again: bool) -> Content:
        written: Content = before.content["draft"]
        if not again:
            return written
        definition = written["inputs"]["definitionCode"]
        return draft(Order(document.municipality_code, document.area_code, definition, today()))


class AreaAnalysisVersionView(AnalysisResource, SingleResource):
    """Eén versie van een gebiedsanalyse."""

    access = {"GET": Public("analyses.read")}
    renderer_classes = RENDERERS

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer(self.one(number=self.kwargs["number"]))


class AreaAnalysisEditionView(AnalysisResource, SingleResource):
    """Eén bevroren uitgave: de staat van het gebied in een jaar, om naar te verwijzen."""

    access = {"GET": Public("analyses.read")}
    renderer_classes = RENDERERS

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer(self.one(edition=self.kwargs["edition"]))


class AreaAnalysisDiffView(AnalysisResource, DiffResource):
    """Wat er tussen twee versies van een analyse veranderde, en waarom."""

    access = {"GET": Public("analyses.read")}
    item = DiffResource.item


class AreaAnalysisDocumentsView(AnalysisResource, DocumentFilesResource):
    """Versies van een analyse als werkboek, bladzijde en PDF; die van een uitgave worden vanzelf gemaakt."""

    access = {"GET": Public("analyses.read"), "POST": Needs("plans.read")}
    item = DocumentFilesResource.item


class AreaAnalysisEditionsView(AnalysisResource, EditionsResource):
    """Uitgaven van een analyse."""

    access = {"POST": Needs("analyses.write")}
    bodies = {"POST": (EditionInputSerializer, {201: AreaAnalysisSerializer})}
