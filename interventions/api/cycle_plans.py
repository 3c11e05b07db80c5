"""Plans of action, improvement actions and reminders over HTTP; all inside the municipality."""

from typing import Any, ClassVar

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from config.api import idempotency, preconditions
from config.api.access import Needs
from config.api.fields import Day
from config.api.formats import JsonRenderer
from config.api.query import ListQuery, Query
from config.api.resources import ListResource, SingleResource
from config.days import today
from config.errors import Fault, NotFound, Refusal
from interventions.access import documents_inside, documents_to_change, municipality_for
from interventions.api import cycle_plan_shapes as shapes
from interventions.api.cycle import (
    DiffResource,
    DocumentFilesResource,
    DocumentListQuery,
    DocumentResource,
    EditionInputSerializer,
    EditionsResource,
)
from interventions.api.documents import PageRenderer, PdfRenderer
from interventions.models import ImprovementAction, PlanOfAction, PlanVersion
from interventions.models.cycle import ActionStatus
from interventions.services.cycle.documents import Content, change_document, create_document
from interventions.services.cycle.names import actions_of, names_in_plan
from interventions.services.cycle.plans import change_action, check_plan, create_action, overdue
from interventions.services.cycle.reminders import Reminders, reminders
from monitoring import public as monitoring

RENDERERS = [JsonRenderer, PageRenderer, PdfRenderer]


def plain_plan(given: Any) -> Content:
    """The plan as JSON values."""
    shown = shapes.PlanContentSerializer(given).data
    return {part: [dict(item) for item in items] for part, items in shown.items()}


def kept_plan(plan: Content, document: Any) -> Content:
    """What is kept of a plan: what people wrote, the names of its codes, and its actions as they stand."""
    where = {"municipality_code": document.municipality_code, "area_code": document.area_code}
    return {**plan, "names": names_in_plan(plan, **where), "actions": actions_of(document.id)}


def area_inside(code: str, city: str) -> str:
    """The code of an area of the city. Raises Refusal."""
    area = monitoring.area(code=code)
    if area is None or area.municipality_code != city:
        detail = _("Dit gebied kennen wij niet in deze gemeente.")
        raise Refusal("", [Fault("#/areaCode", "unknown-area", detail, value=code)])
    return code


class PlanResource(DocumentResource):
    """Plans stay inside the municipality."""

    versions = PlanVersion
    kind = PlanOfAction
    item: ClassVar[type[BaseSerializer]] = shapes.PlanOfActionSerializer
    whole = shapes.PlanOfActionSerializer


class PlansOfActionView(PlanResource, ListResource):
    """Plannen van aanpak: de nieuwste versie van elk."""

    access = {"GET": Needs("plans.read"), "POST": Needs("plans.write")}
    query = DocumentListQuery
    item = shapes.PlanOfActionSummarySerializer
    bodies = {"POST": (shapes.NewPlanOfActionInputSerializer, {201: shapes.PlanOfActionSerializer})}
    idempotent_store = "default"

    def rows(self) -> QuerySet[PlanVersion]:
        newest = self.visible().filter(document=OuterRef("document")).order_by("-number").values("number")[:1]
        rows = self.visible().filter(number=Subquery(newest))
        for key, field in (("municipalityCode", "municipality_code"), ("areaCode", "area_code")):
            if self.params[key]:
                rows = rows.filter(**{f"document__{field}": self.params[key]})
        return rows.prefetch_related("document__versions").order_by("document__area_code", "document_id")

    def post(self, request: Request) -> Response:
        """Maak een plan."""
        return idempotency.once(request, store=self.idempotent_store, produce=self._make)

    def _make(self) -> Response:
        body = shapes.NewPlanOfActionInputSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        given, content = body.validated_data, plain_plan(body.validated_data["plan"])
        city = municipality_for(self.principal, given.get("municipalityCode"))
        check_plan(content=content, municipality_code=city)
        document = PlanOfAction(municipality_code=city, area_code=area_inside(given["areaCode"], city),
                                title_nl=given["title"])  # fmt: skip
        kept = kept_plan(content, document)
        version = create_document(document=document, content=kept, why=given["why"], actor=self.principal.id)
        location = self.request.build_absolute_uri(f"/v1/plans-of-action/{document.id}")
        return self.answer(version, status=201, headers={"Location": location})


