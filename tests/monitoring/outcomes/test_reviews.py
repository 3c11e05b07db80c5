"""The life of a report: questioned, returned, replied to, accepted, published, withdrawn."""

import pytest

from monitoring.models import Aggregate, OutcomeReport, OutcomeReportHistory
from monitoring.services.aggregation import aggregates
from tests.factories import outcomes
from tests.monitoring.outcomes.test_releases import release


@pytest.fixture
def holder(city, client_with):
    return client_with("account-holder", municipality=outcomes.CITY)


@pytest.fixture
def path(post):
    """A delivered report."""
    return f"/v1/outcome-reports/{post().json()['rows'][0]['reportId']}"


def status(client, path):
    return client.get(path).json()["status"]


def review(client, path, decision, **more):
    return client.post(f"{path}/reviews", {"decision": decision, **more}, format="json")


def started():
    aggregates.refresh()
    cells = Aggregate.objects.filter(subject_kind="offering", area_code=outcomes.CITY, period_kind="quarter")
    return [cell.counts[3] for cell in cells]


def test_a_returned_report_counts_no_longer_and_says_what_must_be_better(path, holder, partner):
    assert started() == [60]

    answer = review(holder, path, "return", remarks=[{"field": "counts/started", "detail": "Is dit per week?"}])

    assert (answer.status_code, status(partner, path), started()) == (201, "returned", [])
    [note] = partner.get(f"{path}/notes").json()["results"]
    assert (note["kind"], note["version"], note["remarks"][0]["field"]) == ("returned", 1, "counts/started")


def test_a_reply_submits_it_again_and_the_municipality_accepts(path, holder, partner):
    review(holder, path, "return", text="Is dit per week?")

    assert partner.post(f"{path}/notes", {"text": "Nee, per kwartaal."}, format="json").status_code == 201
    assert (status(partner, path), started()) == ("submitted", [60])
    assert review(holder, path, "accept").status_code == 201

    kinds = [note["kind"] for note in partner.get(f"{path}/notes").json()["results"]]
    assert (status(partner, path), kinds) == ("accepted", ["returned", "replied", "accepted"])


def test_a_corrected_report_is_accepted_again(path, holder, partner, post):
    review(holder, path, "return", text="Klopt dit?")

    post(counts={"targetGroup": 400, "started": 50})

    assert (status(partner, path), started()) == ("accepted", [50])


def test_counts_that_were_accepted_are_not_questioned_again(holder, partner, post):
    for quarter in ("2024-Q1", "2024-Q2", "2024-Q3"):
        post(period=quarter, counts={"targetGroup": 400, "started": 60})
    ten_times = {"targetGroup": 4000, "started": 600}
    [questioned] = post(period="2024-Q4", counts=ten_times).json()["rows"]
    review(holder, f"/v1/outcome-reports/{questioned['reportId']}", "accept")

    [explained] = post(period="2024-Q4", counts=ten_times, explanation="De campagne van het najaar.").json()["rows"]
    [more] = post(period="2024-Q4", counts=ten_times | {"started": 900}).json()["rows"]

    assert (questioned["outcome"], explained["outcome"], more["outcome"]) == ("questioned", "updated", "questioned")


def test_a_release_publishes_what_was_accepted(path, holder, partner):
    release()

    assert status(partner, path) == "published"
    assert review(holder, path, "return", text="Te laat").status_code == 409


def test_a_withdrawn_report_counts_no_longer_and_can_be_delivered_again(path, partner, post):
    tag = partner.get(path)["ETag"]

    assert partner.delete(path).status_code == 428
    assert partner.delete(path, HTTP_IF_MATCH=tag).status_code == 204
    assert (status(partner, path), started()) == ("withdrawn", [])
    assert OutcomeReportHistory.objects.get().status == "accepted"

    again = post()

    assert again.json()["rows"][0]["outcome"] == "updated"
    assert (OutcomeReport.objects.get().version, started()) == (3, [60])


def test_nobody_decides_about_anothers_report(path, client_with, partner):
    elsewhere = client_with("account-holder", municipality="GM9002")
    other = client_with("partner", municipality=outcomes.CITY, organisation="org-b")

    assert review(elsewhere, path, "accept").status_code == 404
    assert review(partner, path, "accept").status_code == 403
    assert other.post(f"{path}/notes", {"text": "x"}, format="json").status_code == 404
    assert other.delete(path, HTTP_IF_MATCH="*").status_code == 404


def test_a_note_holds_no_personal_data_and_a_return_gives_a_reason(path, holder):
    named = review(holder, path, "return", text="Bel 06-12345678")
    remark = review(holder, path, "return", remarks=[{"field": "06-12345678", "detail": "Bel jan@example.org"}])
    bare = review(holder, path, "return")

    assert (named.status_code, named.json()["errors"][0]["code"]) == (400, "personal-data")
    assert [(error["location"], error["code"]) for error in remark.json()["errors"]] == [
        ("#/remarks/0/field", "personal-data"), ("#/remarks/0/detail", "personal-data"),
    ]  # fmt: skip
    assert bare.status_code == 400
