"""Portfolios over HTTP: what to turn for a budget, with proof; refused with a place."""

import pytest

from tests.factories import factors as factory
from tests.factors import golden

pytestmark = pytest.mark.usefixtures("stores", "small")
ASKED = {"modelCode": "small", "method": "five-elements-2023", "budget": 2}


@pytest.fixture
def small():
    return factory.published(golden.MODEL)


@pytest.fixture
def ask(client_with):
    def asked(status=200, **other):
        answer = client_with().post("/v1/portfolios", {**ASKED, **other}, format="json")
        assert answer.status_code == status, answer.content
        return answer.json()

    return asked


def test_anyone_can_ask_what_to_turn_for_a_budget(ask):
    told = ask()

    assert (told["modelVersion"], told["parameterSet"]) == ("1.0.0", "published")
    assert [pick["factorCode"] for pick in told["picks"]] == ["distress", "skills"]
    assert [pick["lever"] for pick in told["picks"]] == ["reduce", "strengthen"]
    assert told["cost"] == 2
    assert sum(pick["gain"] for pick in told["picks"]) == pytest.approx(told["value"])
    assert told["greedyValue"] <= told["value"] <= told["upperBound"] <= told["most"] + 1e-6
    assert told["gap"] == told["upperBound"] - told["value"]
    assert told["optimal"] is True
    assert sum(goal["weight"] * goal["reached"] for goal in told["goals"]) == pytest.approx(told["value"])
    school = next(reach for reach in told["picks"][0]["reaches"] if reach["goalCode"] == "school")
    assert school["path"] == [
        {"fromCode": "skills", "toCode": "distress"}, {"fromCode": "skills", "toCode": "school"},
    ]  # fmt: skip


def test_costs_weights_and_selection_count(ask):
    assert [p["factorCode"] for p in ask(budget=1, selection={"kind": "promotive"})["picks"]] == ["skills"]
    assert [p["factorCode"] for p in ask(budget=1, costs=[{"factorCode": "distress", "cost": 5}])["picks"]] == [
        "skills"
    ]
    school = ask(budget=1, selection={"goals": [{"code": "school", "weight": 3}]})
    assert [goal["goalCode"] for goal in school["goals"]] == ["school"]
    assert school["goals"][0]["weight"] == 1
    assert ask(budget=1, defaultCost=2)["picks"] == []


def test_the_same_question_has_the_same_answer(ask):
    assert ask(budget=3) == ask(budget=3)


@pytest.mark.parametrize(
    ("other", "location", "code"),
    [
        ({"budget": -1}, "#/budget", "invalid-budget"),
        ({"budget": "NaN"}, "#/budget", "invalid"),
        ({"budget": None}, "#/budget", "null"),
        ({"defaultCost": 0}, "#/defaultCost", "invalid-cost"),
        ({"costs": [{"factorCode": "skills", "cost": -1}]}, "#/costs/0/cost", "invalid-cost"),
        ({"costs": [{"factorCode": "nobody", "cost": 1}]}, "#/costs", "unknown-factor"),
        ({"costs": [{"factorCode": "skills", "cost": 1}] * 2}, "#/costs", "duplicate-factor"),
        ({"modelCode": "none"}, "#/modelCode", "unknown-model"),
        ({"method": "best"}, "#/method", "invalid-choice"),
        ({"budgets": 3}, "#/budgets", "unknown-key"),
        ({"selection": {"goals": [{"code": "none"}]}}, "#/selection/goals/0/code", "unknown-goal"),
        ({"selection": {"goals": [{"code": "school", "weight": -1}]}}, "#/selection/goals/0/weight", "invalid-weight"),
        ({"selection": {"goals": [{"code": "school", "weight": 0}]}}, "#/selection/goals", "all-weights-zero"),
        ({"selection": {"kind": "risk", "lifePhase": "pregnancy"}}, "#/selection", "empty-selection"),
    ],
)
def test_what_cannot_be_bought_is_refused_with_its_place(ask, other, location, code):
    told = ask(status=400, **other)

    assert [(error["location"], error["code"]) for error in told["errors"]] == [(location, code)]
