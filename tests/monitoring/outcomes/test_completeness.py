"""What was asked and what came: against the plan only, never capped."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.days import day_of, today
from monitoring.completeness import DAYS_TO_DELIVER, STATES, Delivered, Key, came_on, judge, periods_of, rate
from monitoring.models import MeasurementPlan, OutcomeReport
from monitoring.periods import parse, quarter_of
from tests.factories import outcomes

Q1, Q2 = parse("2024-Q1"), parse("2024-Q2")
DUE = Q1.last + timedelta(days=DAYS_TO_DELIVER)
REACH = Key("o", "reach", Q1)


def state(delivered=None, *, day=DUE, asked=(REACH,)):
    [found] = judge(asked, {} if delivered is None else {REACH: delivered}, day)
    return found.status


def test_the_seven_states():
    assert state() == "not-yet-due"
    assert state(day=DUE + timedelta(days=1)) == "missing"
    assert state(Delivered(DUE, 12)) == "on-time"
    assert state(Delivered(DUE + timedelta(days=1), 12)) == "late"
    assert state(Delivered(DUE, 0)) == "empty"
    assert state(Delivered(DUE, 12, people=12, largest=11)) == "contradictory"
    assert state(Delivered(DUE, 12), asked=()) == "unplanned"


EARLY, LATE = date(2024, 4, 2), date(2024, 9, 1)


@pytest.mark.parametrize(
    ("parts", "day"),
    [
        ([(EARLY, 60)], EARLY),
        ([(EARLY, 57), (LATE, 3)], EARLY),  # three people turned out to live elsewhere
        ([(LATE, 57), (EARLY, 3)], LATE),  # the first area does not make the rest timely
        ([(LATE, 30), (EARLY, 30)], EARLY),
        ([(LATE, 0), (EARLY, 0)], EARLY),
        ([(LATE, 0), (EARLY, 60)], EARLY),
    ],
)
def test_a_delivery_came_when_half_of_it_had(parts, day):
    assert came_on(parts) == day


@given(st.lists(st.tuples(st.dates(), st.integers(0, 50)), min_size=1), st.randoms())
def test_when_a_delivery_came_does_not_depend_on_order(parts, random):
    shuffled = random.sample(parts, len(parts))

    assert came_on(shuffled) == came_on(parts)
    assert min(parts)[0] <= came_on(parts) <= max(parts)[0]


def test_a_rate_is_not_capped_and_unknown_while_nothing_is_due():
    assert rate(["on-time", "unplanned", "not-yet-due"]) == 2.0
    assert rate(["late", "missing"]) == 0.5
    assert rate(["not-yet-due"]) is None


@given(st.lists(st.sampled_from(STATES)))
def test_a_rate_counts_all_that_came_over_all_that_was_due(states):
    delivered = [s for s in states if s not in {"missing", "not-yet-due"}]
    due = [s for s in states if s not in {"unplanned", "not-yet-due"}]

    assert rate(states) == (len(delivered) / len(due) if due else None)


def test_periods_begin_with_the_plan_and_end_with_it():
    assert list(periods_of("quarter", date(2024, 2, 15), date(2024, 7, 1), date(2026, 1, 1))) == [Q1, Q2]
    assert list(periods_of("quarter", date(2024, 2, 15), None, date(2024, 4, 1))) == [Q1, Q2]
    assert list(periods_of("survey-wave", date(2024, 2, 15), None, date(2024, 4, 1))) == []
    assert list(periods_of("quarter", date(2024, 5, 1), None, date(2024, 4, 1))) == [Q2]
    assert list(periods_of("school-year", date.max, None, date(2024, 4, 1))) == []


@pytest.fixture
def planned(post):
    """Two quarters of reach are asked; the first came, and nothing else is planned."""
    MeasurementPlan.objects.exclude(measure="reach").delete()
    MeasurementPlan.objects.update(valid_until=date(2024, 7, 1))
    post()
    OutcomeReport.objects.update(recorded_at="2024-04-10T12:00Z")


def told(client, query=""):
    return [
        (row["measure"], row["period"], row["deliveryStatus"])
        for row in client.get(f"/v1/completeness{query}").json()["results"]
    ]


def test_a_partner_sees_its_own_and_what_is_missing(planned, partner, client_with):
    assert told(partner) == [
        ("reach", Q1.iso, "on-time"),
        ("reach", Q2.iso, "missing"),
    ]
    assert told(partner, "?deliveryStatus=missing&year=2024") == [("reach", Q2.iso, "missing")]
    assert told(client_with("partner", municipality=outcomes.CITY, organisation="org-b")) == []


def test_the_municipality_sees_whom_to_remind_of_what(planned, client_with):
    holder = client_with("account-holder", municipality=outcomes.CITY)

    [row] = holder.get("/v1/completeness/organisations").json()["results"]

    assert (row["organisationCode"], row["rate"]) == ("org-a", 0.5)
    assert (row["counts"]["onTime"], row["counts"]["missing"]) == (1, 1)
    assert row["reminders"] == ["offering-a: Bereik over 2024-Q2 had er op 30 juli 2024 moeten zijn."]
    [other] = holder.get("/v1/completeness/organisations", HTTP_ACCEPT_LANGUAGE="en").json()["results"]
    assert other["reminders"] == ["offering-a: reach over 2024-Q2 was due on 30 July 2024."]


def test_a_late_empty_or_withdrawn_report_is_told_as_such(planned, partner, post):
    OutcomeReport.objects.update(recorded_at="2024-09-01T12:00Z")
    post(period="2024-Q2", counts={"started": 0})

    assert [row[2] for row in told(partner)] == ["late", "empty"]

    OutcomeReport.objects.update(status="withdrawn")
    assert [row[2] for row in told(partner)] == ["missing", "missing"]


def test_a_report_is_late_from_midnight_in_amsterdam_on(planned, partner):
    due = partner.get("/v1/completeness").json()["results"][0]["dueDate"]

    for clock, state in (("21:59", "on-time"), ("22:00", "late")):  # in summer two hours ahead of UTC
        OutcomeReport.objects.update(recorded_at=f"{due}T{clock}Z")
        assert told(partner)[0][2] == state


def test_a_correction_does_not_make_a_report_late(planned, partner, post):
    post(counts={"targetGroup": 400, "started": 61})

    assert day_of(OutcomeReport.objects.get().recorded_at) == today()
    assert told(partner)[0][2] == "on-time"


def test_the_current_quarter_is_not_yet_due(post, partner):
    current = quarter_of(today()).iso

    assert ("reach", current, "not-yet-due") in told(partner)


@pytest.mark.parametrize(("group", "status"), [(100, "on-time"), (39, "contradictory")])
def test_people_are_held_to_the_target_group_of_the_areas_that_tell_both(planned, partner, post, group, status):
    """Of the second area nobody told the target group: its people contradict nothing."""
    MeasurementPlan.objects.create(
        municipality_code=outcomes.CITY, organisation_code="org-a", offering_code="offering-a", measure="satisfaction",
        monitor_type="periodic", period_kind="quarter", valid_from=date(2024, 1, 1), valid_until=date(2024, 4, 1),
    )  # fmt: skip
    post(counts={"targetGroup": group, "started": 30})
    post(areaCode="WK900102", counts={"started": 90})
    for area, count in (("WK900101", 40), ("WK900102", 90), ("unknown", 70)):
        post(measure="satisfaction", areaCode=area, counts={"grade8": count})
    OutcomeReport.objects.update(recorded_at="2024-04-10T12:00Z")

    assert ("satisfaction", Q1.iso, status) in told(partner)
