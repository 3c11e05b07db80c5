"""The peers of one POST: what a plain Django service would do with the same report. All write one row, with a commit.

None of them checks the report against offering, plan, area and period, asks whose it is, looks for unusual counts, or
writes a receipt, a history, an audit entry or a mark.
"""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from django.db import connections
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from rest_framework import serializers
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.generics import CreateAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.throttling import UserRateThrottle

from bench.outcome_city import CITY, ORGANISATION

KEY = ("offering_code", "measure", "period_start", "period_kind", "area_code")
RECEIPT = "00000000-0000-4000-8000-000000000000"
SQL = """
    INSERT INTO monitoring_outcomereport (id, municipality_code, organisation_code, offering_code, measure, period_kind,
        period_start, period_end, area_code, counts, explanation, status, version, external_id, recorded_by, receipt_id,
        demo)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', 'accepted', 1, '', 'bench', %s, false)
    ON CONFLICT (offering_code, measure, period_start, period_kind, area_code) DO UPDATE SET counts = excluded.counts
"""


def _values(given: Mapping[str, Any], offering: str) -> dict[str, Any]:
    from monitoring.measures import MEASURES
    from monitoring.periods import parse

    period = parse(given["period"])
    return {
        "municipality_code": CITY, "organisation_code": ORGANISATION, "offering_code": offering,
        "measure": given["measure"], "period_kind": period.kind, "period_start": period.start,
        "period_end": period.end, "area_code": given["areaCode"],
        "counts": [given["counts"].get(name) for name in MEASURES[given["measure"]].names],
    }  # fmt: skip


def _stored(given: Mapping[str, Any], offering: str) -> tuple[Any, bool]:
    from monitoring.models import OutcomeReport

    row = _values(given, offering)
    key = {name: row.pop(name) for name in KEY}
    extra = {"recorded_by": "bench", "receipt_id": RECEIPT, "status": "accepted"}
    return OutcomeReport.objects.update_or_create(**key, defaults=row | extra)


class ReportSerializer(serializers.Serializer):
    """As the documentation of DRF has one write it."""

    id = serializers.UUIDField(read_only=True)
    version = serializers.IntegerField(read_only=True)
    offeringCode = serializers.CharField(max_length=100, write_only=True)
    measure = serializers.CharField(max_length=40, write_only=True)
    period = serializers.CharField(max_length=40, write_only=True)
    areaCode = serializers.CharField(max_length=100, write_only=True)
    counts = serializers.DictField(child=serializers.IntegerField(min_value=0, allow_null=True), write_only=True)

    def create(self, validated_data: dict[str, Any]) -> Any:
        report, _new = _stored(validated_data, self.context["view"].offering)
        return report


class ReportsView(CreateAPIView):
    """A generic view with DRF's own settings: open to everybody."""

    serializer_class = ReportSerializer
    offering = "peer-view"


class KeyAuthentication(TokenAuthentication):
    """DRF's own, with the keys that there are: one query with a join."""

    keyword = "Bearer"

    def authenticate_credentials(self, key: str) -> tuple[Any, Any]:
        from accounts import keys
        from accounts.models import ApiKey

        found = ApiKey.objects.select_related("client").filter(prefix=keys.prefix_of(key)).first()
        if found is None or not keys.fits(key, found.digest):
            raise AuthenticationFailed()
        return SimpleNamespace(pk=found.client.code, is_authenticated=True), found


class KeyedReportsView(ReportsView):
    """The same for who has a key."""

    authentication_classes = [KeyAuthentication]
    permission_classes = [IsAuthenticated]
    offering = "peer-keyed"


class Throttle(UserRateThrottle):
    """DRF's own: it keeps the moment of each request of a minute, so it costs more the more there are."""

    rate = "1000000/min"


class ThrottledReportsView(KeyedReportsView):
    """The same, so often a minute."""

    throttle_classes = [Throttle]
    offering = "peer-throttled"


@csrf_exempt
def with_serializer(request: HttpRequest) -> JsonResponse:
    """DRF's serializer alone: no view of DRF round it, and no middleware."""
    import orjson

    body = ReportSerializer(data=orjson.loads(request.body))
    body.is_valid(raise_exception=True)
    report, new = _stored(body.validated_data, "peer-drf")
    return JsonResponse({"id": str(report.id)}, status=201 if new else 200)


@csrf_exempt
def with_one_statement(request: HttpRequest) -> JsonResponse:
    """No check and no question: the least that stores a report with Django."""
    from uuid import uuid4

    import orjson

    row, pk = _values(orjson.loads(request.body), "peer-sql"), uuid4()
    with connections["monitoring"].cursor() as cursor:
        cursor.execute(SQL, [pk, *row.values(), pk])
    return JsonResponse({"id": str(pk)}, status=201)


urlpatterns = [
    path("reports", ReportsView.as_view()),
    path("keyed/reports", KeyedReportsView.as_view()),
    path("throttled/reports", ThrottledReportsView.as_view()),
    path("peer/drf", with_serializer),
    path("peer/sql", with_one_statement),
]
