"""An offering that becomes another kind of service: what is asked changes from the next period on, never backwards."""

import io
from datetime import date

import openpyxl
import pytest
from django.utils import timezone

from config.days import start_of
from monitoring.models import AggregateMark, AuditEntry, MeasurementPlan
from tests.factories import outcomes

BEFORE, AFTER = "individual-provision-trajectories", "contact-moments"
GONE, NEW, KEPT = "without-help", "no-show", "reach"
CHANGED, NEXT = date(2025, 5, 20), date(2025, 7, 1)


@pytest.fixture
def on(monkeypatch):
    """Take over what the offering became, on a day."""

    def change(day=CHANGED, **changes):
        monkeypatch.setattr(timezone, "now", lambda: start_of(day))
        outcomes.offering(**changes)
        monkeypatch.undo()

    return change


@pytest.fixture
def changed(city, on):
    on(serviceType=AFTER)


def spans(measure):
    plans = MeasurementPlan.objects.filter(measure=measure).order_by("valid_from")
    return [(plan.valid_from, plan.valid_until) for plan in plans]


def faults(answer):
    assert answer.status_code == 400, answer.content
    return {(error["location"], error["code"]) for error in answer.json()["errors"]}


def test_what_fits_no_more_ends_and_what_fits_now_begins_with_the_next_period(changed):
    assert spans(GONE) == [(date(2024, 1, 1), NEXT)]
    assert spans(NEW) == [(NEXT, None)]
    assert spans(KEPT) == [(date(2024, 1, 1), None)]


def test_nothing_is_asked_backwards_and_nothing_that_fits_no_more(changed, partner):
    def asked(measure):
        return [row["period"] for row in partner.get(f"/v1/completeness?measure={measure}").json()["results"]]

    assert asked(GONE)[-1] == "2025-04-01/2025-06-30"
    assert asked(NEW)[0] == "2025-07-01/2025-09-30"


def test_a_report_is_taken_over_the_time_in_which_its_measure_was_asked(changed, post):
    old = {"measure": GONE, "counts": {"answer3": 5, "participants": 9}}

    assert post(period="2025-Q1", **old).status_code == 201
    assert post(period="2025-Q1", **old | {"counts": {"answer3": 6, "participants": 9}}).status_code == 200
    assert post(period="2025-Q2", **old).status_code == 201  # a period that ran is measured as it was asked
    assert faults(post(period="2025-Q3", **old)) == {("#/period", "measure-not-in-plan")}
    new = {"measure": NEW, "counts": {"appointments": 20, "noShows": 2}}
    assert faults(post(period="2025-Q2", **new)) == {("#/period", "measure-not-in-plan")}
    assert post(period="2025-Q3", **new).status_code == 201


def test_a_measure_that_never_was_asked_and_does_not_fit_is_refused_as_such(changed, post):
    other = {"measure": "information-questions", "counts": {"asked": 3}}

    assert ("#/measure", "measure-does-not-fit") in faults(post(period="2025-Q1", **other))


def test_the_template_asks_what_was_asked_then(changed, partner):
    def sheets(period):
        content = partner.get(f"/v1/outcome-files/template?period={period}").content
        return set(openpyxl.load_workbook(io.BytesIO(content)).sheetnames)

    before, after = sheets("2025-Q2"), sheets("2025-Q3")
    assert "Zonder hulp verder" in before - after and "Niet verschenen" in after - before


def test_a_change_back_asks_again_from_the_next_period_on(city, on):
    on(serviceType=AFTER)
    on(date(2025, 8, 5), serviceType=BEFORE)

    assert spans(GONE) == [(date(2024, 1, 1), NEXT), (date(2025, 10, 1), None)]
    assert spans(NEW) == [(NEXT, date(2025, 10, 1))]


def test_a_change_that_is_taken_back_before_it_asked_anything_asks_nothing(city, on):
    on(serviceType=AFTER)
    on(date(2025, 6, 1), serviceType=BEFORE)

    assert spans(NEW) == []
    assert spans(GONE) == [(date(2024, 1, 1), NEXT), (NEXT, None)]


def test_no_day_is_asked_twice_when_a_yearly_plan_ended(city, on):
    MeasurementPlan.objects.filter(measure=GONE).update(period_kind="year")
    on(serviceType=AFTER)
    on(date(2025, 8, 5), serviceType=BEFORE)

    assert spans(GONE) == [(date(2024, 1, 1), date(2026, 1, 1)), (date(2026, 1, 1), None)]


def test_an_offering_that_has_yet_to_begin_is_asked_by_its_new_kind_only(city, on):
    outcomes.offering("offering-b", startsOn="2026-04-10")
    on(date(2025, 5, 20), code="offering-b", startsOn="2026-04-10", serviceType=AFTER)

    plans = MeasurementPlan.objects.filter(offering_code="offering-b")
    assert set(plans.values_list("valid_from", flat=True)) == {date(2026, 4, 10)}
    assert {NEW} < set(plans.values_list("measure", flat=True)) and not plans.filter(measure=GONE).exists()


def test_what_the_municipality_decided_about_a_measure_that_fits_still_stays(city, on):
    MeasurementPlan.objects.filter(measure=KEPT).update(valid_until=date(2025, 4, 1))

    on(serviceType=AFTER)

    assert spans(KEPT) == [(date(2024, 1, 1), date(2025, 4, 1))]


def test_a_change_is_in_the_audit_and_marks_who_is_expected(post, on):
    post()
    AggregateMark.objects.all().delete()

    on(serviceType=AFTER)

    told = AuditEntry.objects.filter(resource="measurement-plans", action="measurement-plan.updated")
    assert [(entry.before["valid_until"], entry.after["valid_until"]) for entry in told
            if entry.after["measure"] == GONE] == [(None, "2025-07-01")]  # fmt: skip
    assert AggregateMark.objects.exists()


def test_a_plan_that_fits_no_more_may_be_put_right_while_it_has_an_end(changed, client_with):
    holder = client_with("account-holder", municipality=outcomes.CITY)
    path = f"/v1/measurement-plans/{MeasurementPlan.objects.get(measure=GONE).pk}"

    def change(**changes):
        return holder.patch(path, changes, format="json", HTTP_IF_MATCH=holder.get(path)["ETag"])

    assert change(validUntil="2025-04-01").status_code == 200
    assert ("#/measure", "measure-does-not-fit") in faults(change(validUntil=None))


def test_the_same_facts_again_change_no_plan(changed, on):
    before = list(MeasurementPlan.objects.order_by("id").values())

    on(date(2025, 9, 9), serviceType=AFTER, intendedReach=80)

    assert list(MeasurementPlan.objects.order_by("id").values()) == before
