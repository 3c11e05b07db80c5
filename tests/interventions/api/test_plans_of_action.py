"""Plans of action, improvement actions and reminders over HTTP."""

from datetime import date, timedelta

import pytest

from config.days import today
from interventions.models import ImprovementAction
from tests.factories.figures import an_indicator

pytestmark = pytest.mark.usefixtures("demo")
AREA = "WK036360"
SO_THAT = {
    "activity": "Wij bieden vijf middagen per week sport op de pleinen",
    "soThat": "meer jongeren wekelijks sporten",
    "offeringCode": "demo-sportief-noord",
    "factorCodes": ["physical-activity"],
    "organisationCodes": ["demo-sportservice"],
    "forWhom": "jongeren van 12 tot 18 jaar",
    "intendedReach": 400,
}
MEASURED = {"offeringCode": "demo-sportief-noord", "measure": "reach", "monitorType": "continuous",
            "periodKind": "quarter", "among": "alle deelnemers"}  # fmt: skip


@pytest.fixture
def adviser(client_with):
    return client_with("area-adviser")


def post(client, path, **body):
    answer = client.post(f"/v1/{path}", body, format="json")
    assert answer.status_code == 201, answer.content
    return answer


def a_plan(client, **content):
    return post(client, "plans-of-action", areaCode=AREA, title="Plan (demo)", plan={"soThats": [SO_THAT]} | content)


def an_action(client, **given):
    body = {"areaCode": AREA, "description": "Meisjes vragen wat zij willen", "owner": "adviser-1",
            "dueDate": "2026-03-01"}  # fmt: skip
    return post(client, "improvement-actions", **body | given)


@pytest.fixture
def result(client_with):
    an_indicator(direction="higher-better")
    body = {"areaCode": AREA, "ambitionCode": "youth-take-part", "statement": "Meer jongeren sporten", "rule": "each",
            "targetKind": "improvement", "targetAmount": 5, "baselinePeriod": "2024", "targetPeriod": "2028",
            "indicators": [{"indicatorCode": "indicator-a"}]}  # fmt: skip
    return post(client_with("area-adviser"), "societal-results", **body).json()


def test_a_plan_links_offering_factor_and_result(adviser, result):
    answer = a_plan(adviser, soThats=[SO_THAT | {"resultId": result["id"]}], outcomeAgreements=[MEASURED])

    shown = adviser.get(f"/v1/plans-of-action/{answer.json()['id']}").json()

    assert shown == answer.json()
    (one,) = shown["plan"]["soThats"]
    assert (one["offeringCode"], one["factorCodes"], one["resultId"]) == (
        "demo-sportief-noord", ["physical-activity"], result["id"])  # fmt: skip
    assert "nothing-measured" not in {note["code"] for note in shown["notes"]}


def test_a_plan_names_only_what_exists(adviser):
    unknown = "00000000-0000-4000-8000-000000000000"
    body = {"areaCode": AREA, "title": "x", "plan": {"soThats": [
        SO_THAT | {"offeringCode": "none", "resultId": unknown, "factorCodes": ["debt", "luck"],
                   "organisationCodes": ["nobody"]}],
        "outcomeAgreements": [MEASURED | {"measure": "happiness"}]}}  # fmt: skip

    answer = adviser.post("/v1/plans-of-action", body, format="json")

    assert {(e["location"], e["code"]) for e in answer.json()["errors"]} == {
        ("#/plan/soThats/0/offeringCode", "unknown-offering"), ("#/plan/soThats/0/resultId", "unknown-result"),
        ("#/plan/soThats/0/factorCodes/1", "unknown-factor"),
        ("#/plan/soThats/0/organisationCodes/0", "unknown-organisation"),
        ("#/plan/outcomeAgreements/0/measure", "unknown-measure")}  # fmt: skip


