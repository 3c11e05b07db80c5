"""A day counts once: reports of periods of different kinds do not overlap, whatever the plans say or said."""

from datetime import date

import pytest

from monitoring.models import MeasurementPlan, OutcomeReport
from monitoring.services.aggregation import aggregates
from tests.factories import outcomes

PLANS, BATCH = "/v1/measurement-plans", "/v1/outcome-reports/_batch"
MONTH, QUARTER, YEAR = "2024-07", "2024-Q3", "2024"


@pytest.fixture
def holder(city, client_with):
    return client_with("account-holder", municipality=outcomes.CITY)


@pytest.fixture
def unplanned(city):
    """Nobody asks for the reach of this offering: any kind of period may come."""
    MeasurementPlan.objects.filter(measure="reach").delete()


@pytest.fixture
def batch(partner):
    def send(requests, mode="perItem", key="k"):
        return partner.post(BATCH, {"requests": requests, "mode": mode}, format="json", HTTP_IDEMPOTENCY_KEY=key)

    return send


def faults(answer):
    assert answer.status_code == 400, answer.content
    return [(error["location"], error["code"]) for error in answer.json()["errors"]]


def started(holder, period):
    aggregates.refresh()
    path = (
        f"/v1/outcome-aggregates?view=working&offeringCode=offering-a&measure=reach&areaCode=WK900101&period={period}"
    )
    return [cell["counts"]["started"] for cell in holder.get(path).json()["results"]]


@pytest.mark.parametrize(
    ("first", "second"),
    [(QUARTER, MONTH), (MONTH, QUARTER), (QUARTER, YEAR), (YEAR, MONTH), ("2024/2025", QUARTER), (YEAR, "2023/2024")],
)
def test_a_day_that_counts_already_is_named_and_what_to_do_about_it(unplanned, post, holder, first, second):
    post(period=first)

    answer = post(period=second)

    assert faults(answer) == [("#/period", "overlaps-report")]
    assert OutcomeReport.objects.count() == 1
    detail = answer.json()["errors"][0]["detail"]
    known = {"2024/2025": "2024-08-01/2025-07-31"}.get(first, first)
    assert known in detail and "Trek" in detail
    assert sum(started(holder, "2024")) <= 60


@pytest.mark.parametrize(
    "other", [{"areaCode": "WK900102"}, {"offeringCode": "offering-b"}, {"measure": "satisfaction"},
              {"period": "2024-06"}, {"period": "2023/2024"}],
)  # fmt: skip
def test_what_shares_no_day_area_measure_and_offering_is_taken(unplanned, post, other):
    outcomes.offering("offering-b")
    MeasurementPlan.objects.all().delete()
    post(period="2024-Q4")

    counts = {"counts": {"grade7": 5}} if "measure" in other else {}
    answer = post(**{"period": "2024-10"} | other | counts)
    assert answer.status_code == 201, answer.content


def test_after_withdrawal_the_right_kind_is_taken(unplanned, post, partner):
    wrong = post(period=QUARTER).json()["rows"][0]["reportId"]
    path = f"/v1/outcome-reports/{wrong}"

    partner.delete(path, HTTP_IF_MATCH=partner.get(path)["ETag"])

    assert [post(period=month).status_code for month in ("2024-07", "2024-08", "2024-09")] == [201] * 3
    assert faults(post(period=QUARTER)) == [("#/period", "overlaps-report")]


def test_what_came_before_a_plan_was_put_right_counts_still(holder, post):
    post(period=QUARTER)
    plan = MeasurementPlan.objects.get(measure="reach")
    path = f"{PLANS}/{plan.pk}"
    change = {"periodKind": "month"}
    assert holder.patch(path, change, format="json", HTTP_IF_MATCH=holder.get(path)["ETag"]).status_code == 200

    assert faults(post(period=MONTH)) == [("#/period", "overlaps-report")]
    assert started(holder, QUARTER) == [60]


def test_every_report_of_a_delivery_is_held_to_it(unplanned, batch, post):
    post(period=QUARTER)
    sent = [outcomes.report(period=MONTH, areaCode=area) for area in ("WK900101", "WK900102", "unknown")]

    rows = batch([*sent, outcomes.report(period=QUARTER, counts={"started": 61})]).json()["rows"]

    assert [row["outcome"] for row in rows] == ["rejected", "created", "created", "updated"]


def test_two_kinds_in_one_delivery_are_both_refused_and_name_each_other(unplanned, batch):
    sent = [outcomes.report(period=period) for period in (QUARTER, "2024-Q2", MONTH)]

    rows = batch(sent).json()["rows"]

    assert [row["outcome"] for row in rows] == ["rejected", "created", "rejected"]
    details = [row["faults"][0]["detail"] for row in rows if row["faults"]]
    assert MONTH in details[0] and QUARTER in details[1]
    assert {row["faults"][0]["code"] for row in rows if row["faults"]} == {"overlaps-report"}


def test_a_returned_report_does_not_count_again_beside_what_took_its_place(unplanned, post, partner, holder):
    returned = post(period=QUARTER).json()["rows"][0]["reportId"]
    path = f"/v1/outcome-reports/{returned}"
    review = {"decision": "return", "text": "Graag per maand."}
    assert holder.post(f"{path}/reviews", review, format="json").status_code == 201
    assert post(period=MONTH).status_code == 201

    again = holder.post(f"{path}/reviews", {"decision": "accept"}, format="json")
    replied = partner.post(f"{path}/notes", {"text": "Toch per kwartaal."}, format="json")

    assert [(one.status_code, MONTH in one.json()["detail"]) for one in (again, replied)] == [(409, True)] * 2
    assert OutcomeReport.objects.get(period_kind="quarter").status == "returned"


def test_a_plan_that_ended_halfway_asks_for_its_last_period_whole(city, post):
    MeasurementPlan.objects.filter(measure="reach").update(valid_until=date(2024, 8, 15))

    assert post(period=QUARTER).status_code == 201
