"""Organisations and the code lists of interventions."""

import pytest

from tests.factories import interventions as make

pytestmark = pytest.mark.usefixtures("stores")


def test_organisations_are_public_and_empty_is_null(client_with):
    make.organisation("org-b")
    make.organisation("org-a", name="Buurtwerk", identifier_kind="kvk", identifier="01234567")

    answer = client_with().get("/v1/organisations").json()

    assert [one["code"] for one in answer["results"]] == ["org-a", "org-b"]
    assert answer["results"][0] == {
        "code": "org-a",
        "name": "Buurtwerk",
        "identifierKind": "kvk",
        "identifier": "01234567",
        "website": None,
        "demo": False,
    }


def test_one_organisation_and_none(client_with):
    make.organisation("org-a")

    assert client_with().get("/v1/organisations/org-a").json()["code"] == "org-a"
    assert client_with().get("/v1/organisations/org-z").status_code == 404


def test_the_effect_ladder_has_five_steps_from_zero(client_with):
    answer = client_with().get("/v1/effect-levels").json()

    assert [step["level"] for step in answer["results"]] == [0, 1, 2, 3, 4]
    assert answer["results"][0]["recognition"] is None
    assert answer["results"][2]["recognition"] == "Goed onderbouwd"


def test_labels_follow_the_language(client_with):
    answer = client_with().get("/v1/effect-levels", HTTP_ACCEPT_LANGUAGE="en").json()

    assert answer["results"][4]["name"] == "proven effective"


def test_databases_and_service_types_are_listed(client_with):
    databases = client_with().get("/v1/intervention-databases").json()
    services = client_with().get("/v1/service-types").json()

    assert databases["count"] == 7
    assert {one["code"] for one in services["results"]} >= {"contact-moments", "crisis-care"}
    assert all(one["groupName"] for one in services["results"])