def test_a_plan_says_where_nothing_is_measured_and_what_an_offering_does_not_do(adviser):
    shown = a_plan(adviser, soThats=[SO_THAT | {"factorCodes": ["debt"]}]).json()

    assert {(note["code"], note["value"]) for note in shown["notes"]} == {
        ("factor-not-worked-on", "debt"), ("nothing-measured", "demo-sportief-noord")}  # fmt: skip


def test_a_plan_changes_under_if_match_and_keeps_its_versions(adviser):
    first = a_plan(adviser)
    path = f"/v1/plans-of-action/{first.json()['id']}"
    body = {"plan": {"soThats": [SO_THAT | {"intendedReach": 500}]}, "why": "Meer pleinen"}

    assert adviser.put(path, body, format="json", HTTP_IF_MATCH=first["ETag"]).status_code == 200
    assert adviser.put(path, body, format="json", HTTP_IF_MATCH=first["ETag"]).status_code == 412
    assert adviser.put(path, body, format="json").status_code == 428
    found = adviser.get(f"{path}/diff?fromVersion=1&untilVersion=2").json()
    assert [(one["path"], one["before"], one["after"]) for one in found["differences"]] == [
        ("soThats/demo-sportief-noord/intendedReach", 400, 500)]  # fmt: skip


def test_a_plan_stays_inside_the_municipality(adviser, client_with):
    path = f"/v1/plans-of-action/{a_plan(adviser).json()['id']}"

    assert client_with("data-steward").get(path).status_code == 200
    assert client_with("area-adviser", municipality="GM0599").get(path).status_code == 404
    assert client_with("partner").get(path).status_code == 403
    assert client_with().get(path).status_code == 401


def test_an_action_that_is_done_says_what_came_of_it(adviser):
    first = an_action(adviser)
    path = f"/v1/improvement-actions/{first.json()['id']}"
    body = {"description": "x", "owner": "adviser-1", "dueDate": "2026-03-01", "status": "done"}

    refused = adviser.put(path, body, format="json", HTTP_IF_MATCH=first["ETag"])
    done = adviser.put(path, body | {"outcome": "Dansles toegevoegd"}, format="json", HTTP_IF_MATCH=first["ETag"])
    again = adviser.put(path, body | {"outcome": "y"}, format="json", HTTP_IF_MATCH=first["ETag"])

    assert (refused.status_code, done.status_code, again.status_code) == (400, 200, 412)
    assert (done.json()["outcome"], adviser.get(path).json()["version"]) == ("Dansles toegevoegd", 2)


def test_actions_can_be_asked_by_owner_and_lateness(adviser):
    an_action(adviser)
    an_action(adviser, owner="adviser-2", dueDate=str(today() + timedelta(days=9)))

    def owners(query):
        return [one["owner"] for one in adviser.get(f"/v1/improvement-actions?{query}").json()["results"]]

    assert owners("overdue=true") == ["adviser-1"]
    assert owners("owner=adviser-2") == ["adviser-2"]
    assert owners(f"areaCode={AREA}") == ["adviser-1", "adviser-2"]
    assert ImprovementAction.objects.count() == 2


def test_an_owner_is_an_id_and_never_a_name(adviser):
    body = {"areaCode": AREA, "description": "x", "owner": "Jan de Vries", "dueDate": "2026-03-01"}

    assert adviser.post("/v1/improvement-actions", body, format="json").status_code == 400


def test_reminders_tell_what_waits(adviser, result):
    plan = a_plan(adviser, conversations=[{"about": "Start", "resultId": result["id"], "heldDate": "2025-05-01"}])
    action = an_action(adviser)

    def kinds(day):
        answer = adviser.get(f"/v1/reminders?areaCode={AREA}&validOn={day}").json()
        return {(one["kind"], one["id"]) for one in answer["reminders"]}

    waiting = {("plan-without-measuring", plan.json()["id"])}
    assert kinds("2025-11-01") == waiting
    assert kinds("2026-11-01") == waiting | {
        ("action-overdue", action.json()["id"]), ("result-to-discuss", result["id"])}  # fmt: skip
    assert kinds(date(2026, 2, 1)) == waiting | {("result-to-discuss", result["id"])}
