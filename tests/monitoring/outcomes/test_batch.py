"""Many reports at once, and one report by the partner's own id."""

from urllib.parse import quote

import pytest

from monitoring.models import OutcomeReport, OutcomeReportHistory, Receipt
from tests.factories import outcomes
from tests.factories.outcomes import CITY, report

PATH = "/v1/outcome-reports/_batch"
GOOD, BAD, OTHER = report(), report(period="2024-Q2", areaCode="WK999999"), report(period="2024-Q3")


@pytest.fixture
def batch(partner):
    def send(requests, *, key="k", dry_run=False, **more):
        headers = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
        path = f"{PATH}?dryRun=true" if dry_run else PATH
        return partner.post(path, {"requests": requests, **more}, format="json", **headers)

    return send


def outcomes_of(answer):
    return [row["outcome"] for row in answer.json()["rows"]]


def test_a_batch_is_all_or_nothing_by_default_and_names_every_fault(batch):
    answer = batch([GOOD, BAD, report(counts={"started": -1}, period="2024-Q3")])

    assert answer.status_code == 400
    assert [(e["location"], e["code"]) for e in answer.json()["errors"]] == [
        ("#/requests/1/areaCode", "unknown-area"),
        ("#/requests/2/counts/started", "negative"),
    ]
    assert (OutcomeReport.objects.count(), Receipt.objects.count()) == (0, 0)


def test_per_item_stores_the_good_ones_and_says_what_is_wrong_with_the_rest(batch, partner):
    answer = batch([GOOD, BAD, OTHER], mode="perItem")

    assert (answer.status_code, outcomes_of(answer)) == (201, ["created", "rejected", "created"])
    [fault] = answer.json()["rows"][1]["faults"]
    assert (fault["location"], fault["code"], fault["expected"][-1]) == (
        "#/requests/1/areaCode", "unknown-area", "unknown"
    )  # fmt: skip
    assert OutcomeReport.objects.count() == 2
    assert partner.get(answer["Location"]).json() == answer.json()


def test_the_same_batch_again_is_unchanged_and_with_the_same_key_replayed(batch):
    first = batch([GOOD, OTHER], key="one")

    again, replayed = batch([GOOD, OTHER], key="two"), batch([GOOD, OTHER], key="one")

    assert (again.status_code, outcomes_of(again)) == (200, ["unchanged"] * 2)
    assert (replayed.json(), replayed["Idempotent-Replayed"]) == (first.json(), "true")


def test_a_dry_run_of_a_batch_counts_the_same_and_stores_nothing(batch):
    dry = batch([GOOD, BAD, OTHER], mode="perItem", dry_run=True, key="dry")
    wet = batch([GOOD, BAD, OTHER], mode="perItem")

    assert dry.status_code == 200 and dry.json()["counts"] == wet.json()["counts"]
    assert Receipt.objects.count() == 1


def test_the_same_report_twice_in_a_batch_is_a_fault_of_the_second(batch):
    answer = batch([GOOD, GOOD], mode="perItem")

    assert outcomes_of(answer) == ["created", "rejected"]
    assert answer.json()["rows"][1]["faults"][0]["code"] == "duplicate-report"


@pytest.mark.parametrize("body", [[], {}, {"requests": []}, {"requests": "x"}, {"requests": [GOOD], "mode": "some"}])
def test_a_batch_that_is_none_is_refused(partner, body):
    assert partner.post(PATH, body, format="json", HTTP_IDEMPOTENCY_KEY="k").status_code == 400


def test_a_batch_needs_a_key(batch):
    answer = batch([GOOD], key="")

    assert (answer.status_code, answer.json()["errors"][0]["location"]) == (400, "Idempotency-Key")


def test_a_report_can_be_put_at_the_partners_own_id_at_will(partner):
    path = "/v1/outcome-reports/by-external-id/2024-Q1%20noord"

    first, same = (partner.put(path, GOOD, format="json") for _ in range(2))
    corrected = partner.put(path, report(counts={"targetGroup": 400, "started": 61}), format="json")

    assert [outcomes_of(a) for a in (first, same, corrected)] == [["created"], ["unchanged"], ["updated"]]
    told = partner.get(path).json()
    assert (told["externalId"], told["counts"]["started"], told["version"]) == ("2024-Q1 noord", 61, 2)


