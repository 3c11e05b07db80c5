"""One report by POST: our service and five peers (bench/outcome_peer_views.py), each behind the same server."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from statistics import median
from time import perf_counter, sleep

import httpx

from bench.outcome_city import CITY, ORGANISATION

QUOTA = {"ALLOWED_HOSTS": "127.0.0.1", "QUOTA_CLIENT": "1000000", "QUOTA_ORGANISATION": "1000000"}
DJANGO = ["--factory", "django.core.wsgi:get_wsgi_application"]
OURS = "POST /v1/outcome-reports"
PEERS = {
    "DRF view": ("bench.drf_settings", "/reports",
                 "CreateAPIView + update_or_create, middleware of startproject; open to all"),
    "DRF view, key": ("bench.drf_settings", "/keyed/reports", "the same with TokenAuthentication"),
    "DRF view, key, throttle": ("bench.drf_settings", "/throttled/reports",
                                "the same with TokenAuthentication and UserRateThrottle"),
    "bare view, serializer": ("bench.peer_settings", "/peer/drf",
                              "Serializer + update_or_create; no view of DRF, no middleware, open to all"),
    "bare view, one INSERT": ("bench.peer_settings", "/peer/sql",
                              "INSERT ... ON CONFLICT; no check, no DRF, no middleware, open to all"),
}  # fmt: skip
"""Name → settings, path, what it does. Of what ours does besides, none does anything (bench/outcome_peer_views.py)."""


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
    with ExitStack() as stack:
        service = stack.enter_context(_served(["config.wsgi:application"], **QUOTA))
        peers = {
            settings: stack.enter_context(_served(DJANGO, DJANGO_SETTINGS_MODULE=settings, **QUOTA))
            for settings in {told[0] for told in PEERS.values()}
        }
        client = stack.enter_context(httpx.Client(timeout=30, headers={"Authorization": f"Bearer {key}"}))
        urls = {OURS: f"{service}/v1/outcome-reports"}
        urls |= {name: f"{peers[settings]}{path}" for name, (settings, path, _told) in PEERS.items()}
        rates: dict[str, list[float]] = {name: [] for name in urls}
        for turn in range(rounds):
            for name, url in urls.items():
                rates[name].append(count / _posted(client, url, turn, count))
    _tell(count, rates)


def _tell(count: int, rates: dict[str, list[float]]) -> None:
    print(f"One report by POST over HTTP, {count} each, all of them new; goal: >= 2.0 of a DRF view + update_or_create")
    print(f"  {OURS:24} {median(rates[OURS]):6.0f} requests/s       key, rights, quota, checks, receipt, audit, marks")
    for name, (_settings, _path, told) in PEERS.items():
        print(f"  {name:24} {median(rates[name]):6.0f} requests/s {_ratio(rates[OURS], rates[name]):5.2f} {told}")


def _ratio(above: list[float], below: list[float]) -> float:
    return median(a / b for a, b in zip(above, below, strict=True))


def _posted(client: httpx.Client, url: str, turn: int, count: int) -> float:
    """Seconds for so many posts."""
    begun = perf_counter()
    for number in range(count):
        report = {
            "offeringCode": f"bench-offering-{number % 10}", "measure": "reach",
            "period": f"{2000 + turn + 10}-Q{3 + number // 10 % 2}", "areaCode": f"WK9901{number // 20 % 100:03}",
            "counts": {"targetGroup": 400, "invited": 120, "started": 60},
        }  # fmt: skip
        answer = client.post(url, json=report)
        if answer.status_code not in (200, 201):
            raise SystemExit(f"not delivered: {answer.status_code} {answer.text[:500]}")
    return perf_counter() - begun
