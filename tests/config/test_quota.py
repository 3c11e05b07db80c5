"""Limits on how often somebody may ask."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from config.api import quota
from config.api.access import Grant, Principal

pytestmark = pytest.mark.usefixtures("stores")


@pytest.fixture
def a_full_hour_away(monkeypatch):
    """A fixed moment at the start of a window, so that no test stands astride two of them."""
    monkeypatch.setattr(quota.time, "time", lambda: 1_800_000_000.0)


def test_an_answer_says_what_is_left(client_with, a_full_hour_away):
    client = client_with("partner")

    first, second = client.get("/v1/"), client.get("/v1/")

    assert first["RateLimit-Policy"] == '"client";q=6000;w=60, "organisation";q=12000;w=60'
    assert first["RateLimit"] == '"client";r=5999;t=60, "organisation";r=11999;t=60'
    assert second["RateLimit"].startswith('"client";r=5998')


def test_one_too_many_is_429_with_the_seconds_to_wait(client_with, a_full_hour_away, settings):
    settings.QUOTA_CLIENT = 2
    client = client_with("dashboard")
    statuses = [client.get("/v1/").status_code for _ in range(2)]

    refused = client.get("/v1/")

    assert statuses == [200, 200]
    assert refused.status_code == 429
    assert refused["Retry-After"] == "60"
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["type"].endswith("/problems/quota-exceeded")
    assert refused.json()["violated-policies"] == ["client"]


def test_two_clients_of_one_organisation_share_its_limit(client_with, a_full_hour_away, settings):
    settings.QUOTA_ORGANISATION = 1

    first = client_with("dashboard").get("/v1/")
    second = client_with("account-holder").get("/v1/")
    elsewhere = client_with("dashboard", municipality="GM0599").get("/v1/")

    assert [first.status_code, second.status_code, elsewhere.status_code] == [200, 429, 200]


def test_guessing_keys_counts_for_the_address(client_with, a_full_hour_away, settings):
    settings.QUOTA_ANONYMOUS = 1
    client = client_with()
    client.credentials(HTTP_AUTHORIZATION="Bearer fm_0123456789_wrong")
    first = client.get("/v1/").status_code

    client.credentials()
    second = client.get("/v1/").status_code

    assert (first, second) == (401, 429)


def test_parallel_requests_are_each_counted_once(a_full_hour_away):
    limits = quota.buckets(Principal("client:x", "client", (Grant("dashboard", "GM0363"),)), "")

    with ThreadPoolExecutor(8) as pool:
        seen = sorted(usage.counted[0][1] for usage in pool.map(lambda _: quota.count(limits), range(200)))

    assert seen == list(range(1, 201))


def test_counters_that_started_anew_learn_how_to_count(a_full_hour_away):
    limits = quota.buckets(Principal("client:y", "client", (Grant("dashboard", "GM0363"),)), "")
    quota.count(limits)

    quota.valkey().script_flush()

    assert [quota.count(limits).counted[0][1] for _time in range(2)] == [2, 3]


def test_without_the_counters_requests_pass(client_with, monkeypatch):
    away = redis.Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    monkeypatch.setattr(quota, "valkey", lambda: away)

    answer = client_with().get("/v1/")

    assert answer.status_code == 200
    assert "RateLimit" not in answer


def test_an_invented_forwarding_header_changes_nothing_without_a_proxy(client_with, a_full_hour_away, settings):
    settings.QUOTA_ANONYMOUS = 1
    client = client_with()

    statuses = [client.get("/v1/", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}").status_code for n in range(2)]

    assert statuses == [200, 429]
    assert not settings.BEHIND_PROXY
