"""The register of interventions."""

from datetime import date

import pytest

from interventions.services import register
from tests.factories import interventions as make

pytestmark = pytest.mark.usefixtures("stores")


def codes(client, query: str) -> set[str]:
    answer = client.get(f"/v1/interventions?pageSize=500&{query}")
    assert answer.status_code == 200, answer.content
    return {one["code"] for one in answer.json()["results"]}


def test_an_intervention_of_the_texts_is_not_listed_and_nothing_is_made_up(client_with):
    answer = client_with().get("/v1/interventions/home-start").json()

    assert (answer["listed"], answer["effectLevel"], answer["recognitions"]) == (False, None, [])
    assert answer["preventionLevels"] == []
    assert answer["duration"] is None
    assert [(one["factorCode"], one["direction"]) for one in answer["factors"]] == [("parenting-skills", None)]
    assert answer["factors"][0]["name"] == "Opvoedingsvaardigheden"


def test_the_ladder_level_is_that_of_the_day_asked_for_with_its_history(client_with):
    method = make.intervention("raised")
    listings = [
        register.Listing(2, date(2016, 1, 1), date(2020, 1, 1), "youth-nji"),
        register.Listing(3, date(2020, 1, 1), None, "youth-nji"),
    ]
    register.save_recognitions(intervention=method, listings=listings, actor="test")

    then = client_with().get("/v1/interventions/raised?validOn=2019-12-31").json()
    now = client_with().get("/v1/interventions/raised").json()

    assert (then["effectLevel"]["level"], now["effectLevel"]["level"]) == (2, 3)
    assert now["effectLevel"]["code"] == "first-indications"
    assert [(r["effectLevel"]["level"], r["validFrom"], r["validUntil"]) for r in now["recognitions"]] == [
        (2, "2016-01-01", "2020-01-01"),
        (3, "2020-01-01", None),
    ]


def test_a_level_that_expired_is_not_listed_any_more(client_with):
    method = make.intervention("expired")
    listing = register.Listing(4, date(2016, 1, 1), date(2020, 1, 1), "youth-nji")
    register.save_recognitions(intervention=method, listings=[listing], actor="test")

    answer = client_with().get("/v1/interventions/expired").json()

    assert (answer["listed"], answer["effectLevel"]) == (False, None)
    assert "expired" in codes(client_with(), "listed=false")
    assert "expired" in codes(client_with(), "listed=true&validOn=2019-01-01")


def test_filters_find_what_is_stated(client_with):
    make.intervention("a", factors=("sleep", "debt"), level=3, domain_codes=["work"], life_phases=["adulthood"],
                      prevention_levels=["selective"])  # fmt: skip
    make.intervention("b", factors=("sleep",), level=1, goal_nl="Beter slapen in de zomervakantie")
    make.intervention("c")
    client = client_with()

    assert codes(client, "factorCode=sleep") == {"a", "b"}
    assert codes(client, "domainCode=work") == {"a"}
    assert codes(client, "lifePhase=adulthood") == {"a"}
    assert codes(client, "preventionLevel=selective") == {"a"}
    assert codes(client, "minimumLevel=1&factorCode=sleep") == {"a", "b"}
    assert codes(client, "minimumLevel=2&factorCode=sleep") == {"a"}
    assert codes(client, "q=zomervakantie") == {"b"}
    assert codes(client, "listed=true") >= {"a", "b"}
    assert "c" not in codes(client, "minimumLevel=0")


@pytest.mark.parametrize(
    ("query", "location"),
    [
        ("minimumLevel=5", "minimumLevel"),
        ("lifePhase=toddler", "lifePhase"),
        ("preventionLevel=primary", "preventionLevel"),
        ("validOn=yesterday", "validOn"),
        ("level=2", "level"),
    ],
)
def test_a_wrong_query_is_bad_input(client_with, query, location):
    answer = client_with().get(f"/v1/interventions?{query}")

    assert answer.status_code == 400
    assert [error["location"] for error in answer.json()["errors"]] == [location]


def test_more_interventions_cost_no_more_queries(client_with, queries_of):
    client = client_with()
    few = queries_of(lambda: client.get("/v1/interventions?pageSize=1"))
    for number in range(5):
        make.intervention(f"method-{number}", factors=("sleep", "debt"), level=2)

    many = queries_of(lambda: client.get("/v1/interventions?pageSize=500"))

    assert many == few


def test_an_unknown_intervention_is_404(client_with):
    assert client_with().get("/v1/interventions/nothing").status_code == 404
