"""Ranking definitions: a municipality makes and changes its own, and a worker keeps them up to date."""

import pytest

from accounts.models import AuditEntry
from factors.models import RankingDefinition, RankingMark
from factors.services.rankings import recompute_marked
from tests.factories import factors as factory
from tests.factors import golden

pytestmark = pytest.mark.usefixtures("stores", "small")
WANTED = {"modelCode": "small", "method": "rip-2019", "nameNl": "Onze volgorde"}


@pytest.fixture
def small():
    RankingMark.objects.all().delete()
    return factory.published(golden.MODEL)


@pytest.fixture
def adviser(client_with):
    return client_with("area-adviser")


def make(client, **other):
    return client.post("/v1/ranking-definitions", {"code": "ours", **WANTED, **other}, format="json")


def change(client, etag, code="ours", **other):
    headers = {"HTTP_IF_MATCH": etag} if etag else {}
    return client.put(f"/v1/ranking-definitions/{code}", {**WANTED, **other}, format="json", **headers)


def test_a_new_definition_is_computed_by_a_worker(adviser):
    made = make(adviser, draws=100, seed=3, selection={"kind": "risk"})

    recompute_marked()

    told = adviser.get(made["Location"]).json()
    ranking = adviser.get(told["newestSnapshotUrl"]).json()
    assert made.status_code == 201
    assert (told["municipalityCode"], told["modelVersion"], told["draws"], told["seed"]) == ("GM0363", None, 100, 3)
    assert told["selection"] == {"goals": None, "mode": "view", "lifePhase": None, "lifeDomain": None, "kind": "risk"}
    assert (ranking["draws"], ranking["selection"]["kind"]) == (100, "risk")
    assert ranking["factors"][0]["rankMedian"] >= 1


def test_a_change_replaces_all_and_marks_it_again(adviser):
    place = make(adviser, selection={"kind": "risk"})["Location"]
    recompute_marked()
    etag = adviser.get(place)["ETag"]

    changed = change(adviser, etag, method="five-elements-2023", nameNl="Anders", modelVersion="1.0.0")

    assert changed.status_code == 200
    told = changed.json()
    assert (told["name"], told["method"], told["modelVersion"]) == ("Anders", "five-elements-2023", "1.0.0")
    assert told["selection"]["kind"] is None
    recompute_marked()
    assert adviser.get(adviser.get(place).json()["newestSnapshotUrl"]).json()["method"] == "five-elements-2023"


def test_a_definition_keeps_its_own_doubt(adviser):
    own = {"weights": 30.0, "unknownFlags": 0.5, "prevalenceWeight": None}
    place = make(adviser, draws=100, doubt=own)["Location"]
    recompute_marked()

    told = adviser.get(place).json()
    ranking = adviser.get(told["newestSnapshotUrl"]).json()
    used = ranking["doubt"]["parameters"]
    assert {name: used[name] for name in own} == own
    assert used["effectSe"] == 0.1  # what is not named stays as doubt/1 has it
    assert told["doubt"] == {name: value for name, value in used.items() if name not in ("name", "version")}


def test_another_doubt_is_another_ranking_and_none_is_the_one_before(adviser):
    place = make(adviser, draws=100)["Location"]
    recompute_marked()
    first = adviser.get(place).json()

    change(adviser, adviser.get(place)["ETag"], draws=100, doubt={"weights": 30})
    recompute_marked()
    second = adviser.get(place).json()
    change(adviser, adviser.get(place)["ETag"], draws=100)
    recompute_marked()

    assert (first["doubt"], second["doubt"]["weights"]) == (None, 30.0)
    assert second["newestSnapshotId"] != first["newestSnapshotId"]
    assert adviser.get(place).json()["newestSnapshotId"] == first["newestSnapshotId"]


def test_a_change_holds_only_for_what_its_maker_saw(adviser):
    place = make(adviser)["Location"]
    seen = adviser.get(place)["ETag"]
    change(adviser, seen, nameNl="Anders")

    assert change(adviser, seen, nameNl="Weer anders").status_code == 412
    assert change(adviser, None).status_code == 428
    assert RankingDefinition.objects.get(pk="ours").name_nl == "Anders"


def test_every_write_is_noted_with_before_and_after(adviser):
    place = make(adviser)["Location"]
    change(adviser, adviser.get(place)["ETag"], nameNl="Anders")

    made, changed = AuditEntry.objects.filter(resource="ranking-definitions", resource_code="ours").order_by("pk")
    assert (made.action, made.before, made.after["name_nl"]) == ("create", None, "Onze volgorde")
    assert (changed.action, changed.before["name_nl"], changed.after["name_nl"]) == (
        "change",
        "Onze volgorde",
        "Anders",
    )
    assert changed.municipality_code == "GM0363"


def test_others_find_nothing_and_change_nothing(adviser, client_with):
    place = make(adviser)["Location"]
    etag = adviser.get(place)["ETag"]

    elsewhere = client_with("area-adviser", municipality="GM0599")

    assert elsewhere.get(place).status_code == 404
    assert change(elsewhere, etag).status_code == 404
    assert client_with().get(place).status_code == 404
    shared = elsewhere.get("/v1/ranking-definitions/public-rip-2019")
    assert change(elsewhere, shared["ETag"], code="public-rip-2019").status_code == 404


def test_the_same_key_makes_one(adviser):
    body = {"code": "ours", **WANTED}
    answers = [
        adviser.post("/v1/ranking-definitions", body, format="json", HTTP_IDEMPOTENCY_KEY="one") for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert RankingDefinition.objects.filter(code="ours").count() == 1


@pytest.mark.parametrize(
    ("other", "location", "code"),
    [
        ({"code": "Ours"}, "#/code", "not-kebab-case"),
        ({"municipalityCode": "GM0599"}, "#/municipalityCode", "not-your-municipality"),
        ({"modelCode": "none"}, "#/modelCode", "unknown-model"),
        ({"selection": {"goals": [{"code": "none"}]}}, "#/selection/goals/0/code", "unknown-goal"),
        ({"draws": 10**6}, "#/draws", "too-many-draws"),
        ({"areaCode": "WK999999"}, "#/areaCode", "unknown-area"),
        ({"doubt": {"weights": 30}}, "#/draws", "too-few-draws"),
        ({"draws": 100, "doubt": {"weights": -1}}, "#/doubt/weights", "not-above-zero"),
        ({"draws": 100, "doubt": {"unknownFlags": 50}}, "#/doubt/unknownFlags", "max-value"),
        ({"draws": 100, "doubt": {"effectSE": 0.1}}, "#/doubt/effectSE", "unknown-key"),
        ({"nameNl": ""}, "#/nameNl", "blank"),
    ],
)
def test_what_could_never_be_ranked_is_refused_with_its_place(adviser, other, location, code):
    answer = make(adviser, **other)

    assert answer.status_code == 400
    assert [(error["location"], error["code"]) for error in answer.json()["errors"]] == [(location, code)]


def test_a_code_is_given_once(adviser, client_with):
    make(adviser)

    assert make(adviser).status_code == 409
    assert make(client_with("area-adviser", municipality="GM0599")).status_code == 409
