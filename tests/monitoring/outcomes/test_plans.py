"""Measurement plans are written by the municipality, dated, and followed by intake, template and completeness."""

import io

import openpyxl
import pytest
from django.db import IntegrityError, transaction

from monitoring.models import AggregateMark, AuditEntry, MeasurementPlan
from tests.factories import outcomes

PLANS = "/v1/measurement-plans"


@pytest.fixture
def holder(city, client_with):
    return client_with("account-holder", municipality=outcomes.CITY)


def plan_of(measure="reach"):
    return MeasurementPlan.objects.filter(measure=measure).order_by("-valid_from").first()


def wish(**changes):
    return {
        "offeringCode": "offering-a", "measure": "reach", "monitorType": "periodic", "periodKind": "month",
        "among": "alle deelnemers", "expectedCount": 20, "validFrom": "2024-07-01",
    } | changes  # fmt: skip


def make(client, **changes):
    return client.post(PLANS, wish(**changes), format="json")


def change(client, plan, method="patch", **changes):
    answer = client.get(f"{PLANS}/{plan.pk}")
    return getattr(client, method)(f"{PLANS}/{plan.pk}", changes, format="json", HTTP_IF_MATCH=answer["ETag"])


def faults(answer):
    assert answer.status_code == 400, answer.content
    return {(error["location"], error["code"]) for error in answer.json()["errors"]}


def test_a_new_plan_takes_over_from_the_one_before_it(holder):
    before = plan_of()

    answer = make(holder)

    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["periodKind"], made["among"], made["expectedCount"], made["validUntil"]) == (
        "month", "alle deelnemers", 20, None,
    )  # fmt: skip
    before.refresh_from_db()
    assert (before.valid_until.isoformat(), before.version) == ("2024-07-01", 2)
    assert holder.get(answer["Location"]).json() == made
    actions = AuditEntry.objects.filter(resource="measurement-plans").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["measurement-plan.updated", "measurement-plan.created"]


def test_intake_follows_the_plan_that_held_then(holder, post):
    make(holder)

    assert post(period="2024-Q2").status_code == 201
    assert post(period="2024-07").status_code == 201
    answer = post(period="2024-Q3")
    assert faults(answer) == {("#/period", "period-not-in-plan")}
    assert answer.json()["errors"][0]["expected"] == ["2024-07"]


def test_a_measure_that_the_plan_no_longer_asks_is_refused_with_when_it_does(holder, post):
    change(holder, plan_of(), validUntil="2024-04-01")

    answer = post(period="2024-Q2")

    assert faults(answer) == {("#/period", "measure-not-in-plan")}
    assert answer.json()["errors"][0]["expected"] == ["2024-01-01/2024-04-01"]


def test_template_and_completeness_follow_the_plan(holder, partner):
    make(holder, validFrom="2025-01-01")

    book = openpyxl.load_workbook(io.BytesIO(partner.get("/v1/outcome-files/template?period=2025-Q1").content))
    months = openpyxl.load_workbook(io.BytesIO(partner.get("/v1/outcome-files/template?period=2025-02").content))
    told = partner.get("/v1/completeness?measure=reach&year=2025").json()["results"]

    assert "Bereik" not in book.sheetnames and "Tevredenheid" in book.sheetnames
    assert "Bereik" in months.sheetnames and "Tevredenheid" not in months.sheetnames
    assert [row["period"] for row in told] == [f"2025-{month:02}" for month in range(1, 13)]


def test_a_plan_is_put_right_and_equal_content_moves_nothing(holder):
    plan = plan_of()
    AggregateMark.objects.all().delete()

    answer = change(holder, plan, expectedCount=30)
    again = change(holder, plan, expectedCount=30)

    assert (answer.status_code, answer.json()["expectedCount"], answer.json()["version"]) == (200, 30, 2)
    assert (again.status_code, again.json()["version"], again["ETag"]) == (200, 2, answer["ETag"])
    assert AuditEntry.objects.filter(resource="measurement-plans").count() == 1


