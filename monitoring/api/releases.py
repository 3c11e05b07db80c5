"""Releases over HTTP: numbered editions of safe figures."""

from django.conf import settings
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api import idempotency
from config.api.access import Needs, Public
from config.api.bodies import Body
from config.api.jobs import JobSerializer, accepted
from config.api.query import ListQuery, Query
from config.api.resources import ListResource, Rows, SingleResource
from config.days import today
from monitoring import access
from monitoring.api.reports import found
from monitoring.models import Release
from monitoring.services.releasing.releases import ask_for_release


class ReleaseQuery(ListQuery):
    municipalityCode = serializers.CharField(required=False, max_length=10, help_text="Alleen deze gemeente.")


class ReleasedMinimumSerializer(serializers.Serializer):
    """De grens van één maat en de reden."""

    measure = serializers.CharField()
    minimum = serializers.IntegerField()
    reason = serializers.CharField()


class ReleaseSerializer(serializers.Serializer):
    """Een genummerde, bevroren uitgave van veilige cijfers."""

    id = serializers.UUIDField()
    municipalityCode = serializers.CharField(source="municipality_code")
    number = serializers.IntegerField()
    releasedAt = serializers.DateTimeField(source="released_at")
    minimum = serializers.IntegerField(help_text="Kleinste aantal dat getoond mag worden.")
    minimums = ReleasedMinimumSerializer(many=True, help_text="Maten waarvoor een andere grens gold, en waarom.")
    checksum = serializers.CharField(help_text="SHA-256 over de cijfers.")
    cellCount = serializers.IntegerField(source="cell_count")
    withheldCount = serializers.IntegerField(source="withheld_count", help_text="Cellen waarin iets is weggelaten.")
    demo = serializers.BooleanField()


class ReleaseInputSerializer(Body):
    """De gemeente; weg te laten als u voor één gemeente werkt."""

    municipalityCode = serializers.CharField(required=False, max_length=10)


class ReleasesView(ListResource):
    """Uitgaven van vrijgegeven cijfers."""

    access = {"GET": Public("released.read"), "POST": Needs("releases.write")}
    query = ReleaseQuery
    item = ReleaseSerializer
    bodies = {"POST": (ReleaseInputSerializer, {202: JobSerializer})}
    idempotent_store = "monitoring"

    def rows(self) -> Rows:
        releases = Release.objects.all()
        if city := self.params.get("municipalityCode"):
            releases = releases.filter(municipality_code=city)
        return releases.order_by("-released_at", "id")

    def post(self, request: Request) -> Response:
        """Vraag een nieuwe uitgave van geaccepteerde rapportages over afgelopen perioden; een worker maakt haar."""
        return idempotency.once(request, store=self.idempotent_store, produce=self._make)

    def _make(self) -> Response:
        body = ReleaseInputSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        city = access.municipality_for(self.principal, body.validated_data.get("municipalityCode"), access.RELEASING)
        job = ask_for_release(
            municipality_code=city, actor=self.principal.id, day=today(),
            minimum=settings.DISCLOSURE_MINIMUM,
        )  # fmt: skip
        return accepted(job, self.request)


class ReleaseView(SingleResource):
    """Eén uitgave."""

    access = {"GET": Public("released.read")}
    query = Query
    item = ReleaseSerializer

    def thing(self) -> Release:
        return found(Release.objects.filter(id=self.kwargs["releaseId"]))
