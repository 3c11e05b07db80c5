"""The same method under two names: the report, and the warning when one is added."""

import pytest

from accounts.models import AuditEntry
from config.errors import NotFound
from interventions import likeness
from interventions.models import Intervention
from interventions.services.register import dismissals, duplicates

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


GIRLS = ("girls-work-den-haag", "girls-work-zaandam")


def dismiss(client, *, reason="Andere stad, andere doelgroep", **more):
    body = {"interventionCode": GIRLS[1], "otherCode": GIRLS[0], "reason": reason} | more
    return client.post("/v1/duplicate-dismissals", body, format="json")


def asked(client, **query):
    return pairs(client.get("/v1/intervention-duplicates", query))


def test_a_pair_that_somebody_dismissed_is_not_asked_about_again(steward, client_with):
    made = dismiss(steward)

    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["interventionCode"], told["otherCode"], told["reason"]) == (*GIRLS, "Andere stad, andere doelgroep")
    assert told["dismissedBy"] and told["dismissedAt"]
    assert GIRLS not in asked(steward) and GIRLS not in asked(steward, interventionCode=GIRLS[0])
    assert set(asked(steward, dismissed="true")) == {GIRLS}
    assert steward.get(made["Location"]).json() == told
    elsewhere = client_with("data-steward", municipality="GM0599")  # the register is of all
    assert GIRLS not in asked(elsewhere)
    assert [one["id"] for one in elsewhere.get("/v1/duplicate-dismissals").json()["results"]] == [told["id"]]


def test_a_dismissal_can_be_taken_back_and_both_stand_in_the_audit(steward):
    made = dismiss(steward)

    assert steward.delete(made["Location"]).status_code == 428
    assert steward.delete(made["Location"], HTTP_IF_MATCH=made["ETag"]).status_code == 204

    assert GIRLS in asked(steward)
    assert steward.get(made["Location"]).status_code == 404
    entries = AuditEntry.objects.filter(resource="duplicate-dismissals").order_by("id")
    assert [(one.action, (one.after or one.before)["reason"]) for one in entries] == [
        ("duplicate.dismissed", "Andere stad, andere doelgroep"), ("duplicate.asked-again",
                                                                    "Andere stad, andere doelgroep")]  # fmt: skip
    assert all(one.actor for one in entries)


def test_another_name_is_another_question(steward):
    dismiss(steward)
    Intervention.objects.filter(code=GIRLS[0]).update(name_nl="Meisjeswerk Den Haag")

    assert GIRLS in asked(steward)
    assert dismiss(steward, reason="Nog steeds").status_code == 200
    assert GIRLS not in asked(steward)


@pytest.mark.parametrize(
    ("more", "place", "code"),
    [
        ({"otherCode": "nothing"}, "#/otherCode", "unknown-intervention"),
        ({"otherCode": GIRLS[1]}, "#/otherCode", "same"),
        ({"reason": ""}, "#/reason", "blank"),
        ({"reason": "Bel 06-12345678"}, "#/reason", "personal-data"),
        ({"why": "x"}, "#/why", "unknown-key"),
    ],
)
def test_a_dismissal_needs_two_known_interventions_and_a_reason(steward, more, place, code):
    answer = dismiss(steward, **more)

    assert answer.status_code == 400
    assert (place, code) in [(one["location"], one["code"]) for one in answer.json()["errors"]]


def test_a_pair_of_which_one_went_meanwhile_is_not_dismissed():
    with pytest.raises(NotFound):
        dismissals.dismiss(codes=("gone-meanwhile", "buurtbanen-amsterdam"), reason="Andere methode", actor="steward")


def test_the_register_is_compared_again_only_when_it_differs(steward, monkeypatch):
    compared = []
    monkeypatch.setattr(duplicates, "doubles", lambda *given: compared.append(1) or likeness.doubles(*given))
    duplicates._compared.cache_clear()

    first, second = asked(steward), asked(steward)
    Intervention.objects.filter(code=GIRLS[0]).update(name_nl="Iets heel anders", name_en="Something else")
    third = asked(steward)

    assert first == second and GIRLS in first and GIRLS not in third
    assert len(compared) == 2


def test_a_file_warns_too(steward):
    csv = "code,nameNl,nameEn,kind\nbasisbanen-elders,Basisbaan,Basic job,job-scheme\n"
    answer = steward.post("/v1/supply-files?table=interventions", csv.encode(), content_type="text/csv")

    doubtful = {(one["otherCode"], one["interventionCode"]) for one in answer.json()["possibleDuplicates"]}
    assert ("basisbanen-elders", "basisbanen-groningen") in doubtful
