"""The same method under two names: the report, and the warning when one is added."""

import pytest

pytestmark = pytest.mark.usefixtures("city")
METHOD = {"nameEn": "Stork mums", "kind": "role"}


@pytest.fixture
def steward(client_with):
    return client_with("data-steward")


def pairs(answer) -> dict[tuple[str, str], tuple]:
    assert answer.status_code == 200, answer.content
    return {
        (one["interventionCode"], one["otherCode"]): (one["grounds"], one["related"])
        for one in answer.json()["results"]
    }


def test_the_register_of_the_texts_has_its_known_doubles(steward):
    found = pairs(steward.get("/v1/intervention-duplicates"))

    assert found["basisbanen-groningen", "buurtbanen-amsterdam"] == (["same-name"], True)
    assert found["girls-work-den-haag", "girls-work-zaandam"] == (["same-name"], False)
    assert ("thuis-in-de-wijk", "thuis-op-straat") not in found


def test_a_new_method_that_is_there_already_comes_with_a_warning(steward):
    other = steward.post("/v1/interventions", {"code": "x-unlike", "nameNl": "Zwemles", **METHOD}, format="json")
    body = {"code": "ooievaarmoeders", "nameNl": "Ooievaarmoeders", **METHOD}
    answer = steward.post("/v1/interventions", body, format="json")

    assert answer.status_code == 201
    warned = {one["interventionCode"]: one["grounds"] for one in answer.json()["possibleDuplicates"]}
    assert warned["ooievaarsmoeders"] == ["similar-name"]
    assert warned["x-unlike"] == ["same-name"]  # the English names are the same
    assert other.json()["possibleDuplicates"] == []
    assert "possibleDuplicates" not in steward.get("/v1/interventions/ooievaarmoeders").json()
    about = pairs(steward.get("/v1/intervention-duplicates?interventionCode=ooievaarmoeders&ground=similar-name"))
    assert set(about) == {("ooievaarmoeders", "ooievaarsmoeders")}


def test_a_file_warns_too(steward):
    csv = "code,nameNl,nameEn,kind\nbasisbanen-elders,Basisbaan,Basic job,job-scheme\n"
    answer = steward.post("/v1/supply-files?table=interventions", csv.encode(), content_type="text/csv")

    doubtful = {(one["otherCode"], one["interventionCode"]) for one in answer.json()["possibleDuplicates"]}
    assert ("basisbanen-elders", "basisbanen-groningen") in doubtful
