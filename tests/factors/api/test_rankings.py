"""Asking for rankings and reading them, with points that add up."""

import math

import pytest

from factors.models import RankingDefinition, RankingSnapshot
from factors.services.marks import mark
from factors.services.rankings import recompute_marked
from tests.factories import factors as factory
from tests.factors import golden

pytestmark = pytest.mark.usefixtures("stores")
GOLDEN = {
    ("rip-2019", "published"): {code: row[-1] for code, row in golden.RIP_PUBLISHED.items()},
    ("rip-2019", "extended"): golden.RIP_EXTENDED,
    ("five-elements-2023", "published"): {code: row[-1] for code, row in golden.FIVE_PUBLISHED.items()},
    ("five-elements-2023", "extended"): golden.FIVE_EXTENDED,
}


@pytest.fixture
def adviser(client_with):
    return client_with("area-adviser")


@pytest.fixture
def small():
    return factory.published(golden.MODEL)


def ask(client, *, key="", **body):
    wish = {"modelCode": "small", "method": "rip-2019", "parameterSet": "published", **body}
    headers = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    return client.post("/v1/rankings", wish, format="json", **headers)


@pytest.mark.parametrize(("method", "parameter_set"), GOLDEN)
def test_the_golden_example_comes_through_http(adviser, small, method, parameter_set):
    answer = ask(adviser, method=method, parameterSet=parameter_set)

    ranked = [factor for factor in answer.json()["factors"] if factor["ranked"]]
    expected = GOLDEN[method, parameter_set]
    assert answer.status_code == 201
    assert {factor["factorCode"]: factor["score"] for factor in ranked} == pytest.approx(expected, abs=1e-6)
    assert [factor["factorCode"] for factor in ranked] == list(expected)
    assert [factor["denseRank"] for factor in ranked] == [1, 2, 3, 4, 5]


def test_the_points_of_every_factor_add_up_to_its_score(adviser, small):
    for factor in ask(adviser, method="five-elements-2023").json()["factors"]:
        assert math.fsum(point["value"] for point in factor["points"]) == pytest.approx(factor["score"], abs=1e-12)
        for point in factor["points"]:
            assert math.fsum(term["value"] for term in point["comesFrom"]) == pytest.approx(point["value"], abs=1e-12)


def test_the_points_say_what_they_come_from(adviser, small):
    factors = {factor["factorCode"]: factor for factor in ask(adviser, method="five-elements-2023").json()["factors"]}

    told = {
        (point["element"], term["targetCode"]): term["value"]
        for point in factors["skills"]["points"]
        for term in point["comesFrom"]
    }
    assert told == pytest.approx(
        {(element, target): value for element, target, value in golden.SKILLS_POINTS}, abs=1e-6
    )


def test_an_unranked_factor_comes_last_with_its_reason(adviser, small):
    last = ask(adviser).json()["factors"][-1]

    assert (last["factorCode"], last["ranked"], last["reason"]) == ("isolated", False, "no-relations")
    assert (last["score"], last["denseRank"], last["competitionRank"], last["lever"]) == (0, None, None, None)
    assert last["points"] == []


def test_a_ranking_carries_everything_it_rests_on(adviser, small):
    told = ask(adviser, selection={"goals": [{"code": "school", "weight": 3}, {"code": "mental", "weight": 1}]}).json()

    assert (told["modelCode"], told["modelVersion"], told["modelChecksum"]) == ("small", "1.0.0", small.checksum)
    assert (told["method"], told["methodVersion"], told["parameterSet"]) == ("rip-2019", "1", "published")
    assert told["parameters"]["weights"][0] == {"element": "relevance", "weight": 0.4}
    assert told["parameters"]["missingPrevalence"] == 0.15
    assert told["selection"]["goals"] == [{"code": "mental", "weight": 0.5}, {"code": "school", "weight": 1.5}]
    assert told["selection"]["mode"] == "view"
    assert told["leaderIsMostConnected"] is False
    assert (told["areaCode"], told["withLocalData"]) == (None, False)
    assert "prevalence-missing" in told["flags"]


def test_the_same_question_finds_the_same_ranking(adviser, small):
    first = ask(adviser)

    again = ask(adviser, selection={"goals": [{"code": "school", "weight": 7}, {"code": "mental", "weight": 7}]})

    assert (first.status_code, again.status_code) == (201, 200)
    assert again["Location"] == first["Location"]
    assert again.json() == first.json()
    assert adviser.get(first["Location"]).json() == first.json()


def test_the_same_key_gives_the_same_answer_once(adviser, small):
    first = ask(adviser, key="one")

    again = ask(adviser, key="one")

    assert again.status_code == first.status_code == 201
    assert again["Idempotent-Replayed"] == "true"
    assert again["Location"] == first["Location"]
    assert ask(adviser, key="one", method="five-elements-2023").status_code == 422