def test_an_own_id_names_one_report_only(partner):
    partner.put("/v1/outcome-reports/by-external-id/a", GOOD, format="json")

    moved = partner.put("/v1/outcome-reports/by-external-id/a", OTHER, format="json")
    other = partner.put("/v1/outcome-reports/by-external-id/a", report(externalId="b"), format="json")

    assert (moved.status_code, moved.json()["errors"][0]["code"]) == (400, "external-id-in-use")
    assert (other.status_code, other.json()["errors"][0]["code"]) == (400, "other-external-id")


def at(own_id):
    return f"/v1/outcome-reports/by-external-id/{own_id}"


def test_a_report_keeps_the_own_id_by_which_it_is_known(partner):
    partner.put(at("a"), GOOD, format="json")

    renamed = partner.put(at("b"), report(counts={"targetGroup": 400, "started": 61}), format="json")

    assert (renamed.status_code, renamed["Content-Type"]) == (409, "application/problem+json")
    (fault,) = renamed.json()["errors"]
    assert (fault["location"], fault["code"], fault["value"], fault["expected"]) == (
        "#/externalId", "known-by-other-id", "b", "a")  # fmt: skip
    assert "onder kenmerk a." in renamed.json()["detail"]
    known = partner.get(at("a")).json()
    assert (known["version"], known["counts"]["started"]) == (1, GOOD["counts"]["started"])
    assert partner.get(at("b")).status_code == 404


def test_another_own_id_is_refused_however_it_comes(partner, batch):
    partner.put(at("a"), GOOD, format="json")
    other = GOOD | {"externalId": "b"}

    single = partner.post("/v1/outcome-reports", other, format="json")
    whole = batch([other, OTHER])
    some = batch([other, OTHER | {"externalId": "c"}], mode="perItem", key="again")
    broken = partner.put(at("b"), GOOD | {"period": "kwartaal"}, format="json")

    assert (single.status_code, single.json()["errors"][0]["code"]) == (400, "known-by-other-id")
    assert [(e["location"], e["code"]) for e in whole.json()["errors"]] == [
        ("#/requests/0/externalId", "known-by-other-id")]  # fmt: skip
    assert outcomes_of(some) == ["rejected", "created"]
    assert broken.status_code == 400
    assert partner.get(at("a")).json()["version"] == 1


def test_who_leaves_the_own_id_out_does_not_take_it_away(partner, batch):
    partner.put(at("a"), GOOD, format="json")

    same = batch([GOOD], key="same")
    corrected = batch([report(counts={"targetGroup": 400, "started": 61})], key="corrected")

    assert (outcomes_of(same), outcomes_of(corrected)) == (["unchanged"], ["updated"])
    assert partner.get(at("a")).json()["version"] == 2


def test_an_own_id_in_use_tells_in_words_which_report_has_it(partner, batch):
    partner.put(at("a"), GOOD, format="json")

    known = partner.put(at("a"), OTHER, format="json").json()["errors"][0]["detail"]
    english = partner.put(at("a"), OTHER, format="json", HTTP_ACCEPT_LANGUAGE="en").json()["errors"][0]["detail"]
    beside = batch([OTHER | {"externalId": "b"}, report(period="2024-Q4", externalId="b")]).json()["errors"]

    assert "Bereik van offering-a over 2024-Q1, gebied WK900101" in known
    assert "reach of offering-a over 2024-Q1, area WK900101" in english
    assert ["over 2024-Q3" in one["detail"] for one in beside] == [True]


def test_a_withdrawn_report_gives_up_its_own_id(partner, client_with):
    wrong = partner.put(at("a"), GOOD, format="json").json()["rows"][0]["reportId"]
    path = f"/v1/outcome-reports/{wrong}"

    assert partner.delete(path, HTTP_IF_MATCH=partner.get(path)["ETag"]).status_code == 204

    assert partner.get(at("a")).status_code == 404
    assert outcomes_of(partner.put(at("a"), OTHER, format="json")) == ["created"]
    assert partner.get(at("a")).json()["period"] == "2024-07-01/2024-09-30"
    assert OutcomeReportHistory.objects.get(report_id=wrong).external_id == "a"
    trail = client_with("administrator", municipality=CITY).get(f"{path}/audittrail").json()["results"]
    assert [(one["before"] or {}).get("externalId") for one in trail] == ["a", None]
    assert [one["after"]["externalId"] for one in trail] == [None, "a"]


