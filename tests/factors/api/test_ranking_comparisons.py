"""Why two rankings differ, which weights and which sources carry one."""

import math
from dataclasses import replace

import orjson
import pytest

from factors.models import RankingSnapshot
from tests.factories import factors as factory
from tests.factors import golden

pytestmark = pytest.mark.usefixtures("stores", "small")
CAUSES = ["model", "evidence", "data", "weights", "method", "code"]


@pytest.fixture
def small():
    return factory.published(golden.MODEL)


@pytest.fixture
def ask(client_with):
    def asked(**body):
        wish = {"modelCode": "small", "method": "rip-2019", **body}
        return client_with("area-adviser").post("/v1/rankings", wish, format="json").json()

    return asked


def diff(client, after, before):
    return client.get(f"/v1/rankings/{after['id']}/diff?against={before['id']}")


def parts(told, cause):
    return [part["value"] for factor in told["factors"] for part in factor["parts"] if part["cause"] == cause]


def test_a_ranking_does_not_differ_from_itself(client_with, ask):
    told = diff(client_with(), ask(), ask()).json()

    assert (told["changed"], told["movedCount"]) == ([], 0)
    assert {factor["change"] for factor in told["factors"]} == {0}


@pytest.mark.parametrize(
    ("other", "cause"),
    [
        ({"modelVersion": "1.1.0"}, "evidence"), ({"modelVersion": "1.2.0"}, "data"),
        ({"modelVersion": "1.3.0"}, "model"),
        ({"selection": {"goals": [{"code": "school"}]}}, "weights"), ({"parameterSet": "extended"}, "weights"),
        ({"method": "five-elements-2023"}, "method"),
    ],
)  # fmt: skip
def test_every_change_is_attributed_to_its_cause(client_with, ask, other, cause):
    before = ask(modelVersion="1.0.0")
    factory.published(replace(golden.MODEL, records=golden.RECORDS[1:]), number="1.1.0")
    more = tuple(replace(f, prevalence=0.5) if f.code == "distress" else f for f in golden.FACTORS)
    factory.published(replace(golden.MODEL, factors=more), number="1.2.0")
    kinds = tuple(replace(f, kind="risk") if f.code == "skills" else f for f in golden.FACTORS)
    factory.published(replace(golden.MODEL, factors=kinds), number="1.3.0")
    after = ask(**({"modelVersion": "1.0.0"} | other))

    told = diff(client_with(), after, before).json()

    assert told["changed"] == [cause]
    assert any(parts(told, cause))
    assert not any(value for other in CAUSES if other != cause for value in parts(told, other))


def test_the_parts_add_up_to_what_the_two_rankings_say(client_with, ask):
    before = ask()
    factory.published(replace(golden.MODEL, records=golden.RECORDS[1:]), number="1.1.0")
    after = ask(method="five-elements-2023", parameterSet="extended", selection={"goals": [{"code": "school"}]})

    told = diff(client_with(), after, before).json()

    old, new = ({f["factorCode"]: f for f in ranking["factors"] if f["ranked"]} for ranking in (before, after))
    assert set(told["changed"]) == {"evidence", "weights", "method"}
    for factor in told["factors"]:
        assert [part["cause"] for part in factor["parts"]] == CAUSES
        sum_of_parts = math.fsum(part["value"] for part in factor["parts"])
        assert sum_of_parts == pytest.approx(factor["newScore"] - factor["oldScore"], abs=1e-12)
        for side, name in ((old, "old"), (new, "new")):
            line = side.get(factor["factorCode"], {"score": 0, "denseRank": None, "competitionRank": None})
            assert factor[f"{name}Score"] == line["score"]
            assert factor[f"{name}DenseRank"] == line["denseRank"]


def test_what_the_inputs_do_not_explain_is_the_code(client_with, ask):
    before = ask()
    stored = RankingSnapshot.objects.get(pk=before["id"])
    result = orjson.loads(stored.result)
    result["factors"][0]["score"] -= 0.01  # as an older code would have had it
    older = RankingSnapshot.objects.create(
        **{f.attname: getattr(stored, f.attname) for f in stored._meta.fields} | {"id": "older", "code_commit": "old"}
        | {"result": orjson.dumps(result).decode()}
    )  # fmt: skip

    told = diff(client_with(), before, {"id": older.pk}).json()

    assert told["changed"] == ["code"]
    assert sum(parts(told, "code")) == pytest.approx(0.01)
    assert told["before"]["codeCommit"] == "old"


def test_against_what_is_asked_and_must_be_known(client_with, ask):
    ranking = ask()

    unknown = diff(client_with(), ranking, {"id": "0000"})
    missing = client_with().get(f"/v1/rankings/{ranking['id']}/diff")

    for answer in (unknown, missing):
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["location"] == "against"
    assert client_with().get(f"/v1/rankings/0000/diff?against={ranking['id']}").status_code == 404


def test_the_nearest_weights_dethrone_number_one_when_asked_for(client_with, ask):
    ranking = ask(method="five-elements-2023")

    told = client_with().get(f"/v1/rankings/{ranking['id']}/weight-changes").json()

    assert told["leaderCode"] == ranking["factors"][0]["factorCode"]
    nearest = next(one for one in told["challenges"] if one["factorCode"] == told["nearestL1"])
    assert nearest["l1"]["leaderScore"] == pytest.approx(nearest["l1"]["challengerScore"], abs=1e-9)
    assert math.fsum(weight["weight"] for weight in nearest["l1"]["weights"]) == pytest.approx(1)
    distances = [one["l1"]["distance"] for one in told["challenges"] if one["l1"]]
    assert distances == sorted(distances)
    changes = {"elements": nearest["l1"]["weights"]}
    scenario = client_with().post("/v1/scenarios", {"rankingId": ranking["id"], "changes": changes}, format="json")
    scores = {factor["factorCode"]: factor["score"] for factor in scenario.json()["factors"]}
    assert scores[told["leaderCode"]] == pytest.approx(scores[told["nearestL1"]], abs=1e-9)


def test_the_sources_that_carry_the_top_are_those_whose_loss_moves_it(client_with, ask):
    content = factory.content(golden.MODEL)
    sources = (content.sources[0], replace(content.sources[0], code="carries", title="It carries"))
    evidence = tuple(replace(e, source_code="carries") if e.from_code == "skills" else e for e in content.evidence)
    factory.published(replace(content, sources=sources, evidence=evidence), number="1.1.0")
    ranking = ask(method="five-elements-2023")

    told = client_with().get(f"/v1/rankings/{ranking['id']}/sources").json()

    assert (told["top"], told["sourceCount"]) == (10, 2)
    carries = next(one for one in told["carrying"] if one["sourceCode"] == "carries")
    changes = {"withoutSources": ["carries"]}
    scenario = client_with().post("/v1/scenarios", {"rankingId": ranking["id"], "changes": changes}, format="json")
    moved = {move["factorCode"]: move["newDenseRank"] for move in scenario.json()["moves"] if move["moved"]}
    assert {move["factorCode"]: move["newDenseRank"] for move in carries["moves"]} == moved
    assert carries["title"] == "It carries"
    assert carries["influence"] > 0
