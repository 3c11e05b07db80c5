"""Writing organisations, interventions, offerings and agreements.

POST makes one, PUT and PATCH change it under If-Match. Foreign objects do not exist (404).
Every fault of a body is told at once.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.fields import SkipField
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from config.api import idempotency
from config.api.access import Access, Needs, Principal
from config.api.preconditions import require_match, state_of, tag
from config.api.problems import faults_of
from config.api.resources import SingleResource
from config.errors import Fault
from interventions.access import INSIDE, agreements_for
from interventions.api import entering_serializers as inputs
from interventions.api import serializers, views
from interventions.api.duplicates import PossibleDuplicateSerializer, possible_duplicates
from interventions.models import Agreement, Offering
from interventions.services.register import entering
from interventions.services.register.announcing import STORE

Values = dict[str, Any]


def read_body(form: Serializer, data: Any) -> tuple[Values, list[Fault]]:
    """The values that are right and the faults of the others; a key that nobody knows is a fault."""
    if not isinstance(data, dict):
        detail = _("Stuur een JSON-object.")
        return {}, [Fault("#", "invalid", detail)]
    text = _("Deze sleutel kennen wij niet.")
    wrong: dict[str, Any] = {key: [ErrorDetail(text, "unknown-key")] for key in data if key not in form.fields}
    values: Values = {}
    for name, field in form.fields.items():
        try:
            value = field.run_validation(field.get_value(data))
        except ValidationError as problem:
            wrong[name] = problem.detail
        except SkipField:
            continue
        else:
            _put(values, field.source_attrs, value)
    return values, list(faults_of(wrong))


def _put(values: Values, path: list[str], value: Any) -> None:
    for part in path[:-1]:
        values = values.setdefault(part, {})
    values[path[-1]] = value


class Entering:
    """Shared by the resources that people write; stands before a Resource.

    form, change: what POST and PUT take. shared: of all municipalities, so that nobody's is foreign.
    """

    request: Any
    principal: Principal
    kwargs: dict[str, Any]
    shape: Callable[..., Any]
    thing: Callable[[], Any]
    rows: Callable[[], Any]
    form: ClassVar[type[Serializer]]
    change: ClassVar[type[Serializer]]
    place: ClassVar[str]
    shared: ClassVar[bool] = False
    idempotent_store = "default"

    def enter(self, **given: Any) -> Any:
        """The service that writes it."""
        raise NotImplementedError

    def save(self, values: Values, faults: list[Fault], *, new: bool) -> Any:
        own = {} if self.shared else {"municipalities": self.principal.municipalities(INSIDE)}
        return self.enter(values=values, faults=faults, new=new, actor=self.principal.id, **own)

    def state(self, thing: Any) -> str:
        """Changes whenever the answer does, in either language."""
        return state_of(self.shape, thing)


class EnteringList(Entering):
    def post(self, request: Request) -> Response:
        return idempotency.once(request, store=STORE, produce=self._create)

    def _create(self) -> Response:
        thing = self.save(*read_body(self.form(), self.request.data), new=True)
        place = f"/v1/{self.place}/{thing.pk}"
        made = self.again(thing.pk)
        headers = {"Location": place, "ETag": tag(self.state(made))}
        return Response(self.shape(made), status=201, headers=headers)

    def again(self, code: str) -> Any:
        """The row as it is shown."""
        return views.found(self.rows(), code)


class EnteringSingle(Entering):
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        thing = self.thing()
        return Response(self.shape(thing), headers={"ETag": tag(self.state(thing))})

    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._replace(lambda _known: request.data)

    def patch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._replace(lambda known: {**self.change(known).data, **request.data}
                             if isinstance(request.data, dict) else request.data)  # fmt: skip

    def _replace(self, body: Any) -> Response:
        with transaction.atomic(using=STORE):
            thing = self.thing()
            self.mine(thing)
            type(thing).objects.select_for_update().get(pk=thing.pk)
            thing = self.thing()
            require_match(self.request, self.state(thing))
            values, faults = read_body(self.change(), body(thing))
            self.save({**values, "code": thing.pk}, faults, new=False)
            after = self.thing()
            return Response(self.shape(after), headers={"ETag": tag(self.state(after))})

    def mine(self, thing: Any) -> None:
        """Raises NotFound for what belongs to another municipality."""
        if not self.shared and thing.municipality_code not in self.principal.municipalities(INSIDE):
            raise views.NotFound()


SHARED: dict[str, Access] = {name: Needs("interventions.write") for name in ("POST", "PUT", "PATCH")}
OWN: dict[str, Access] = {name: Needs("offerings.write") for name in ("POST", "PUT", "PATCH")}


def _list(read: dict[str, Access], write: dict[str, Access]) -> dict[str, Access]:
    return {**read, "POST": write["POST"]}


def _single(read: dict[str, Access], write: dict[str, Access]) -> dict[str, Access]:
    return {**read, "PUT": write["PUT"], "PATCH": write["PATCH"]}


class _Organisations(Entering):
    form, change = inputs.OrganisationInputSerializer, inputs.OrganisationChangeSerializer
    place, shared = "organisations", True

    def enter(self, **given: Any) -> Any:
        return entering.enter_organisation(**given)


class EnteredOrganisationsView(_Organisations, EnteringList, views.OrganisationsView):
    """Organisaties die activiteiten uitvoeren."""

    access = _list(views.READ, SHARED)
    bodies = {"POST": (inputs.OrganisationInputSerializer, {201: serializers.OrganisationSerializer})}


class EnteredOrganisationView(_Organisations, EnteringSingle, views.OrganisationView):
    """Eén organisatie."""

    access = _single(views.READ, SHARED)
    bodies = {
        "PUT": (inputs.OrganisationChangeSerializer, {200: serializers.OrganisationSerializer}),
        "PATCH": (inputs.OrganisationChangeSerializer, {200: serializers.OrganisationSerializer}),
    }


class NewInterventionSerializer(serializers.InterventionDetailSerializer):
    possibleDuplicates = PossibleDuplicateSerializer(
        many=True, read_only=True, help_text="Staat zij er al onder een andere naam? Een waarschuwing, geen weigering."
    )


class _Interventions(Entering):
    form, change = inputs.InterventionInputSerializer, inputs.InterventionChangeSerializer
    place, shared = "interventions", True

    def enter(self, **given: Any) -> Any:
        return entering.enter_intervention(**given)


class EnteredInterventionsView(_Interventions, EnteringList, views.InterventionsView):
    """Interventies: wat zij beogen, waaraan zij werken en hoe goed dat is onderbouwd.

    Niet vermeld in een databank betekent niet dat een interventie niet werkt.
    """

    access = _list(views.READ, SHARED)
    bodies = {"POST": (inputs.InterventionInputSerializer, {201: NewInterventionSerializer})}

    def again(self, code: str) -> Any:
        return views.found(views.Intervention.objects.with_parts(), code)

    def _create(self) -> Response:
        """What is new may be there already under another name: that is a warning, never a refusal."""
        self.item = serializers.InterventionDetailSerializer  # type: ignore[misc]
        made = super()._create()
        made.data["possibleDuplicates"] = possible_duplicates(made.data["code"])
        return made


class EnteredInterventionView(_Interventions, EnteringSingle, views.InterventionView):
    """Eén interventie, met alle treden van de effectladder die zij had."""

    access = _single(views.READ, SHARED)
    bodies = {
        "PUT": (inputs.InterventionChangeSerializer, {200: serializers.InterventionDetailSerializer}),
        "PATCH": (inputs.InterventionChangeSerializer, {200: serializers.InterventionDetailSerializer}),
    }


class _Offerings(Entering):
    form, change = inputs.OfferingInputSerializer, inputs.OfferingChangeSerializer
    place = "offerings"

    def enter(self, **given: Any) -> Any:
        return entering.enter_offering(**given)


class EnteredOfferingsView(_Offerings, EnteringList, views.OfferingsView):
    """Aanbod: welke organisatie voert welke interventie waar en wanneer uit."""

    access = _list(views.READ, OWN)
    bodies = {"POST": (inputs.OfferingInputSerializer, {201: serializers.OfferingSerializer})}

    def again(self, code: str) -> Any:
        return views.found(Offering.objects.select_related("organisation", "intervention"), code)


class EnteredOfferingView(_Offerings, EnteringSingle, views.OfferingView):
    """Eén aanbod."""

    access = _single(views.READ, OWN)
    bodies = {
        "PUT": (inputs.OfferingChangeSerializer, {200: serializers.OfferingSerializer}),
        "PATCH": (inputs.OfferingChangeSerializer, {200: serializers.OfferingSerializer}),
    }


class _Agreements(Entering):
    form, change = inputs.AgreementInputSerializer, inputs.AgreementChangeSerializer
    place = "agreements"

    def enter(self, **given: Any) -> Any:
        return entering.enter_agreement(**given)

    def again(self, code: str) -> Any:
        own: QuerySet[Agreement] = Agreement.objects.filter(agreements_for(self.principal))
        return views.found(own.select_related("offering"), code)


class EnteredAgreementsView(_Agreements, EnteringList, views.AgreementsView):
    """Afspraken van de gemeente met uitvoerders, met bedragen; alleen binnen de eigen gemeente."""

    access = _list(views.AgreementsView.access, OWN)
    bodies = {"POST": (inputs.AgreementInputSerializer, {201: serializers.AgreementSerializer})}


class EnteredAgreementView(_Agreements, EnteringSingle, SingleResource):
    """Eén afspraak; alleen binnen de eigen gemeente."""

    access = _single({"GET": Needs("agreements.read")}, OWN)
    item = serializers.AgreementSerializer
    bodies = {
        "PUT": (inputs.AgreementChangeSerializer, {200: serializers.AgreementSerializer}),
        "PATCH": (inputs.AgreementChangeSerializer, {200: serializers.AgreementSerializer}),
    }

    def thing(self) -> Any:
        return self.again(self.kwargs["agreementCode"])
