"""What if: stateless, from a stored ranking or a new question."""

from dataclasses import replace

import pytest

from factors.models import RankingSnapshot
from tests.factories import factors as factory
from tests.factors import golden

pytestmark = pytest.mark.usefixtures("stores", "small")
QUESTION = {"modelCode": "small", "method": "five-elements-2023", "parameterSet": "published"}


@pytest.fixture
def small():
    content = factory.content(golden.MODEL)
    sources = tuple(replace(content.sources[0], code=code) for code in ("study", "other"))
    evidence = tuple(
        replace(e, source_code="other") if e.from_code == "skills" and e.to_code == "school" else e
        for e in content.evidence
    )
    return factory.published(replace(content, sources=sources, evidence=evidence))


def what_if(client, changes, **start):
    return client.post("/v1/scenarios", {**(start or QUESTION), "changes": changes}, format="json")


def scores(told):
    return {factor["factorCode"]: factor["score"] for factor in told["factors"] if factor["ranked"]}


@pytest.fixture
def stored(client_with):
    return client_with("area-adviser").post("/v1/rankings", QUESTION, format="json").json()


def test_leaving_out_a_source_is_ranking_the_model_without_it(client_with):
    told = what_if(client_with(), {"withoutSources": ["other"]}).json()

    without = replace(
        golden.MODEL, records=tuple(r for r in golden.RECORDS if (r.origin, r.target) != ("skills", "school"))
    )
    factory.published(without, code="without")
    plain = client_with("area-adviser").post("/v1/rankings", {**QUESTION, "modelCode": "without"}, format="json")
    assert scores(told) == scores(plain.json())


def test_it_says_what_moved(client_with, stored):
    told = what_if(client_with(), {"withoutRelations": [{"fromCode": "skills", "toCode": "school"}]}).json()

    moves = {move["factorCode"]: move for move in told["moves"]}
    before = {factor["factorCode"]: factor for factor in stored["factors"] if factor["ranked"]}
    assert moves.keys() == before.keys()
    for code, move in moves.items():
        assert (move["oldScore"], move["oldDenseRank"]) == (before[code]["score"], before[code]["denseRank"])
        assert move["newScore"] == scores(told)[code]
        assert move["moved"] == (
            move["oldDenseRank"] != move["newDenseRank"] or move["oldCompetitionRank"] != move["newCompetitionRank"]
        )
    assert told["movedCount"] == sum(move["moved"] for move in moves.values())
    assert moves["skills"]["name"] == "skills nl"


def test_a_stored_ranking_and_its_question_give_the_same(client_with, stored):
    changes = {"elements": [{"element": "goals", "weight": 0}]}

    assert what_if(client_with(), changes).json() == what_if(client_with(), changes, rankingId=stored["id"]).json()


def test_weights_effects_prevalences_and_goals_can_be_changed(client_with):
    changes = {
        "elements": [{"element": "prevalence", "weight": 0}],
        "effects": [{"evidenceCode": "e006", "size": 9.0}],
        "prevalences": [{"factorCode": "distress", "share": None}],
        "goals": [{"code": "school", "weight": 1}],
        "withoutEvidence": ["e003"],
    }

    told = what_if(client_with(), changes, modelCode="small", method="rip-2019", parameterSet="extended").json()

    assert {point["element"]: point["weight"] for point in told["factors"][0]["points"]}["prevalence"] == 0
    assert told["movedCount"] > 0


def test_nothing_is_kept(client_with, stored):
    before = RankingSnapshot.objects.count()

    what_if(client_with(), {"withoutSources": ["other"]}, rankingId=stored["id"])

    assert RankingSnapshot.objects.count() == before


@pytest.mark.parametrize(
    ("changes", "location", "code"),
    [
        ({}, "#/changes", "no-change"),
        ({"withoutSources": ["none"]}, "#/changes", "unknown-change"),
        ({"withoutRelations": [{"fromCode": "skills", "toCode": "none"}]}, "#/changes", "unknown-change"),
        ({"effects": [{"evidenceCode": "e005", "size": 1}]}, "#/changes/effects", "no-effect-measure"),
        ({"effects": [{"evidenceCode": "e002", "size": 2}]}, "#/changes", "impossible-change"),
        ({"prevalences": [{"factorCode": "skills", "share": 60}]}, "#/changes/prevalences/0/share", "max-value"),
        ({"elements": [{"element": "goals", "weight": -1}]}, "#/changes/elements/0/weight", "invalid-weight"),
        ({"goals": [{"code": "none"}]}, "#/changes/goals", "unknown-goal"),
        ({"goals": [None]}, "#/changes/goals/0", "null"),
        ({"local": [{"factorCode": "skills", "share": 0.5}]}, "#/changes", "unknown-change"),
        ({"sources": ["study"]}, "#/changes/sources", "unknown-key"),
    ],
)
def test_an_impossible_change_is_refused_with_its_place(client_with, changes, location, code):
    answer = what_if(client_with(), changes)

    assert answer.status_code == 400, answer.content
    assert [(error["location"], error["code"]) for error in answer.json()["errors"]][-1] == (location, code)


def test_a_ranking_and_a_question_at_once_are_refused(client_with, stored):
    answer = what_if(client_with(), {"withoutSources": ["other"]}, rankingId=stored["id"], method="rip-2019")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["location"] == "#/method"


@pytest.mark.parametrize("body", [{}, [], {"rankingId": 3, "changes": {}}, {"rankingId": "0", "changes": None}])
def test_nonsense_is_refused(client_with, body):
    assert client_with().post("/v1/scenarios", body, format="json").status_code == 400
