"""Clients, keys and roles over the API, by the administrator of a municipality."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import key_use, remembered
from accounts.models import ApiKey, Client, IdempotencyRecord, RoleGrant
from config.ledger import records

pytestmark = pytest.mark.usefixtures("stores")
NEW = {"code": "new-dashboard", "name": "Dashboard", "role": "dashboard", "municipalityCode": "GM0363"}
KEYS = "/v1/api-clients/new-dashboard/keys"


@pytest.fixture
def administrator(client_with):
    return client_with("administrator")


@pytest.fixture
def registered(administrator):
    assert administrator.post("/v1/api-clients", NEW, format="json").status_code == 201
    return administrator


def with_key(text):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


def issued(administrator, **body):
    answer = administrator.post(KEYS, body, format="json")
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_an_administrator_gives_a_client_a_key_that_works(registered):
    new = issued(registered)

    answer = with_key(new["key"]).get("/v1/outcome-reports")

    assert answer.status_code == 403  # known, but a dashboard may not
    assert registered.get(KEYS).json()["results"][0]["prefix"] == new["prefix"]
    assert "key" not in registered.get(KEYS).json()["results"][0]


def test_a_third_live_key_is_refused(registered):
    first = issued(registered)
    issued(registered)

    third = registered.post(KEYS, {}, format="json")
    gone = registered.delete(f"{KEYS}/{first['prefix']}")
    again = registered.post(KEYS, {}, format="json")

    assert (third.status_code, gone.status_code, again.status_code) == (409, 204, 201)
    assert third.json()["type"].endswith("/problems/too-many-keys")


def test_a_key_stops_when_it_expires_or_is_revoked(registered):
    short = issued(registered, expiresAt=(timezone.now() + timedelta(hours=1)).isoformat())
    other = issued(registered)
    before = [with_key(new["key"]).get("/v1/").status_code for new in (short, other)]

    ApiKey.objects.filter(prefix=short["prefix"]).update(expires_at=timezone.now() - timedelta(seconds=1))
    registered.delete(f"{KEYS}/{other['prefix']}")

    assert before == [200, 200]
    assert [with_key(new["key"]).get("/v1/").status_code for new in (short, other)] == [401, 401]
    assert ApiKey.objects.get(prefix=other["prefix"]).revoked_at


def test_a_revoked_key_is_forgotten_by_the_cache_too(registered, django_capture_on_commit_callbacks):
    new = issued(registered)
    with_key(new["key"]).get("/v1/")
    name = remembered.of_key(ApiKey.objects.get(prefix=new["prefix"]).digest)
    assert cache.get(name)

    with django_capture_on_commit_callbacks(execute=True):
        registered.delete(f"{KEYS}/{new['prefix']}")

    assert cache.get(name) is None


def test_a_key_gives_no_more_than_its_scopes(registered):
    registered.post("/v1/api-clients/new-dashboard/memberships",
                    {"role": "account-holder", "municipalityCode": "GM0363"}, format="json")  # fmt: skip
    narrow, wide = issued(registered, scopes=["indicators.read"]), issued(registered)

    answers = [with_key(new["key"]).get("/v1/agreements").status_code for new in (narrow, wide)]

    assert answers == [403, 200]


def test_the_store_holds_no_key(registered):
    answer = registered.post(KEYS, {}, format="json", HTTP_IDEMPOTENCY_KEY="rotate-1")
    again = registered.post(KEYS, {}, format="json", HTTP_IDEMPOTENCY_KEY="rotate-1")
    text = answer.json()["key"]

    assert again.json() == {"prefix": answer.json()["prefix"], "key": None}
    assert again["Idempotent-Replayed"] == "true"
    secret = text.split("_", 2)[2]
    kept = [
        *ApiKey.objects.values_list(), *IdempotencyRecord.objects.values_list(),
        *records.model("default", "AuditEntry")._default_manager.values_list(),
    ]  # fmt: skip
    assert kept
    assert secret not in str(kept)


def test_reading_writes_nothing_in_the_store(registered):
    client = with_key(issued(registered)["key"])

    with CaptureQueriesContext(connection) as seen:
        client.get("/v1/agreements")
        client.get("/v1/api-clients")

    assert {query["sql"].split()[0] for query in seen.captured_queries} == {"SELECT"}


def test_when_a_key_was_last_used_is_written_by_a_task(registered):
    new = issued(registered)
    before = ApiKey.objects.get(prefix=new["prefix"]).last_used_at
    with_key(new["key"]).get("/v1/")

    key_use.write_down()

    assert before is None
    used = ApiKey.objects.get(prefix=new["prefix"]).last_used_at
    assert abs(used - timezone.now()) < timedelta(seconds=10)


def test_clients_of_another_municipality_are_not_there(registered, client_with):
    prefix = issued(registered)["prefix"]
    stranger = client_with("administrator", municipality="GM0599")
    path = "/v1/api-clients/new-dashboard"
    membership = registered.get(f"{path}/memberships").json()["results"][0]["id"]

    foreign = [
        stranger.get(path), stranger.get(f"{path}/keys"), stranger.get(f"{path}/keys/{prefix}"),
        stranger.delete(f"{path}/keys/{prefix}"), stranger.post(f"{path}/keys", {}, format="json"),
        stranger.get(f"{path}/memberships/{membership}"), stranger.delete(f"{path}/memberships/{membership}"),
    ]  # fmt: skip
    unknown = stranger.get("/v1/api-clients/nobody")

    assert {answer.status_code for answer in foreign} == {404}
    assert {answer.json()["detail"] for answer in foreign} == {unknown.json()["detail"]}
    assert [row["code"] for row in stranger.get("/v1/api-clients").json()["results"]] == ["administrator-gm0599"]
    assert with_key(registered and issued(registered)["key"]).get("/v1/").status_code == 200


def test_no_key_for_a_client_that_works_elsewhere_too(registered, client_with):
    stranger = client_with("administrator", municipality="GM0599")
    client = Client.objects.get(code="new-dashboard")
    RoleGrant.objects.create(client=client, role="data-steward", municipality_id="GM0599")

    answers = [who.post(KEYS, {}, format="json").status_code for who in (registered, stranger)]

    assert answers == [409, 409]


def test_a_role_at_a_municipality_of_somebody_else_cannot_be_given(registered, client_with):
    client_with("administrator", municipality="GM0599")
    body = {"role": "administrator", "municipalityCode": "GM0599"}

    answer = registered.post("/v1/api-clients/new-dashboard/memberships", body, format="json")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["location"] == "#/municipalityCode"


def test_a_partner_needs_an_organisation_and_nobody_else_has_one(administrator):
    without = administrator.post("/v1/api-clients", NEW | {"role": "partner"}, format="json")
    needless = administrator.post("/v1/api-clients", NEW | {"organisationCode": "org-a"}, format="json")

    assert [answer.status_code for answer in (without, needless)] == [400, 400]
    assert without.json()["errors"][0]["location"] == "#/organisationCode"


def test_a_role_that_was_taken_is_gone_with_the_next_request(registered):
    path = "/v1/api-clients/new-dashboard/memberships"
    made = registered.post(path, {"role": "account-holder", "municipalityCode": "GM0363"}, format="json")
    client = with_key(issued(registered)["key"])
    before = client.get("/v1/agreements").status_code

    taken = registered.delete(f"{path}/{made.json()['id']}")

    assert (before, taken.status_code, client.get("/v1/agreements").status_code) == (200, 204, 403)


def test_the_same_client_or_role_twice_is_a_conflict(registered):
    again = registered.post("/v1/api-clients", NEW, format="json")
    role = registered.post("/v1/api-clients/new-dashboard/memberships",
                           {"role": "dashboard", "municipalityCode": "GM0363"}, format="json")  # fmt: skip

    assert (again.status_code, role.status_code) == (409, 409)


@pytest.mark.parametrize(
    "body", [{"scopes": ["everything"]}, {"expiresAt": "2020-01-01T00:00:00Z"}, {"expiresAt": "x"}]
)
def test_an_impossible_key_is_bad_input(registered, body):
    assert registered.post(KEYS, body, format="json").status_code == 400
