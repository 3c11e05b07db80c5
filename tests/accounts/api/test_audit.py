"""The audit of a municipality, for its administrator."""

import pytest

from accounts import key_use
from accounts.api.audit import TRAILS
from config.ledger import records
from tests.accounts.api.test_keys import KEYS, NEW, with_key
from tests.factories import interventions as factory

pytestmark = pytest.mark.usefixtures("stores")


def entries(client, query=""):
    answer = client.get(f"/v1/audit-entries?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_every_change_of_rights_is_written_down(client_with):
    administrator = client_with("administrator")
    administrator.post("/v1/api-clients", NEW, format="json")
    prefix = administrator.post(KEYS, {"scopes": ["jobs.read"]}, format="json").json()["prefix"]
    administrator.delete(f"{KEYS}/{prefix}")
    path = "/v1/api-clients/new-dashboard/memberships"
    role = administrator.get(path).json()["results"][0]["id"]
    administrator.delete(f"{path}/{role}")

    found = entries(administrator, "resource=api-clients&resourceCode=new-dashboard")

    assert [row["action"] for row in found] == [
        "role.taken", "key.revoked", "key.issued", "role.given", "client.registered",
    ]  # fmt: skip
    assert {row["actor"] for row in found} == {"client:administrator-gm0363"}
    assert found[0]["before"]["role"] == "dashboard"
    assert found[2]["after"] == {"prefix": prefix, "scopes": ["jobs.read"]}
    assert all(row["requestId"] for row in found)


def test_a_wrong_use_of_a_key_is_written_down(client_with):
    administrator = client_with("administrator")
    administrator.post("/v1/api-clients", NEW, format="json")
    new = administrator.post(KEYS, {}, format="json").json()
    for _ in range(3):
        with_key(new["key"][:-3] + "xxx").get("/v1/")

    key_use.write_down()

    row = entries(administrator, "action=key.refused")[0]
    assert (row["resourceCode"], row["after"]) == (new["prefix"], {"count": 3})


def test_guesses_do_not_fill_the_audit(client_with):
    for n in range(20):
        with_key(f"fm_{n:010d}_guess").get("/v1/")

    key_use.write_down()

    kept = records.model("default", "AuditEntry")._default_manager.filter(action="key.refused")
    assert [(row.resource_code, row.after) for row in kept] == [("unknown", {"count": 20})]


def test_an_administrator_reads_the_trail_of_the_own_municipality_only(client_with):
    for store in ("default", "monitoring"):
        for city in ("GM0363", "GM0599", ""):
            records.audit(store=store, actor="client:a", action="tried", resource="x", resource_code=f"{store} {city}",
                          municipality_code=city)  # fmt: skip

    found = entries(client_with("administrator"), "action=tried")

    assert sorted(row["resourceCode"] for row in found) == ["default GM0363", "monitoring GM0363"]


def test_the_trail_of_one_thing_is_found_by_its_resource_and_code(client_with):
    for code in ("a", "a", "b"):
        records.audit(store="monitoring", actor="client:a", action="tried", resource="releases", resource_code=code,
                      municipality_code="GM0363")  # fmt: skip

    assert len(entries(client_with("administrator"), "resource=releases&resourceCode=a")) == 2


def test_each_thing_has_its_trail_below_its_own_path(client_with):
    offering = factory.offering()
    factory.agreement(offering_id=offering.code, code="mine")
    factory.agreement(offering_id=offering.code, code="mine-2")
    administrator, elsewhere = (client_with("administrator", municipality=city) for city in ("GM0363", "GM0599"))

    found = administrator.get("/v1/agreements/mine/audittrail").json()["results"]

    assert [(row["resource"], row["resourceCode"], row["before"]) for row in found] == [("agreements", "mine", None)]
    assert elsewhere.get("/v1/agreements/mine/audittrail").json()["results"] == []
    assert elsewhere.get("/v1/agreements/none/audittrail").json()["results"] == []


@pytest.mark.parametrize("resource", TRAILS)
def test_no_trail_tells_a_stranger_that_the_thing_is_there(client_with, resource):
    for store in ("default", "monitoring"):
        records.audit(store=store, actor="client:a", action="tried", resource=resource, resource_code="7",
                      municipality_code="GM0363")  # fmt: skip
    own, foreign = (client_with("administrator", municipality=city) for city in ("GM0363", "GM0599"))

    known, unknown = (foreign.get(f"/v1/{resource}/{code}/audittrail").json() for code in ("7", "8"))

    assert own.get(f"/v1/{resource}/7/audittrail").json()["count"] == 2
    assert known == unknown == {"count": 0, "next": None, "previous": None, "results": []}


def test_the_trail_of_a_model_holds_what_happened_to_its_rows(client_with):
    editor, administrator = client_with("model-editor"), client_with("administrator")
    names = {"code": "mine", "municipalityCode": "GM0363", "nameNl": "Mijn", "nameEn": "Mine"}
    editor.post("/v1/factor-models", names, format="json")
    editor.post("/v1/factor-models/mine/versions", {}, format="json")
    goal = {"code": "work", "nameNl": "Werk", "nameEn": "Work", "domainCode": "work"}
    editor.post("/v1/factor-models/mine/versions/draft/goals", goal, format="json")

    found = administrator.get("/v1/factor-models/mine/audittrail").json()["results"]

    assert [row["resourceCode"] for row in found] == ["mine/draft/goals/work", "mine/draft", "mine"]


def test_pages_of_both_stores_make_one_list_without_gaps(client_with):
    for n in range(9):
        records.audit(store="monitoring" if n % 3 else "default", actor="client:a", action="tried", resource="x",
                      resource_code=str(n), municipality_code="GM0363")  # fmt: skip
    administrator = client_with("administrator")

    pages = [entries(administrator, f"action=tried&pageSize=4&page={n}") for n in (1, 2, 3)]

    assert [len(page) for page in pages] == [4, 4, 1]
    assert sorted(row["resourceCode"] for page in pages for row in page) == [str(n) for n in range(9)]
    moments = [row["at"] for page in pages for row in page]
    assert moments == sorted(moments, reverse=True)


def test_moments_limit_the_list(client_with):
    records.audit(store="default", actor="client:a", action="tried", resource="x", resource_code="1",
                  municipality_code="GM0363")  # fmt: skip
    administrator = client_with("administrator")

    assert entries(administrator, "action=tried&atUntil=2020-01-01T00:00:00Z") == []
    assert len(entries(administrator, "action=tried&atFrom=2020-01-01T00:00:00Z")) == 1
