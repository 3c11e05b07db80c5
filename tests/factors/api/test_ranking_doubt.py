"""Rankings with doubt over HTTP: asked for, made by a worker, read, cancelled; refused with a reason."""

import pytest

from factors.ranking.doubt import MAX_DRAWS
from factors.services.ranking_jobs import make_asked_rankings
from tests.factories import factors as factory
from tests.factors import golden

pytestmark = pytest.mark.usefixtures("stores", "small")
DOUBT_FIELDS = ("rankMedian", "rankLow", "rankHigh", "probabilityTop5", "sucra", "band")


@pytest.fixture
def small():
    return factory.published(golden.MODEL)


@pytest.fixture
def adviser(client_with):
    return client_with("area-adviser")


def ask(client, **body):
    wish = {"modelCode": "small", "method": "five-elements-2023", "draws": 200, "seed": 1, **body}
    return client.post("/v1/rankings", wish, format="json")


def made(client, **body):
    job = ask(client, **body)
    assert job.status_code == 202, job.content
    make_asked_rankings()
    return client.get(client.get(job["Location"]).json()["resultUrl"]).json()


def test_draws_are_accepted_and_the_job_leads_to_the_ranking(adviser):
    accepted = ask(adviser)

    assert accepted.status_code == 202
    assert int(accepted["Retry-After"]) >= 1
    waiting = adviser.get(accepted["Location"]).json()
    assert (waiting["status"], waiting["resultUrl"], waiting["kind"]) == ("queued", None, "ranking")
    make_asked_rankings()
    done = adviser.get(accepted["Location"]).json()
    assert (done["status"], done["doneCount"], done["totalCount"], done["errors"]) == ("succeeded", 200, 200, [])
    ranking = adviser.get(done["resultUrl"]).json()
    assert (ranking["draws"], ranking["seed"]) == (200, 1)
    assert ask(adviser).status_code == 200
    assert ask(adviser).json()["id"] == ranking["id"]


def test_every_ranked_factor_says_how_sure_its_place_is(adviser):
    ranking = made(adviser)

    ranked = [factor for factor in ranking["factors"] if factor["ranked"]]
    for factor in ranked:
        assert 1 <= factor["rankLow"] <= factor["rankMedian"] <= factor["rankHigh"] <= len(ranked)
        assert 0 <= factor["probabilityTop5"] <= 1
        assert 0 <= factor["sucra"] <= 1
        assert factor["factorCode"] in ranking["doubt"]["bands"][factor["band"] - 1]
    assert sum(factor["sucra"] for factor in ranked) / len(ranked) == pytest.approx(0.5)
    assert ranking["doubt"]["parameters"]["effectSe"] == 0.1
    assert (ranking["doubt"]["parameters"]["name"], ranking["doubt"]["parameters"]["version"]) == ("doubt", "1")


def test_without_doubt_the_fields_are_null(adviser):
    ranking = ask(adviser, draws=0).json()

    assert ranking["doubt"] is None
    assert {factor[name] for factor in ranking["factors"] for name in DOUBT_FIELDS} == {None}


def test_no_doubt_at_all_reproduces_the_point_ranking(adviser):
    certain = {"effectTimes": 0, "missingEffect": False, "prevalenceWeight": None, "missingPrevalenceHigh": None}

    ranking = made(adviser, doubt=certain)

    for factor in ranking["factors"]:
        if factor["ranked"]:
            places = {factor["rankMedian"], factor["rankLow"], factor["rankHigh"]}
            assert places == {factor["denseRank"]}
            assert factor["probabilityTop5"] == 1.0


def test_the_same_seed_gives_the_same_and_another_seed_another_ranking(adviser):
    first, other = made(adviser), made(adviser, seed=2)

    assert first["id"] != other["id"]
    assert [factor["score"] for factor in first["factors"]] == [factor["score"] for factor in other["factors"]]
    assert [factor["sucra"] for factor in first["factors"]] != [factor["sucra"] for factor in other["factors"]]


def test_weights_in_doubt_widen_the_intervals(adviser):
    def width(ranking):
        return sum(factor["rankHigh"] - factor["rankLow"] for factor in ranking["factors"] if factor["ranked"])

    assert width(made(adviser, doubt={"weights": 3})) > width(made(adviser))


def test_a_waiting_job_can_be_stopped_once(adviser, client_with):
    place = ask(adviser)["Location"]

    assert client_with("data-steward").delete(place).status_code == 404
    stopped = adviser.delete(place)
    again = adviser.delete(place)

    assert (stopped.status_code, stopped.json()["status"]) == (200, "cancelled")
    assert stopped.json()["finishedAt"]
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "already-finished")
    assert make_asked_rankings() == 0
    assert adviser.get(place).json()["resultUrl"] is None


@pytest.mark.parametrize(
    ("body", "location", "code"),
    [
        ({"draws": MAX_DRAWS + 1}, "#/draws", "too-many-draws"),
        ({"draws": -1}, "#/draws", "min-value"),
        ({"draws": 0, "doubt": {"effectSe": 0.2}}, "#/draws", "too-few-draws"),
        ({"doubt": {"interval": 90}}, "#/doubt/interval", "max-value"),
        ({"doubt": {"unknownFlags": -0.1}}, "#/doubt/unknownFlags", "min-value"),
        ({"doubt": {"weights": 0}}, "#/doubt/weights", "not-above-zero"),
        ({"doubt": {"effectSE": 0.1}}, "#/doubt/effectSE", "unknown-key"),
        ({"doubt": {"effectSe": "NaN"}}, "#/doubt/effectSe", "invalid"),
        ({"seed": -1}, "#/seed", "min-value"),
    ],
)
def test_an_impossible_doubt_is_refused_with_its_place(adviser, body, location, code):
    answer = ask(adviser, **body)

    assert answer.status_code == 400
    assert [(error["location"], error["code"]) for error in answer.json()["errors"]] == [(location, code)]