def test_stored_numbers_do_not_change_when_they_are_read(adviser, small):
    identity = ask(adviser).json()["id"]
    stored = RankingSnapshot.objects.get(pk=identity).result

    adviser.get(f"/v1/rankings/{identity}", HTTP_ACCEPT_LANGUAGE="en")
    ask(adviser)

    assert RankingSnapshot.objects.get(pk=identity).result == stored


def test_a_view_lists_fewer_factors_with_the_same_scores_and_new_places(adviser, small):
    everyone = {factor["factorCode"]: factor["score"] for factor in ask(adviser).json()["factors"]}

    listed = ask(adviser, selection={"kind": "risk"}).json()["factors"]

    assert {factor["factorCode"] for factor in listed} == {"parent-ill", "distress", "bullied", "isolated"}
    assert all(factor["score"] == everyone[factor["factorCode"]] for factor in listed)
    assert [factor["denseRank"] for factor in listed] == [1, 2, 3, None]


def test_a_withdrawn_version_is_flagged_on_the_rankings_it_gave(adviser, small):
    identity = ask(adviser).json()["id"]
    small.status, small.withdrawal_reason = "withdrawn", "a mistake"
    small.save()

    assert "version-withdrawn" in adviser.get(f"/v1/rankings/{identity}").json()["flags"]


class TestFaults:
    def locations(self, answer):
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"
        return {error["location"]: error["code"] for error in answer.json()["errors"]}

    def test_every_fault_is_named_at_once(self, adviser, small):
        answer = ask(
            adviser, method="best", parameterSet="mine", extra=1,
            selection={
                "goals": [{"code": "nowhere"}, {"code": "school", "weight": -1}], "mode": "wide", "kind": "odd",
                "lifePhase": "teens", "lifeDomain": "moon",
            },
        )  # fmt: skip

        assert self.locations(answer) == {
            "#/method": "invalid-choice",
            "#/parameterSet": "invalid-choice",
            "#/extra": "unknown-key",
            "#/selection/goals/0/code": "unknown-goal",
            "#/selection/goals/1/weight": "invalid-weight",
            "#/selection/mode": "invalid-choice",
            "#/selection/kind": "invalid-choice",
            "#/selection/lifePhase": "unknown-code",
            "#/selection/lifeDomain": "unknown-code",
        }

    @pytest.mark.parametrize(
        ("goals", "location", "code"),
        [
            ([], "#/selection/goals", "empty-selection"),
            ([{"code": "school", "weight": 0}], "#/selection/goals", "all-weights-zero"),
            ([{"code": "school"}, {"code": "school"}], "#/selection/goals", "duplicate-goal"),
            ([{"code": "school", "weight": "inf"}], "#/selection/goals/0/weight", "invalid"),
            ([{"code": "school", "weight": -0.5}], "#/selection/goals/0/weight", "invalid-weight"),
            ([{"code": "school", "weight": "much"}], "#/selection/goals/0/weight", "invalid"),
            ([{"weight": 1}], "#/selection/goals/0/code", "required"),
            ([{"code": "school"}, None], "#/selection/goals/1", "null"),
            (["school"], "#/selection/goals/0", "invalid"),
        ],
    )
    def test_weights_that_cannot_rank(self, adviser, small, goals, location, code):
        assert self.locations(ask(adviser, selection={"goals": goals})) == {location: code}

    def test_a_selection_that_leaves_nothing(self, adviser, small):
        answer = ask(adviser, selection={"lifePhase": "pregnancy", "kind": "protective"})

        assert self.locations(answer) == {"#/selection": "empty-selection"}

    def test_a_model_or_version_nobody_published(self, adviser, small):
        assert self.locations(ask(adviser, modelCode="none")) == {"#/modelCode": "unknown-model"}
        assert self.locations(ask(adviser, modelVersion="7.0.0")) == {"#/modelVersion": "unknown-model"}

    def test_a_draft_is_not_ranked(self, adviser):
        factory.draft(golden.MODEL, municipality="GM0363")

        assert self.locations(ask(adviser, modelVersion="draft")) == {"#/modelVersion": "unknown-model"}

    @pytest.mark.parametrize(
        ("field", "value"), [("modelCode", 5), ("modelCode", "a\0b"), ("modelCode", None), ("modelVersion", 1)]
    )
    def test_a_model_named_in_no_way(self, adviser, small, field, value):
        assert set(self.locations(ask(adviser, **{field: value}))) == {f"#/{field}"}

    @pytest.mark.parametrize("field", ["lifePhase", "lifeDomain", "kind"])
    def test_a_code_with_a_strange_character(self, adviser, small, field):
        assert set(self.locations(ask(adviser, selection={field: "a\0b"}))) == {f"#/selection/{field}"}

    @pytest.mark.parametrize("selection", [[], "text", {"goals": "school"}, {"goals": [5]}])
    def test_a_selection_of_another_form(self, adviser, small, selection):
        assert all(place.startswith("#/selection") for place in self.locations(ask(adviser, selection=selection)))

    @pytest.mark.parametrize("body", [[], "text", None, 5])
    def test_a_body_that_is_no_object(self, adviser, body):
        answer = adviser.post("/v1/rankings", body, format="json")

        assert answer.status_code == 400

    def test_faults_are_told_in_the_asked_language(self, adviser, small):
        answer = ask(adviser, selection={"goals": [{"code": "school", "weight": -1}]})

        assert answer.json()["errors"][0]["detail"] == "Een gewicht is een getal van nul of hoger."

    def test_a_refused_question_stores_nothing(self, adviser, small):
        ask(adviser, method="best")

        assert not RankingSnapshot.objects.filter(model_code="small").exists()