class PlanOfActionView(PlanResource, SingleResource):
    """Eén plan van aanpak: als JSON, of zoals een werker het maakte als bladzijde of PDF (`format`)."""

    access = {"GET": Needs("plans.read"), "PUT": Needs("plans.write")}
    bodies = {"PUT": (shapes.PlanOfActionInputSerializer, {200: shapes.PlanOfActionSerializer})}
    renderer_classes = RENDERERS

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer(self.newest(self.kwargs["documentId"]))

    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Leg een nieuwe versie van het plan vast, met in If-Match de ETag van wat u las."""
        body = shapes.PlanOfActionInputSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given, content = body.validated_data, plain_plan(body.validated_data["plan"])

        def checked(document: Any, before: Any) -> Content:
            check_plan(content=content, municipality_code=document.municipality_code)
            return kept_plan(content, document)

        version = change_document(
            kind=PlanOfAction, document_id=self.kwargs["documentId"], own=documents_to_change(self.principal),
            seen=self.seen, content=checked, title=given.get("title"), why=given["why"], actor=self.principal.id,
        )  # fmt: skip
        return self.answer(version)


class PlanOfActionVersionView(PlanResource, SingleResource):
    """Eén versie van een plan."""

    access = {"GET": Needs("plans.read")}
    renderer_classes = RENDERERS

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer(self.one(number=self.kwargs["number"]))


class PlanOfActionEditionView(PlanResource, SingleResource):
    """Eén bevroren uitgave van een plan."""

    access = {"GET": Needs("plans.read")}
    renderer_classes = RENDERERS

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer(self.one(edition=self.kwargs["edition"]))


class PlanOfActionDocumentsView(PlanResource, DocumentFilesResource):
    """Versies van een plan als bladzijde en PDF; die van een uitgave worden vanzelf gemaakt."""

    item = DocumentFilesResource.item


class PlanOfActionDiffView(PlanResource, DiffResource):
    """Wat er tussen twee versies van een plan veranderde, en waarom."""

    access = {"GET": Needs("plans.read")}
    item = DiffResource.item


class PlanOfActionEditionsView(PlanResource, EditionsResource):
    """Uitgaven van een plan."""

    access = {"POST": Needs("plans.write")}
    bodies = {"POST": (EditionInputSerializer, {201: shapes.PlanOfActionSerializer})}

    def kept(self, document: Any, newest: Any) -> Content:
        """The plan with its actions as they stand now, not as they stood when somebody last wrote in it."""
        return {**newest.content, "actions": actions_of(document.id)}


class ActionQuery(ListQuery):
    areaCode = serializers.CharField(default=None, help_text="Alleen dit gebied.")
    planId = serializers.UUIDField(default=None, help_text="Alleen bij dit plan.")
    owner = serializers.CharField(default=None, help_text="Alleen van deze eigenaar.")
    status = serializers.ChoiceField(choices=ActionStatus.values, default=None, help_text="Alleen met deze status.")
    overdue = serializers.BooleanField(default=False, help_text="Alleen wat al klaar had moeten zijn.")


def tag(action: ImprovementAction) -> dict[str, str]:
    return {"ETag": preconditions.tag("action", action.id, action.version)}


class ImprovementActionsView(ListResource):
    """Verbeteracties: wie doet wat, wanneer, en wat leverde het op."""

    access = {"GET": Needs("plans.read"), "POST": Needs("plans.write")}
    query = ActionQuery
    item = shapes.ImprovementActionSerializer
    bodies = {"POST": (shapes.NewImprovementActionInputSerializer, {201: shapes.ImprovementActionSerializer})}
    idempotent_store = "default"

    def rows(self) -> QuerySet[ImprovementAction]:
        names = {"areaCode": "area_code", "planId": "plan_id", "owner": "owner", "status": "status"}
        asked = {field: self.params[key] for key, field in names.items() if self.params[key]}
        rows = ImprovementAction.objects.filter(documents_inside(self.principal), **asked)
        if self.params["overdue"]:
            rows = rows.filter(overdue(today()))
        return rows.order_by("due_on", "id")

    def post(self, request: Request) -> Response:
        """Spreek een verbeteractie af."""
        return idempotency.once(request, store=self.idempotent_store, produce=self._make)

    def _make(self) -> Response:
        body = shapes.NewImprovementActionInputSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        city = municipality_for(self.principal, given.pop("municipalityCode", None))
        plan_id, offering = given.pop("planId"), given.pop("offeringCode")
        if plan_id and not PlanOfAction.objects.filter(id=plan_id, municipality_code=city).exists():
            detail = _("Dit plan kennen wij niet in deze gemeente.")
            raise Refusal("", [Fault("#/planId", "unknown-plan", detail, value=str(plan_id))])
        where = {"area_code": area_inside(given.pop("areaCode"), city), "municipality_code": city}
        action = create_action(
            action=ImprovementAction(**given, **where, plan_id=plan_id, offering_code=offering), actor=self.principal.id
        )
        location = self.request.build_absolute_uri(f"/v1/improvement-actions/{action.id}")
        return Response(self.shape(action), status=201, headers={"Location": location, **tag(action)})


class ImprovementActionView(SingleResource):
    """Eén verbeteractie."""

    access = {"GET": Needs("plans.read"), "PUT": Needs("plans.write")}
    item = shapes.ImprovementActionSerializer
    bodies = {"PUT": (shapes.ImprovementActionInputSerializer, {200: shapes.ImprovementActionSerializer})}

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = ImprovementAction.objects.filter(documents_inside(self.principal), id=self.kwargs["actionId"])
        action = rows.first()
        if action is None:
            raise NotFound()
        return Response(self.shape(action), headers=tag(action))

    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Werk een actie bij, met in If-Match de ETag van wat u las."""
        body = shapes.ImprovementActionInputSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        action = change_action(
            action_id=self.kwargs["actionId"], own=documents_to_change(self.principal), given=body.validated_data,
            actor=self.principal.id,
            seen=lambda stored: preconditions.require_match(request, "action", stored.id, stored.version),
        )  # fmt: skip
        return Response(self.shape(action), headers=tag(action))


class ReminderQuery(Query):
    municipalityCode = serializers.CharField(default=None, help_text="Weg te laten als u voor één gemeente werkt.")
    areaCode = serializers.CharField(default=None, help_text="Alleen dit gebied.")
    validOn = Day(default=None, help_text="Op deze dag; leeg: vandaag.")


class RemindersView(SingleResource):
    """Wat in de jaarlijkse cyclus op aandacht wacht: bespreken, nieuwe cijfers, te late acties, niets gemeten."""

    access = {"GET": Needs("plans.write")}
    query = ReminderQuery
    item = shapes.ReminderListSerializer

    def thing(self) -> Reminders:
        city = municipality_for(self.principal, self.params["municipalityCode"])
        day = self.params["validOn"] or today()
        return reminders(municipality_code=city, area_code=self.params["areaCode"], day=day)
