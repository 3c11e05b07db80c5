"""Measurement plans over HTTP: read by who delivers and receives, written by the municipality, proposed by us."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api import idempotency
from config.api.access import Needs
from config.api.bodies import Body
from config.api.fields import Day
from config.api.preconditions import require_match, tag
from config.api.query import ListQuery, Query
from config.api.resources import ListResource, Rows, SingleResource
from config.days import today
from monitoring import access
from monitoring.api.fields import Text
from monitoring.api.reports import found
from monitoring.measures import ASKING, LARGEST, MEASURES, Fit
from monitoring.models import MeasurementPlan
from monitoring.plan_limits import (
    CLOSENESS,
    PERIODS_A_YEAR,
    Warned,
    answers_per_participant,
    answers_that_fit,
    reports_a_year,
    reports_that_fit,
)
from monitoring.services.planning import plan_writing
from monitoring.services.planning.plans import (
    PROPOSED_KIND,
    Proposal,
    asked_of,
    proposal_of,
    proposed_type,
    warnings_of,
)

WRITE = Needs("measurement-plans.write")


class PlanQuery(ListQuery):
    offeringCode = serializers.CharField(required=False, max_length=100, help_text="Alleen dit aanbod.")
    measure = serializers.ChoiceField(choices=list(MEASURES), required=False, help_text="Alleen deze maat.")


class PlanWarningSerializer(serializers.Serializer):
    """Het plan vraagt meer dan bij de activiteit past. Geen weigering: de grenzen zijn van ons."""

    code = serializers.CharField()
    measure = serializers.CharField(allow_null=True, help_text="Leeg: alle maten samen.")
    detail = serializers.SerializerMethodField()
    asked = serializers.JSONField()
    fits = serializers.JSONField(allow_null=True, help_text="Wat er wel past.")

    def get_detail(self, warned: Warned) -> str:
        texts = {
            "more-reports-than-fit": _("Dit vraagt %(asked)s leveringen per jaar; bij deze dienst passen er %(fits)s."),
            "more-answers-than-fit": _("Een deelnemer krijgt zo %(asked)s keer per jaar vragen; %(fits)s keer past."),
            "does-not-fit-service": _("De maat %(asked)s hoort niet bij dit soort dienst."),
            "closer-than-sources": _("Dit meet %(asked)s; volgens de bronnen is %(fits)s genoeg."),
            "more-people-than-reached": _("Dit meet bij %(asked)s mensen per periode; het aanbod bereikt er %(fits)s."),
        }  # fmt: skip
        return texts[warned.code] % {"asked": warned.asked, "fits": warned.fits}


class MeasurementPlanSerializer(serializers.Serializer):
    """Wat voor één aanbod gemeten wordt, hoe, hoe vaak en bij wie."""

    id = serializers.IntegerField()
    offeringCode = serializers.CharField(source="offering_code")
    organisationCode = serializers.CharField(source="organisation_code")
    municipalityCode = serializers.CharField(source="municipality_code")
    measure = serializers.CharField()
    components = serializers.SerializerMethodField(help_text="De onderdelen die bij deze maat geteld worden.")
    monitorType = serializers.CharField(source="monitor_type", help_text="sample, periodic of continuous.")
    periodKind = serializers.CharField(source="period_kind")
    among = Text(source="among_nl", help_text="Bij wie gemeten wordt.")
    expectedCount = serializers.IntegerField(
        source="expected_count", allow_null=True, help_text="Hoeveel mensen per periode; leeg als dat niet bekend is."
    )
    validFrom = serializers.DateField(source="valid_from")
    validUntil = serializers.DateField(source="valid_until", allow_null=True, help_text="Tot, niet tot en met.")
    version = serializers.IntegerField()
    warnings = serializers.SerializerMethodField()
    demo = serializers.BooleanField()

    def get_components(self, plan: MeasurementPlan) -> list[str]:
        return list(MEASURES[plan.measure].names)

    def get_warnings(self, plan: MeasurementPlan) -> list[dict[str, Any]]:
        warned = self.context["warnings"].get(plan.pk, ())
        return PlanWarningSerializer(warned, many=True).data  # type: ignore[return-value]


class MeasurementPlanChangeSerializer(Body):
    """Hoe, hoe vaak en bij wie gemeten wordt, en van wanneer tot wanneer."""

    monitorType = serializers.ChoiceField(choices=CLOSENESS, source="monitor_type")
    periodKind = serializers.ChoiceField(choices=list(PERIODS_A_YEAR), source="period_kind")
    among = serializers.CharField(
        source="among_nl", max_length=500, required=False, allow_null=True, default=None, help_text="Bij wie."
    )
    expectedCount = serializers.IntegerField(
        source="expected_count", min_value=0, max_value=LARGEST, required=False, allow_null=True, default=None
    )
    validFrom = Day(source="valid_from")
    validUntil = Day(source="valid_until", required=False, allow_null=True, default=None)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        return given | {"among_nl": given["among_nl"] or ""} if "among_nl" in given else given


class MeasurementPlanInputSerializer(MeasurementPlanChangeSerializer):
    """Wat er van een aanbod gevraagd wordt. Geldt er dan al een plan voor deze maat, dan eindigt dat op `validFrom`."""

    offeringCode = serializers.CharField(source="offering_code", max_length=100)
    measure = serializers.ChoiceField(choices=list(MEASURES))


class Plans:
    """Shown with their warnings; stands before a Resource."""

    def shape(self, thing: Any, *, many: bool = False) -> Any:
        plans = thing if many else [thing]
        return MeasurementPlanSerializer(thing, many=many, context={"warnings": warnings_of(plans)}).data


class MeasurementPlansView(Plans, ListResource):
    """Meetplannen: wat wordt per aanbod gemeten, hoe en hoe vaak."""

    access = {"GET": Needs("outcomes.read"), "POST": WRITE}
    query = PlanQuery
    item = MeasurementPlanSerializer
    bodies = {"POST": (MeasurementPlanInputSerializer, {201: MeasurementPlanSerializer})}
    idempotent_store = "monitoring"

    def rows(self) -> Rows:
        names = {"offeringCode": "offering_code", "measure": "measure"}
        chosen: dict[str, Any] = {names[k]: v for k, v in self.params.items() if k in names}
        plans = MeasurementPlan.objects.filter(access.reports(self.principal), **chosen)
        return plans.order_by("offering_code", "measure", "valid_from", "id")

    def post(self, request: Request) -> Response:
        """Vraag een maat van een aanbod, of vraag haar vanaf een datum anders."""
        return idempotency.once(request, store=self.idempotent_store, produce=self._make)

    def _make(self) -> Response:
        body = MeasurementPlanInputSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        plan = plan_writing.make_plan(
            values=body.validated_data, municipalities=access.planning(self.principal), actor=self.principal.id
        )
        location = self.request.build_absolute_uri(f"/v1/measurement-plans/{plan.pk}")
        return Response(
            self.shape(plan), status=201, headers={"Location": location, "ETag": tag(plan.pk, plan.version)}
        )


class MeasurementPlanView(Plans, SingleResource):
    """Eén meetplan."""

    access = {"GET": Needs("outcomes.read"), "PUT": WRITE, "PATCH": WRITE, "DELETE": WRITE}
    query = Query
    item = MeasurementPlanSerializer
    bodies = {
        "PUT": (MeasurementPlanChangeSerializer, {200: MeasurementPlanSerializer}),
        "PATCH": (MeasurementPlanChangeSerializer, {200: MeasurementPlanSerializer}),
        "DELETE": (None, {204: None}),
    }

    def thing(self) -> MeasurementPlan:
        return found(MeasurementPlan.objects.filter(access.reports(self.principal), pk=self.kwargs["planId"]))

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._answer(self.thing())

    def put(self, request: Request, planId: int) -> Response:
        """Zet het plan recht; wat u weglaat wordt leeg. Gelijke inhoud verandert niets."""
        return self._change(partial=False)

    def patch(self, request: Request, planId: int) -> Response:
        """Verander een deel van het plan, bijvoorbeeld `validUntil` om het te beëindigen."""
        return self._change(partial=True)

    def delete(self, request: Request, planId: int) -> Response:
        """Neem een plan weg dat er niet had moeten zijn. Wat geleverd is blijft."""
        plan_writing.remove_plan(plan_id=planId, seen=self._seen, **self._writer())
        return Response(status=204)

    def _change(self, *, partial: bool) -> Response:
        body = MeasurementPlanChangeSerializer(data=self.request.data, partial=partial)
        body.is_valid(raise_exception=True)
        plan = plan_writing.change_plan(
            plan_id=self.kwargs["planId"], changes=body.validated_data, seen=self._seen, **self._writer()
        )
        return self._answer(plan)

    def _writer(self) -> dict[str, Any]:
        return {"municipalities": access.planning(self.principal), "actor": self.principal.id}

    def _seen(self, plan: MeasurementPlan) -> None:
        require_match(self.request, plan.pk, plan.version)

    def _answer(self, plan: MeasurementPlan) -> Response:
        return Response(self.shape(plan), headers={"ETag": tag(plan.pk, plan.version)})


class ProposalQuery(Query):
    offeringCode = serializers.CharField(max_length=100, help_text="Voor welk aanbod.")
    validOn = Day(required=False, help_text="Het plan zoals het dan geldt; standaard vandaag.")


class ProposedMeasureSerializer(serializers.Serializer):
    """Een maat die bij het soort dienst hoort."""

    measure = serializers.CharField()
    indicatorCodes = serializers.ListField(
        child=serializers.CharField(),
        source="indicator_codes",
        help_text="Outcome-indicatoren die hiermee gevuld worden.",
    )
    monitorTypes = serializers.ListField(
        child=serializers.CharField(), source="monitor_types", help_text="Hoe de bronnen dit laten meten."
    )
    monitorType = serializers.SerializerMethodField(help_text="Wat wij voorstellen.")
    periodKind = serializers.SerializerMethodField(help_text="Hoe vaak wij voorstellen te leveren; onze keuze.")
    among = Text(source="among_nl")
    asksParticipants = serializers.SerializerMethodField(help_text="Waar: deelnemers krijgen hiervoor vragen.")

    def get_monitorType(self, fit: Fit) -> str:
        return proposed_type(fit)

    def get_periodKind(self, fit: Fit) -> str:
        return PROPOSED_KIND

    def get_asksParticipants(self, fit: Fit) -> bool:
        return fit.measure in ASKING


class PlanBurdenSerializer(serializers.Serializer):
    """Wat er per jaar gevraagd wordt en wat er past; de grenzen zijn van ons (monitoring/plan_limits.py)."""

    reportsPerYear = serializers.IntegerField()
    reportsThatFit = serializers.IntegerField()
    answersPerParticipant = serializers.FloatField(
        allow_null=True, help_text="Leeg zolang de aantallen niet bekend zijn."
    )
    answersThatFit = serializers.IntegerField()


class PlanProposalSerializer(serializers.Serializer):
    """Voorstel voor een meetplan op grond van het soort dienst, en of het plan van nu past."""

    offeringCode = serializers.CharField(source="fact.offering_code")
    serviceType = serializers.CharField(source="fact.service_type")
    intendedReach = serializers.IntegerField(source="fact.intended_reach", allow_null=True)
    validOn = serializers.DateField(source="day")
    measures = ProposedMeasureSerializer(source="fits", many=True)
    planned = serializers.SerializerMethodField(help_text="Maten die het plan op die dag vraagt.")
    burden = serializers.SerializerMethodField()
    warnings = PlanWarningSerializer(many=True)

    def get_planned(self, proposal: Proposal) -> list[str]:
        return [plan.measure for plan in proposal.plans]

    def get_burden(self, proposal: Proposal) -> PlanBurdenSerializer:
        asked, activity = tuple(map(asked_of, proposal.plans)), proposal.activity
        said = {"reportsPerYear": reports_a_year(asked), "reportsThatFit": reports_that_fit(activity),
                "answersPerParticipant": answers_per_participant(asked, activity),
                "answersThatFit": answers_that_fit(activity)}  # fmt: skip
        return PlanBurdenSerializer(said).data  # type: ignore[return-value]


class PlanProposalView(SingleResource):
    """Wat bij een aanbod gemeten kan worden, en of wat nu gevraagd wordt past."""

    access = {"GET": Needs("outcomes.read")}
    query = ProposalQuery
    item = PlanProposalSerializer

    def thing(self) -> Proposal:
        day = self.params.get("validOn") or today()
        may = access.reports(self.principal)
        return proposal_of(may=may, offering_code=self.params["offeringCode"], day=day)
