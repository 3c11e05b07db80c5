"""Saying that two interventions that look alike are two, and taking that back."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api import idempotency
from config.api.access import Access, Needs
from config.api.bodies import Body
from config.api.fields import FreeText
from config.api.preconditions import require_match, state_of, tag
from config.api.query import ListQuery
from config.api.resources import ListResource, Resource, Rows, SingleResource
from interventions import public
from interventions.api.views import found
from interventions.models import DuplicateDismissal, Intervention
from interventions.services.register.announcing import STORE
from interventions.services.register.dismissals import dismiss, undo

WRITE = Needs("interventions.write")


class DuplicateDismissalSerializer(serializers.Serializer):
    """Een paar dat op elkaar lijkt en toch twee is, volgens wie ernaar keek."""

    id = serializers.UUIDField()
    interventionCode = serializers.CharField(source="first_code")
    name = serializers.SerializerMethodField()
    otherCode = serializers.CharField(source="second_code")
    otherName = serializers.SerializerMethodField()
    reason = serializers.CharField()
    dismissedBy = serializers.CharField(source="dismissed_by", help_text="Wie dit vond: de code, nooit een naam.")
    dismissedAt = serializers.DateTimeField(source="dismissed_at")

    def get_name(self, made: DuplicateDismissal) -> str:
        return str(self.context["names"].get(made.first_code, made.first_code))

    def get_otherName(self, made: DuplicateDismissal) -> str:
        return str(self.context["names"].get(made.second_code, made.second_code))


class DuplicateDismissalInputSerializer(Body):
    """Welke twee, en waarom zij niet dezelfde zijn."""

    interventionCode = serializers.CharField(max_length=100)
    otherCode = serializers.CharField(max_length=100)
    reason = FreeText(max_length=2000)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Raises ValidationError for an unknown intervention, and for one and the same."""
        names = ("interventionCode", "otherCode")
        known = set(
            Intervention.objects.filter(code__in=[given[name] for name in names]).values_list("code", flat=True)
        )
        text = _("Deze interventie kennen wij niet.")
        if wrong := {name: text for name in names if given[name] not in known}:
            raise serializers.ValidationError(wrong, "unknown-intervention")
        if len(known) < 2:
            raise serializers.ValidationError({"otherCode": _("Noem twee verschillende interventies.")}, "same")
        return given


class Shown(Resource):
    def shape(self, thing: Any, *, many: bool = False) -> Any:
        made: Iterable[DuplicateDismissal] = thing if many else [thing]
        names = public.intervention_labels(codes={code for one in made for code in (one.first_code, one.second_code)})
        return DuplicateDismissalSerializer(thing, many=many, context={"names": names}).data


class DuplicateDismissalsView(Shown, ListResource):
    """Paren waarvan iemand vond dat het er twee zijn; de nieuwste eerst.

    Zo'n paar staat niet meer bij `intervention-duplicates`, tot een van beide een andere naam krijgt.
    """

    access: ClassVar[dict[str, Access]] = {"GET": WRITE, "POST": WRITE}
    query = ListQuery
    item = DuplicateDismissalSerializer
    bodies = {"POST": (DuplicateDismissalInputSerializer, {201: DuplicateDismissalSerializer,
                                                            200: DuplicateDismissalSerializer})}  # fmt: skip
    idempotent_store = STORE

    def rows(self) -> Rows:
        return DuplicateDismissal.objects.order_by("-dismissed_at", "id")

    def post(self, request: Request) -> Response:
        """Zeg dat twee interventies er twee zijn, met de reden. Nog eens zeggen vervangt de reden."""
        return idempotency.once(request, store=self.idempotent_store, produce=self._dismiss)

    def _dismiss(self) -> Response:
        body = DuplicateDismissalInputSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        made, new = dismiss(codes=(given["interventionCode"], given["otherCode"]), reason=given["reason"],
                            actor=self.principal.id)  # fmt: skip
        headers = {"Location": f"/v1/duplicate-dismissals/{made.pk}", "ETag": tag(state_of(self.shape, made))}
        return Response(self.shape(made), status=201 if new else 200, headers=headers)


class DuplicateDismissalView(Shown, SingleResource):
    """Eén zo'n paar."""

    access: ClassVar[dict[str, Access]] = {"GET": WRITE, "DELETE": WRITE}
    item = DuplicateDismissalSerializer
    bodies = {"DELETE": (None, {204: None})}

    def thing(self) -> DuplicateDismissal:
        return found(DuplicateDismissal.objects.all(), self.kwargs["dismissalId"])  # type: ignore[no-any-return]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        made = self.thing()
        return Response(self.shape(made), headers={"ETag": tag(state_of(self.shape, made))})

    def delete(self, request: Request, dismissalId: Any) -> Response:
        """Neem het terug: het paar komt weer bij de mogelijke dubbelen."""
        require_match(request, state_of(self.shape, self.thing()))
        undo(dismissal_id=dismissalId, actor=self.principal.id)
        return Response(status=204)