def test_a_put_empties_what_it_leaves_out(holder):
    plan = plan_of("satisfaction")
    whole = {"monitorType": "sample", "periodKind": "year", "validFrom": "2024-01-01"}

    answer = change(holder, plan, "put", **whole)

    assert answer.status_code == 200
    assert (answer.json()["among"], answer.json()["expectedCount"]) == (None, None)
    assert change(holder, plan, "put", periodKind="year").status_code == 400


def test_a_change_is_made_to_what_its_maker_saw(holder):
    path = f"{PLANS}/{plan_of().pk}"
    seen = holder.get(path)["ETag"]
    change(holder, plan_of(), expectedCount=3)

    assert holder.patch(path, {"expectedCount": 4}, format="json").status_code == 428
    assert holder.patch(path, {"expectedCount": 4}, format="json", HTTP_IF_MATCH=seen).status_code == 412
    assert holder.delete(path, HTTP_IF_MATCH=seen).status_code == 412
    assert plan_of().expected_count == 3


def test_a_removed_plan_is_not_proposed_again_and_marks_its_cells(holder, post):
    post()
    AggregateMark.objects.all().delete()
    plan = plan_of()

    tag = holder.get(f"{PLANS}/{plan.pk}")["ETag"]
    assert holder.delete(f"{PLANS}/{plan.pk}", HTTP_IF_MATCH=tag).status_code == 204

    outcomes.offering(intendedReach=200)
    assert plan_of() is None
    assert AggregateMark.objects.exists()
    assert holder.get(f"{PLANS}/{plan.pk}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"measure": "no-show"}, ("#/measure", "measure-does-not-fit")),
        ({"offeringCode": "offering-x"}, ("#/offeringCode", "unknown-offering")),
        ({"validUntil": "2024-07-01"}, ("#/validUntil", "ends-before-start")),
        ({"validFrom": "2024-08-01"}, ("#/validFrom", "not-a-period-start")),
        ({"validFrom": "2023-01-01"}, ("#/validFrom", "overlaps-plan")),
        ({"periodKind": "survey-wave"}, ("#/periodKind", "invalid-choice")),
        ({"expectedCount": -1}, ("#/expectedCount", "min-value")),
        ({"expectedCount": 10**9}, ("#/expectedCount", "max-value")),
        ({"expectedCount": 10**30}, ("#/expectedCount", "invalid")),
        ({"among": "bel 06-12345678"}, ("#/among", "personal-data")),
        ({"monitorType": None}, ("#/monitorType", "null")),
        ({"validFrom": "gisteren"}, ("#/validFrom", "invalid")),
        ({"validFrom": "0202-01-01"}, ("#/validFrom", "out-of-range")),
        ({"validFrom": "9999-12-31"}, ("#/validFrom", "out-of-range")),
        ({"colour": "blue"}, ("#/colour", "unknown-key")),
    ],
)
def test_what_cannot_be_asked(holder, changes, fault):
    assert fault in faults(make(holder, **changes))
    assert AuditEntry.objects.filter(resource="measurement-plans").count() == 0


def test_no_day_is_asked_for_by_a_plan_that_ended_and_by_another_kind_after_it(holder):
    """2024-Q3 is asked for whole by a plan that ends in August; September must not be asked for beside it."""
    change(holder, plan_of(), validUntil="2024-08-15")

    answer = make(holder, validFrom="2024-09-01")

    assert faults(answer) == {("#/validFrom", "not-a-period-start")}
    assert answer.json()["errors"][0]["expected"] == ["2024-07-01", "2024-10-01"]
    assert make(holder, validFrom="2024-09-01", periodKind="quarter").status_code == 201


