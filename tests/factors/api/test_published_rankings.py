"""The order of 17 factors that Rotterdam published, beside the nearest factors of the public model."""

import pytest

from factors.models import RankingDefinition
from factors.services.marks import mark
from factors.services.rankings import recompute_marked

pytestmark = pytest.mark.usefixtures("stores")


@pytest.fixture
def computed():
    mark(RankingDefinition.objects.filter(code__startswith="public-"), reason="test")
    recompute_marked()


def told(client, query=""):
    return client.get(f"/v1/published-rankings/rotterdam-2019{query}").json()


def test_the_published_order_is_told_with_its_ties(client_with, computed, django_assert_num_queries):
    told(client_with())

    with django_assert_num_queries(4):
        items = told(client_with())["items"]

    assert [item["rank"] for item in items] == [1, 2, 2, 2, 3, 3, 3, 4, 4, *[5] * 8]
    assert items[1]["factorCode"] == "parental-mental-illness"
    assert items[15] == {
        "code": "nutrition",
        "name": "Voeding",
        "rank": 5,
        "order": 16,
        "factorCode": None,
        "source": "003_50427ce0191e1596.txt: Deel 2 Stap 1, tabel Ranking van factoren; Bijlage 4",
        "ourDenseRank": None,
        "ourCompetitionRank": None,
        "ourScore": None,
        "rankAmongCompared": None,
        "publishedAmongCompared": None,
        "difference": None,
    }


def test_our_place_stands_beside_it_as_our_ranking_says(client_with, computed):
    compared = told(client_with(), "?definitionCode=public-five-elements-2023")

    ranking = client_with().get(f"/v1/rankings/{compared['agreement']['rankingId']}").json()
    ours = {factor["factorCode"]: factor for factor in ranking["factors"] if factor["ranked"]}
    beside = [item for item in compared["items"] if item["ourScore"] is not None]
    assert ranking["method"] == "five-elements-2023"
    assert len(beside) == compared["agreement"]["comparedCount"] > 5
    for item in beside:
        factor = ours[item["factorCode"]]
        assert (item["ourDenseRank"], item["ourCompetitionRank"], item["ourScore"]) == (
            factor["denseRank"], factor["competitionRank"], factor["score"],
        )  # fmt: skip
        assert item["difference"] == item["rankAmongCompared"] - item["publishedAmongCompared"]
    assert -1 <= compared["agreement"]["tauB"] <= 1


def test_without_a_ranking_of_ours_nothing_stands_beside_it(client_with):
    RankingDefinition.objects.filter(code="public-rip-2019").update(newest_snapshot=None)

    assert told(client_with())["agreement"] is None


def test_an_unknown_definition_is_refused(client_with):
    answer = client_with().get("/v1/published-rankings/rotterdam-2019?definitionCode=none")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["location"] == "definitionCode"


def test_the_list_holds_it_too(client_with, django_assert_num_queries):
    with django_assert_num_queries(3):
        answer = client_with().get("/v1/published-rankings")

    assert [ranking["code"] for ranking in answer.json()["results"]] == ["rotterdam-2019"]


def test_another_one_is_not_found(client_with):
    assert client_with().get("/v1/published-rankings/none").status_code == 404
