"""The order of 17 factors that Rotterdam published, beside the nearest factors of the public model."""

import pytest

pytestmark = pytest.mark.usefixtures("stores")


def test_the_published_order_is_told_with_its_ties(client_with, django_assert_num_queries):
    with django_assert_num_queries(2):
        told = client_with().get("/v1/published-rankings/rotterdam-2019").json()

    assert [item["rank"] for item in told["items"]] == [1, 2, 2, 2, 3, 3, 3, 4, 4, *[5] * 8]
    assert told["items"][1]["factorCode"] == "parental-mental-illness"
    assert told["items"][15] == {
        "code": "nutrition",
        "name": "Voeding",
        "rank": 5,
        "order": 16,
        "factorCode": None,
        "source": "003_50427ce0191e1596.txt: Deel 2 Stap 1, tabel Ranking van factoren; Bijlage 4",
    }


def test_the_list_holds_it_too(client_with, django_assert_num_queries):
    with django_assert_num_queries(3):
        answer = client_with().get("/v1/published-rankings")

    assert [ranking["code"] for ranking in answer.json()["results"]] == ["rotterdam-2019"]


def test_another_one_is_not_found(client_with):
    assert client_with().get("/v1/published-rankings/none").status_code == 404