def test_plans_put_right_ask_for_no_day_twice_either(holder):
    before = plan_of()
    made = MeasurementPlan.objects.get(pk=make(holder, validFrom="2024-10-01").json()["id"])

    assert faults(change(holder, before, periodKind="year")) == {("#/validUntil", "not-a-period-start")}
    assert faults(change(holder, made, periodKind="year")) == {("#/validFrom", "not-a-period-start")}
    assert faults(change(holder, made, validFrom="2024-09-01")) == {("#/validFrom", "overlaps-plan")}
    assert change(holder, before, validUntil="2024-08-15").status_code == 200
    assert faults(change(holder, made, validFrom="2024-09-01")) == {("#/validFrom", "not-a-period-start")}


def test_an_offering_that_has_ended_is_asked_nothing_new(holder):
    outcomes.offering(endsOn="2024-06-01")

    assert ("#/validFrom", "offering-not-active") in faults(make(holder))


def test_the_database_refuses_a_plan_that_ends_before_it_begins(city):
    plan = plan_of()
    plan.valid_until = plan.valid_from
    with pytest.raises(IntegrityError, match="measurement_plan_validity"), transaction.atomic(using="monitoring"):
        plan.save()


def test_another_municipality_neither_sees_nor_plans(holder, client_with):
    other = client_with("account-holder", municipality="GM9002")
    path = f"{PLANS}/{plan_of().pk}"

    assert ("#/offeringCode", "unknown-offering") in faults(make(other))
    assert other.get(path).status_code == 404
    assert other.patch(path, {"expectedCount": 1}, format="json", HTTP_IF_MATCH="*").status_code == 404
    assert other.get(f"{PLANS}/proposal?offeringCode=offering-a").status_code == 404


def test_the_same_key_makes_one_plan(holder):
    sent = {"format": "json", "HTTP_IDEMPOTENCY_KEY": "plan-1"}
    first, second = (holder.post(PLANS, wish(), **sent) for _ in range(2))

    assert first.json() == second.json() and second["Idempotent-Replayed"] == "true"
    assert MeasurementPlan.objects.filter(measure="reach").count() == 2


def test_the_proposal_names_measures_indicators_and_limits(partner):
    answer = partner.get(f"{PLANS}/proposal?offeringCode=offering-a").json()

    satisfaction = next(one for one in answer["measures"] if one["measure"] == "satisfaction")
    assert (satisfaction["indicatorCodes"], satisfaction["monitorType"], satisfaction["asksParticipants"]) == (
        ["satisfied-with-effect"], "continuous", True,
    )  # fmt: skip
    assert answer["planned"] == [one["measure"] for one in sorted(answer["measures"], key=lambda m: m["measure"])]
    assert answer["burden"]["reportsPerYear"] == answer["burden"]["reportsThatFit"] == 24
    assert answer["warnings"] == []


def test_a_plan_that_asks_too_much_is_kept_and_says_so(holder):
    answer = make(holder, measure="satisfaction", expectedCount=200, validFrom="2024-01-01")
    assert faults(answer) == {("#/validFrom", "overlaps-plan")}

    changed = change(holder, plan_of("satisfaction"), expectedCount=200, periodKind="month")

    assert changed.status_code == 200
    codes = {warning["code"] for warning in changed.json()["warnings"]}
    assert codes == {"more-people-than-reached", "more-reports-than-fit"}
    listed = holder.get(f"{PLANS}?measure=satisfaction").json()["results"][0]
    assert listed["warnings"] == changed.json()["warnings"]
    assert "200" in changed.json()["warnings"][-1]["detail"]


def test_plans_move_with_the_start_of_their_offering_unless_they_ended_before(holder):
    make(holder)

    outcomes.offering(startsOn="2024-04-01")
    asked = MeasurementPlan.objects.filter(measure="reach").order_by("valid_from")
    assert [plan.valid_from.isoformat() for plan in asked] == ["2024-04-01", "2024-07-01"]
    outcomes.offering(startsOn="2025-01-01")

    assert plan_of("satisfaction").valid_from.isoformat() == "2025-01-01"
    assert MeasurementPlan.objects.get(measure="reach", period_kind="quarter").valid_from.isoformat() == "2024-04-01"