def test_what_was_withdrawn_comes_back_under_another_own_id(partner):
    wrong = partner.put(at("a"), GOOD, format="json").json()["rows"][0]["reportId"]
    path = f"/v1/outcome-reports/{wrong}"
    partner.delete(path, HTTP_IF_MATCH=partner.get(path)["ETag"])
    partner.put(at("a"), OTHER, format="json")

    assert outcomes_of(partner.put(at("b"), GOOD, format="json")) == ["updated"]
    assert outcomes_of(partner.post("/v1/outcome-reports", GOOD, format="json")) == ["unchanged"]
    assert partner.get(at("b")).json()["id"] == wrong


def test_an_own_id_that_the_organisation_uses_in_another_city_is_refused_without_saying_where(partner, client_with):
    outcomes.offering("elsewhere", municipalityCode="GM9002")
    other = client_with("partner", municipality="GM9002", organisation="org-a")
    other.put(at("a"), report(offeringCode="elsewhere", areaCode="unknown"), format="json")

    answer = partner.put(at("a"), GOOD, format="json")

    [fault] = answer.json()["errors"]
    assert (answer.status_code, fault["code"]) == (400, "external-id-in-use") and "elsewhere" not in fault["detail"]


@pytest.mark.parametrize("own_id", ["a/b", "2026/Q1/noord", "/a", "a//b", "a/", "a?b#c", "50%25", "jan & co"])
def test_a_report_is_reached_by_any_own_id(partner, own_id):
    created = partner.post("/v1/outcome-reports", GOOD | {"externalId": own_id}, format="json")

    path = at(quote(own_id, safe=""))
    assert created.status_code == 201
    assert partner.get(path).json()["externalId"] == own_id
    assert outcomes_of(partner.put(path, GOOD, format="json")) == ["unchanged"]


def test_a_report_without_an_own_id_may_get_one(partner, batch):
    batch([GOOD])

    assert outcomes_of(partner.put(at("a"), GOOD, format="json")) == ["updated"]
    assert partner.get(at("a")).json()["externalId"] == "a"


def test_the_trail_of_each_report_says_what_it_was_and_became(batch, client_with):
    first = batch([GOOD | {"externalId": "own-1"}, OTHER], key="k1").json()
    second = batch([GOOD | {"counts": {"started": 61}, "explanation": "Vergeten."}, OTHER, report(period="2024-Q4")],
                   key="k2").json()  # fmt: skip
    administrator = client_with("administrator", municipality=CITY)
    changed, kept, new = (row["reportId"] for row in second["rows"])

    def trail(code):
        answer = administrator.get(f"/v1/outcome-reports/{code}/audittrail")
        return [(e["action"], e["resourceCode"], e["before"], e["after"]) for e in answer.json()["results"]]

    (now, told, before, after), (then, *_same, born) = trail(changed)
    assert (now, then, told) == ("outcome-report.updated", "outcome-report.created", changed)
    assert before == born == {"counts": [400, None, 120, 60, 40, None], "explanation": None, "status": "accepted",
                              "version": 1, "externalId": "own-1"}  # fmt: skip
    assert after == {"counts": [None, None, None, 61, None, None], "explanation": "Vergeten.", "status": "accepted",
                     "version": 2, "externalId": "own-1"}  # fmt: skip
    assert [entry[0] for entry in trail(kept)] == [entry[0] for entry in trail(new)] == ["outcome-report.created"]
    listed = administrator.get("/v1/audit-entries?resource=outcome-reports").json()["results"]
    assert [(entry["resourceCode"], entry["after"]) for entry in listed if entry["action"].endswith("created")] == [
        (second["id"], {"count": 1}), (first["id"], {"count": 2}),
    ]  # fmt: skip
    by_code = administrator.get(f"/v1/audit-entries?resource=outcome-reports&resourceCode={changed}").json()["results"]
    assert [entry["after"]["version"] for entry in by_code] == [2, 1]
