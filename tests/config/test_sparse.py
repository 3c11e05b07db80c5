"""Less or more of an answer: `fields` and `expand`."""

import pytest

from tests.factories import interventions as factory

pytestmark = pytest.mark.usefixtures("stores")


# their answer is one thing that happens to hold results
WHOLE = {"/changes"}


@pytest.fixture
def offering():
    return factory.offering()


def test_only_the_fields_asked_for_are_told(client_with):
    answer = client_with().get("/v1/observations?fields=value,period&pageSize=2").json()

    assert set(answer) >= {"count", "next", "previous", "results"}
    assert [set(row) for row in answer["results"]] == [{"value", "period"}] * 2
    assert "fields=value%2Cperiod" in answer["next"] or "fields=value,period" in answer["next"]


def test_a_single_resource_is_narrowed_too(client_with):
    whole, part = (client_with().get(f"/v1/pillars?{keys}") for keys in ("", "fields=code"))
    one = client_with().get("/v1/areas/NL00?fields=code,level")
    made_at_once = client_with().get("/v1/areas/NL00/profile?fields=above,absent")

    assert one.json() == {"code": "NL00", "level": "country"}
    assert made_at_once.json() == {"above": [], "absent": []}
    assert [row["code"] for row in whole.json()["results"]] == [row["code"] for row in part.json()["results"]]
    assert whole["ETag"] != part["ETag"]


@pytest.mark.parametrize(
    ("path", "key", "known"),
    [
        ("/v1/observations?fields=value,secret", "fields", "areaCode"),
        ("/v1/observations?expand=indicator,passwords", "expand", "indicator, area"),
        ("/v1/pillars?expand=anything", "expand", None),
        ("/v1/observations?fields=" + "a" * 3000, "fields", None),
    ],
)
def test_a_name_nobody_knows_is_bad_input(client_with, path, key, known):
    answer = client_with().get(path)

    assert answer.status_code == 400
    error = answer.json()["errors"][0]
    assert (error["in"], error["location"]) == ("query", key)
    assert known is None or known in error["detail"]


def test_related_objects_stand_beside_as_their_own_resource_shows_them(client_with, django_assert_num_queries):
    client = client_with()
    with django_assert_num_queries(8, using="monitoring"):
        rows = client.get("/v1/observations?expand=indicator,area&pageSize=50").json()["results"]

    beside = rows[0]["_expand"]
    assert beside["indicator"] == client.get(f"/v1/indicators/{rows[0]['indicatorCode']}").json()
    assert {row["_expand"]["area"]["code"] for row in rows} == {row["areaCode"] for row in rows}


def test_both_work_together_and_on_one_resource(client_with, offering):
    shown = client_with().get(f"/v1/offerings/{offering.code}?fields=code&expand=intervention,organisation").json()

    assert set(shown) == {"code", "_expand"}
    assert shown["_expand"]["intervention"]["code"] == offering.intervention_id
    assert shown["_expand"]["organisation"]["code"] == offering.organisation_id


def test_what_stands_beside_obeys_the_rules_of_its_reader(client_with, offering):
    """Agreements show their offering to those who may see agreements, and to nobody else."""
    factory.agreement(offering=offering)

    outside = client_with("account-holder", municipality="GM0599").get("/v1/agreements?expand=offering").json()
    inside = client_with("account-holder").get("/v1/agreements?expand=offering").json()

    assert outside["results"] == []
    assert inside["results"][0]["_expand"]["offering"]["code"] == offering.code


def test_every_list_that_documents_fields_keeps_to_them(client_with):
    client, tried = client_with("administrator"), 0

    for path, operations in client.get("/v1/openapi.json").json()["paths"].items():
        names = [p for p in operations.get("get", {}).get("parameters", ()) if p["name"] == "fields"]
        required = [p for p in operations.get("get", {}).get("parameters", ()) if p.get("required")]
        if not names or required:
            continue
        whole = client.get(f"/v1{path}")
        many = {"count", "next", "previous", "results"} <= set(whole.json())
        rows = whole.json()["results"] if many else [whole.json()]
        if whole.status_code == 200 and rows and path not in WHOLE:
            wanted = next(iter(rows[-1]))
            told = client.get(f"/v1{path}?fields={wanted}").json()
            assert all(set(row) == {wanted} for row in (told["results"] if many else [told])), path
            tried += 1
    assert tried > 15