@pytest.mark.parametrize(("role", "status"), [("", 401), ("partner", 403), ("dashboard", 403), ("account-holder", 201)])
def test_asking_needs_the_right_to(client_with, small, role, status):
    assert ask(client_with(role)).status_code == status


class TestReading:
    @pytest.fixture
    def newest(self):
        definitions = RankingDefinition.objects.filter(model_code="public")
        mark(definitions, reason="test")
        recompute_marked()
        return definitions.get(code="public-five-elements-2023").newest_snapshot_id

    def test_everyone_finds_the_newest_ranking_of_a_definition(self, client_with, newest):
        definition = client_with().get("/v1/ranking-definitions/public-five-elements-2023").json()

        assert definition["newestSnapshotId"] == newest
        assert client_with().get(definition["newestSnapshotUrl"]).json()["id"] == newest
        assert definition["modelVersion"] is None

    def test_everyone_reads_a_ranking_in_two_queries(self, client_with, newest, django_assert_num_queries):
        client_with().get(f"/v1/rankings/{newest}")

        with django_assert_num_queries(2):
            answer = client_with().get(f"/v1/rankings/{newest}")

        assert len(answer.json()["factors"]) == 92

    @pytest.mark.parametrize("size", [1, 100])
    def test_its_factors_come_by_page_in_as_many_queries(self, client_with, newest, django_assert_num_queries, size):
        client_with().get(f"/v1/rankings/{newest}")

        with django_assert_num_queries(2):
            answer = client_with().get(f"/v1/rankings/{newest}/factors?pageSize={size}")

        assert answer.json()["count"] == 92
        assert len(answer.json()["results"]) == min(size, 92)

    def test_page_and_whole_tell_the_same(self, client_with, newest):
        whole = client_with().get(f"/v1/rankings/{newest}").json()["factors"]
        page = client_with().get(f"/v1/rankings/{newest}/factors?pageSize=5&page=2").json()["results"]

        assert page == whole[5:10]

    def test_names_follow_the_language_and_numbers_do_not(self, client_with, newest):
        dutch = client_with().get(f"/v1/rankings/{newest}").json()["factors"][0]
        english = client_with().get(f"/v1/rankings/{newest}", HTTP_ACCEPT_LANGUAGE="en").json()["factors"][0]

        assert dutch["name"] != english["name"]
        assert dutch["score"] == english["score"]

    @pytest.mark.parametrize(("path", "count"), [("rankings", 4), ("ranking-definitions", 4)])
    @pytest.mark.parametrize("size", [1, 100])
    def test_lists_take_two_queries(self, client_with, newest, django_assert_num_queries, path, count, size):
        client = client_with()

        with django_assert_num_queries(2):
            answer = client.get(f"/v1/{path}?pageSize={size}&modelCode=public")

        assert answer.json()["count"] >= count
        assert len(answer.json()["results"]) == min(size, answer.json()["count"])

    def test_factors_are_narrowed_and_keep_their_places(self, client_with, newest):
        found = (
            client_with().get(f"/v1/rankings/{newest}/factors?kind=promotive&lifeDomain=school-work").json()["results"]
        )
        whole = {f["factorCode"]: f for f in client_with().get(f"/v1/rankings/{newest}").json()["factors"]}

        assert found
        assert all(factor == whole[factor["factorCode"]] for factor in found)

    def test_an_unknown_ranking_is_not_found(self, client_with):
        assert client_with().get("/v1/rankings/0000").status_code == 404
        assert client_with().get("/v1/rankings/0000/factors").status_code == 404
        assert client_with().get("/v1/ranking-definitions/none").status_code == 404


def test_a_definition_of_one_municipality_is_hidden_from_others(client_with):
    factory.definition("ours", municipality_code="GM0363")

    assert client_with("area-adviser").get("/v1/ranking-definitions/ours").status_code == 200
    assert client_with("area-adviser", municipality="GM0599").get("/v1/ranking-definitions/ours").status_code == 404
    assert client_with().get("/v1/ranking-definitions/ours").status_code == 404
