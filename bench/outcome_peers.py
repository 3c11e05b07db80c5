"""One report by POST: our service and two bare views, each behind the same server, over a socket."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from time import perf_counter, sleep
from typing import Any

import httpx
from django.http import JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from rest_framework import serializers

from bench.outcome_city import CITY, ORGANISATION

SQL = """
    INSERT INTO monitoring_outcomereport (id, municipality_code, organisation_code, offering_code, measure, period_kind,
        period_start, period_end, area_code, counts, explanation, status, version, external_id, recorded_by, receipt_id,
        demo)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', 'accepted', 1, '', 'bench', %s, false)
    ON CONFLICT (offering_code, measure, period_start, period_kind, area_code) DO UPDATE SET counts = excluded.counts
"""


class PeerSerializer(serializers.Serializer):
    """What a plain DRF view would take."""

    offeringCode = serializers.CharField(max_length=100)
    measure = serializers.CharField(max_length=40)
    period = serializers.CharField(max_length=40)
    areaCode = serializers.CharField(max_length=100)
    counts = serializers.DictField(child=serializers.IntegerField(min_value=0, allow_null=True))


def _values(given: Any, offering: str) -> dict[str, Any]:
    from monitoring.measures import MEASURES
    from monitoring.periods import parse

    period = parse(given["period"])
    return {
        "municipality_code": CITY, "organisation_code": ORGANISATION, "offering_code": offering,
        "measure": given["measure"], "period_kind": period.kind, "period_start": period.start,
        "period_end": period.end, "area_code": given["areaCode"],
        "counts": [given["counts"].get(name) for name in MEASURES[given["measure"]].names],
    }  # fmt: skip


@csrf_exempt
def with_serializer(request: Any) -> JsonResponse:
    import orjson

    from monitoring.models import OutcomeReport

    body = PeerSerializer(data=orjson.loads(request.body))
    body.is_valid(raise_exception=True)
    row = _values(body.validated_data, "peer-drf")
    key = {name: row.pop(name) for name in ("offering_code", "measure", "period_start", "period_kind", "area_code")}
    extra = {"recorded_by": "bench", "receipt_id": "00000000-0000-4000-8000-000000000000", "status": "accepted"}
    report, new = OutcomeReport.objects.update_or_create(**key, defaults=row | extra)
    return JsonResponse({"id": str(report.id)}, status=201 if new else 200)


@csrf_exempt
def with_one_statement(request: Any) -> JsonResponse:
    from uuid import uuid4

    import orjson
    from django.db import connections

    row, pk = _values(orjson.loads(request.body), "peer-sql"), uuid4()
    with connections["monitoring"].cursor() as cursor:
        cursor.execute(SQL, [pk, *row.values(), pk])
    return JsonResponse({"id": str(pk)}, status=201)


urlpatterns = [path("peer/drf", with_serializer), path("peer/sql", with_one_statement)]


@contextmanager
def _served(target: Sequence[str], **more: str) -> Iterator[str]:
    """The server that `make run` uses, with one worker."""
    from tests.story.running import free_port

    port = free_port()
    options = ["--interface", "wsgi", "--no-ws", "--workers", "1", "--blocking-threads", "4", "--port", str(port)]
    command = [sys.executable, "-m", "granian", *options, *target]
    process = subprocess.Popen(command, env=os.environ | more, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        for _try in range(300):
            try:
                httpx.get(f"{url}/livez", timeout=5)
                break
            except httpx.TransportError:
                sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def singles(count: int, rounds: int) -> None:
    """Posts of one report each, new ones; candidates in turn."""
    from tests.factories import accounts

    key = accounts.key("partner", municipality=CITY, organisation=ORGANISATION)
    allowed = {"ALLOWED_HOSTS": "127.0.0.1", "QUOTA_CLIENT": "1000000", "QUOTA_ORGANISATION": "1000000"}
    ours = _served(["config.wsgi:application"], **allowed)
    peers = _served(
        ["--factory", "django.core.wsgi:get_wsgi_application"], DJANGO_SETTINGS_MODULE="bench.peer_settings", **allowed
    )
    with ours as service, peers as peer, httpx.Client(timeout=30) as client:
        paths = {
            "POST outcome-reports": (f"{service}/v1/outcome-reports", {"Authorization": f"Bearer {key}"}),
            "DRF + update_or_create": (f"{peer}/peer/drf", {}),
            "one INSERT ... ON CONFLICT": (f"{peer}/peer/sql", {}),
        }
        rates: dict[str, list[float]] = {name: [] for name in paths}
        for turn in range(rounds):
            for name, (url, headers) in paths.items():
                rates[name].append(count / _posted(client, url, headers, turn, count))
    ours_, drf, sql = (rates[name] for name in paths)
    print(f"One report by POST over HTTP, {count} each; goal: >= 2.0 of DRF + update_or_create")
    for name, found in rates.items():
        print(f"  {name:26} {median(found):8.0f} requests/s")
    print(f"  of DRF {_ratio(ours_, drf):.2f}, of the bare statement {_ratio(ours_, sql):.2f}")


def _ratio(above: list[float], below: list[float]) -> float:
    return median(a / b for a, b in zip(above, below, strict=True))


def _posted(client: httpx.Client, url: str, headers: dict[str, str], turn: int, count: int) -> float:
    begun = perf_counter()
    for number in range(count):
        report = {
            "offeringCode": f"bench-offering-{number % 10}", "measure": "reach",
            "period": f"{2000 + turn + 10}-Q{3 + number // 10 % 2}", "areaCode": f"WK9901{number // 20 % 100:03}",
            "counts": {"targetGroup": 400, "invited": 120, "started": 60},
        }  # fmt: skip
        answer = client.post(url, json=report, headers=headers)
        if answer.status_code not in (200, 201):
            raise SystemExit(f"not delivered: {answer.status_code} {answer.text[:500]}")
    return perf_counter() - begun
