"""Pillars, domains, ambitions, phases, life domains, glossary."""

import pytest

pytestmark = pytest.mark.usefixtures("stores")


@pytest.mark.parametrize(
    ("path", "count"),
    [("pillars", 3), ("domains", 9), ("ambitions", 18), ("life-phases", 7), ("life-domains", 5), ("glossary", 34)],
)
def test_everyone_reads_a_whole_list_in_two_queries(client_with, django_assert_num_queries, path, count):
    with django_assert_num_queries(2):
        answer = client_with().get(f"/v1/{path}")

    assert answer.status_code == 200
    assert answer.json()["count"] == len(answer.json()["results"]) == count
    assert answer["Cache-Control"] == "public, max-age=60"


def test_pillars_come_in_their_own_order_and_in_the_asked_language(client_with):
    dutch = client_with().get("/v1/pillars").json()["results"]
    english = client_with().get("/v1/pillars", HTTP_ACCEPT_LANGUAGE="en").json()["results"]

    assert [entry["name"] for entry in dutch] == ["Kansrijk", "Veilig", "Gezond"]
    assert [entry["name"] for entry in english] == ["Opportunity", "Safety", "Health"]


def test_domains_are_narrowed_to_a_pillar(client_with):
    found = client_with().get("/v1/domains?pillarCode=safety").json()["results"]

    assert [entry["code"] for entry in found] == ["safe-home", "safe-neighbourhood-and-school", "crime"]


def test_an_ambition_of_the_all_ages_set_has_a_pillar_and_no_domain(client_with):
    found = client_with().get("/v1/ambitions?variant=all-ages&pillarCode=health").json()["results"]

    assert len(found) == 3
    assert {entry["domainCode"] for entry in found} == {None}


def test_what_another_source_calls_it_is_an_alias(client_with):
    found = {entry["code"]: entry for entry in client_with().get("/v1/life-domains").json()["results"]}

    assert "ouders-gezin" in found["home"]["aliases"]
    assert {"school", "werk"} <= set(found["school-work"]["aliases"])


def test_the_glossary_pairs_dutch_and_english(client_with):
    found = {entry["code"]: entry for entry in client_with().get("/v1/glossary").json()["results"]}

    assert found["reach"]["termNl"] == "bereik"
    assert found["reach"]["termEn"] == "reach"


def test_an_unknown_query_key_is_bad_input(client_with):
    answer = client_with().get("/v1/domains?pillar=safety")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["location"] == "pillar"
