"""Outcome agreements of a plan of action become measurement plans, from the next period on."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.completeness import CALENDAR
from monitoring.models import MeasurementPlan
from monitoring.services.planning.agreed_plans import Agreement, first_day, take_over_agreements
from tests.factories import outcomes

pytestmark = pytest.mark.usefixtures("city")
AGREED = {"offeringCode": "offering-a", "measure": "satisfaction", "monitorType": "sample", "periodKind": "quarter",
          "among": "deelnemers boven 12"}  # fmt: skip


def agree(day="2026-05-20", **changes):
    take_over_agreements({"municipalityCode": outcomes.CITY, "planId": "x", "actor": "adviser-1", "day": day,
                          "agreements": [AGREED | changes]})  # fmt: skip


def plans(measure="satisfaction"):
    rows = MeasurementPlan.objects.filter(measure=measure).order_by("valid_from")
    return [(str(p.valid_from), str(p.valid_until or ""), p.monitor_type, p.period_kind, p.among_nl) for p in rows]


@pytest.fixture
def proposed(city):
    """What monitoring proposed when it heard of the offering."""
    ((start, _end, *how),) = plans()
    return start, tuple(how)


def test_what_was_agreed_holds_from_the_next_period_on(proposed):
    start, how = proposed

    agree()

    assert plans() == [(start, "2026-07-01", *how),
                       ("2026-07-01", "", "sample", "quarter", "deelnemers boven 12")]  # fmt: skip


def test_the_same_agreement_twice_is_one_plan(proposed):
    agree()
    agree()
    agree(day="2026-08-01")

    assert len(plans()) == 2


def test_a_second_thought_before_it_begins_replaces_the_first(proposed):
    agree()
    agree(day="2026-05-21", monitorType="periodic")

    assert [row[2] for row in plans()][-1] == "periodic"
    assert len(plans()) == 2


def test_another_rhythm_begins_where_both_periods_begin(proposed):
    agree(periodKind="year")

    assert plans()[-1][0] == "2027-01-01"


def test_from_year_to_school_year_there_is_no_day_so_nothing_moves(proposed):
    agree(periodKind="year")
    before = plans()

    agree(day="2028-02-01", periodKind="school-year")

    assert plans() == before


def test_what_cannot_be_measured_makes_no_plan_and_stops_nothing_else(proposed):
    before = MeasurementPlan.objects.count()

    take_over_agreements({"municipalityCode": outcomes.CITY, "planId": "x", "actor": "adviser-1", "day": "2026-05-20",
                          "agreements": [AGREED | {"measure": "no-show"}, AGREED | {"offeringCode": "unknown"},
                                         AGREED]})  # fmt: skip

    assert MeasurementPlan.objects.count() == before + 1


def test_another_municipality_cannot_plan_here(proposed):
    before = plans()

    take_over_agreements({"municipalityCode": "GM0599", "planId": "x", "actor": "a", "day": "2026-05-20",
                          "agreements": [AGREED]})  # fmt: skip

    assert plans() == before


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), kind=st.sampled_from([*CALENDAR]),
       before=st.sampled_from([*CALENDAR]))  # fmt: skip
def test_the_first_day_begins_a_period_of_both_kinds(day, kind, before):
    last = MeasurementPlan(period_kind=before)

    found = first_day(Agreement("a", "reach", "sample", kind, "", day), last)

    assert day < found
    assert CALENDAR[kind](found).start == found
    if kind == before or "school-year" not in (kind, before) or "month" in (kind, before):
        assert CALENDAR[before](found).start == found
