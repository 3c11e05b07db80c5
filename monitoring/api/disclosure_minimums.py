"""How small a count may be shown, over HTTP: everyone may read the decisions and their reasons."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api import idempotency
from config.api.access import Needs, Public
from config.api.bodies import Body
from config.api.fields import FreeText
from config.api.query import ListQuery
from config.api.resources import ListResource, Rows
from monitoring import access
from monitoring.measures import MEASURES
from monitoring.models import DisclosureMinimum
from monitoring.services.releasing.disclosure_minimums import LARGEST, SMALLEST, decide


class DisclosureMinimumQuery(ListQuery):
    municipalityCode = serializers.CharField(required=False, max_length=10, help_text="Alleen deze gemeente.")


class DisclosureMinimumSerializer(serializers.Serializer):
    """Een besluit over het kleinste aantal dat een uitgave mag tonen; het nieuwste geldt."""

    id = serializers.UUIDField()
    municipalityCode = serializers.CharField(source="municipality_code")
    measure = serializers.SerializerMethodField(help_text="De maat; null is elke maat zonder eigen besluit.")
    minimum = serializers.IntegerField()
    reason = serializers.CharField()
    decidedAt = serializers.DateTimeField(source="decided_at")

    def get_measure(self, made: DisclosureMinimum) -> str | None:
        return made.measure or None


class DisclosureMinimumInputSerializer(Body):
    """Uw besluit, met de reden; het geldt vanaf de volgende uitgave."""

    municipalityCode = serializers.CharField(required=False, max_length=10)
    measure = serializers.ChoiceField(choices=list(MEASURES), required=False, allow_null=True)
    minimum = serializers.IntegerField(min_value=SMALLEST, max_value=LARGEST)
    reason = FreeText(max_length=2000)


class DisclosureMinimumsView(ListResource):
    """Besluiten over het kleinste aantal dat een uitgave mag tonen."""

    access = {"GET": Public("released.read"), "POST": Needs("releases.write")}
    query = DisclosureMinimumQuery
    item = DisclosureMinimumSerializer
    bodies = {"POST": (DisclosureMinimumInputSerializer, {201: DisclosureMinimumSerializer})}
    idempotent_store = "monitoring"

    def rows(self) -> Rows:
        made = DisclosureMinimum.objects.all()
        if city := self.params.get("municipalityCode"):
            made = made.filter(municipality_code=city)
        return made.order_by("-decided_at", "id")

    def post(self, request: Request) -> Response:
        """Besluit hoe klein een getoond aantal mag zijn, voor alle maten of voor één."""
        return idempotency.once(request, store=self.idempotent_store, produce=self._decide)

    def _decide(self) -> Response:
        body = DisclosureMinimumInputSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        city = access.municipality_for(self.principal, given.get("municipalityCode"), access.RELEASING)
        made = decide(municipality_code=city, measure=given.get("measure") or "", minimum=given["minimum"],
                      reason=given["reason"], actor=self.principal.id)  # fmt: skip
        return Response(self.shape(made), status=201)
