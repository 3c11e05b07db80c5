"""Delivering one report: the receipt, corrections, repeats and dry runs."""

from datetime import datetime

import pytest
from django.utils import timezone

from monitoring.api.reports import ReceiptSerializer
from monitoring.models import AggregateMark, AuditEntry, OutcomeReport, OutcomeReportHistory, Receipt
from tests.factories import outcomes


def test_a_first_report_is_created_and_its_receipt_can_be_read_again(post, partner):
    answer = post()

    assert answer.status_code == 201, answer.json()
    receipt = answer.json()
    assert receipt["counts"] == {
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "rejected": 0,
        "questioned": 0,
        "heldBack": 0,
    }
    assert set(receipt) == set(ReceiptSerializer().fields)
    assert partner.get(answer["Location"]).json() == receipt
    report = partner.get(f"/v1/outcome-reports/{receipt['rows'][0]['reportId']}").json()
    assert report["counts"] == {"targetGroup": 400, "indicated": None, "invited": 120, "started": 60,
                                "attendsStructurally": 40, "completed": None}  # fmt: skip
    assert (report["period"], report["periodKind"], report["status"]) == (
        "2024-01-01/2024-03-31",
        "quarter",
        "accepted",
    )


def test_the_same_report_again_moves_nothing(post):
    post()
    before = OutcomeReport.objects.values().get()
    AggregateMark.objects.all().delete()

    again = post()

    assert again.status_code == 200
    assert again.json()["rows"][0]["outcome"] == "unchanged"
    assert OutcomeReport.objects.values().get() == before
    assert not AggregateMark.objects.exists()
    assert AuditEntry.objects.filter(resource="outcome-reports").count() == 1


def test_a_correction_replaces_and_keeps_what_was_there(post):
    post()

    answer = post(counts={"targetGroup": 400, "started": 61}, explanation="Eén deelnemer was vergeten.")

    assert (answer.status_code, answer.json()["counts"]["updated"]) == (200, 1)
    report, old = OutcomeReport.objects.get(), OutcomeReportHistory.objects.get()
    assert (report.version, report.counts[3], old.version, old.counts[3]) == (2, 61, 1, 60)
    assert report.recorded_at > old.recorded_at
    entry = AuditEntry.objects.filter(action="outcome-report.updated").get()
    of_it = entry.about(str(report.id))
    assert (of_it.before["counts"][3], of_it.after["counts"][3]) == (60, 61)


def test_a_dry_run_answers_the_same_and_leaves_nothing(post):
    answer = post(dry_run=True)

    assert (answer.status_code, answer.json()["counts"]["created"], answer.json()["id"]) == (200, 1, None)
    assert "Location" not in answer
    assert not OutcomeReport.objects.exists() and not Receipt.objects.exists() and not AuditEntry.objects.exists()


def test_the_same_key_gives_the_same_answer_and_another_body_is_refused(post):
    first = post(key="k1")

    assert post(key="k1").json() == first.json()
    assert post(key="k1")["Idempotent-Replayed"] == "true"
    assert post(key="k1", areaCode="unknown").status_code == 422
    assert Receipt.objects.count() == 1


def test_a_count_far_from_the_earlier_ones_is_questioned_and_still_kept(post):
    for quarter in (1, 2, 3):
        post(period=f"2024-Q{quarter}")

    answer = post(period="2024-Q4", counts={"targetGroup": 400, "started": 250})

    row = answer.json()["rows"][0]
    assert (answer.status_code, row["outcome"]) == (201, "questioned")
    assert [(q["component"], q["value"]) for q in row["questions"]] == [("started", 250)]
    assert OutcomeReport.objects.get(period_start="2024-10-01").status == "submitted"


def test_a_correction_far_from_the_earlier_ones_is_questioned_and_kept_too(post):
    for quarter in (1, 2, 3, 4):
        post(period=f"2024-Q{quarter}")

    answer = post(period="2024-Q4", counts={"targetGroup": 400, "started": 250})

    assert answer.json()["rows"][0]["outcome"] == "questioned"
    report = OutcomeReport.objects.get(period_start="2024-10-01")
    assert (report.status, report.version, report.counts[3]) == ("submitted", 2, 250)


def test_levels_left_out_of_a_distribution_were_given_by_nobody(post):
    post(measure="satisfaction", counts={"grade7": 5, "grade8": 10, "participants": 40})

    assert OutcomeReport.objects.get().counts == [0, 0, 0, 0, 0, 0, 5, 10, 0, 0, 40]


def test_an_own_id_names_one_report(post):
    post(externalId="A-1")

    answer = post(externalId="A-1", period="2024-Q2")

    assert answer.status_code == 400
    assert [e["code"] for e in answer.json()["errors"]] == ["external-id-in-use"]


@pytest.mark.parametrize("role", ["account-holder", "area-adviser", "data-steward"])
def test_the_municipality_sees_the_report_and_another_one_does_not(post, client_with, role):
    report_id = post().json()["rows"][0]["reportId"]

    mine = client_with(role, municipality=outcomes.CITY)
    other = client_with(role, municipality="GM9002")

    assert mine.get(f"/v1/outcome-reports/{report_id}").status_code == 200
    assert mine.get("/v1/outcome-reports?period=2024-Q1&measure=reach").json()["count"] == 1
    assert other.get(f"/v1/outcome-reports/{report_id}").status_code == 404
    assert other.get("/v1/outcome-reports").json()["count"] == 0


def test_another_partner_sees_neither_report_nor_receipt_nor_plan(post, client_with):
    receipt = post().json()
    other = client_with("partner", municipality=outcomes.CITY, organisation="org-b")

    assert other.get(f"/v1/receipts/{receipt['id']}").status_code == 404
    assert other.get(f"/v1/outcome-reports/{receipt['rows'][0]['reportId']}").status_code == 404
    assert other.get("/v1/outcome-reports").json()["count"] == 0
    assert other.get("/v1/measurement-plans").json()["count"] == 0


def test_the_plan_tells_a_partner_which_counts_to_send(partner):
    plans = partner.get("/v1/measurement-plans?offeringCode=offering-a&measure=no-show").json()["results"]
    reach = partner.get("/v1/measurement-plans?measure=reach").json()["results"]

    assert plans == []
    assert [(p["periodKind"], p["expectedCount"]) for p in reach] == [("quarter", None)]
    assert "started" in reach[0]["components"]


@pytest.mark.parametrize("role", ["dashboard", "account-holder", "model-editor", ""])
def test_only_partners_deliver(city, client_with, role):
    answer = client_with(role, municipality=outcomes.CITY).post("/v1/outcome-reports", outcomes.report(), format="json")

    assert answer.status_code == (403 if role else 401)


def test_a_quarter_can_be_delivered_from_midnight_in_amsterdam_on(post, monkeypatch):
    for moment, status in (("2026-06-30T21:59Z", 400), ("2026-06-30T22:00Z", 201)):
        now = datetime.fromisoformat(moment)
        monkeypatch.setattr(timezone, "now", lambda now=now: now)

        assert post(period="2026-Q3").status_code == status, moment
