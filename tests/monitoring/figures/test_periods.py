"""Periods: read what the field writes, write ISO 8601, contain what they should."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring import periods
from monitoring.periods import BadPeriod, Period, parse

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
CALENDAR = st.builds(
    lambda widen, day: widen(day),
    st.sampled_from([periods.month_of, periods.quarter_of, periods.year_of, periods.school_year_of]),
    DAYS,
)
WAVES = st.builds(lambda a, days: Period("survey-wave", a, date.fromordinal(a.toordinal() + days)), DAYS,
                  st.integers(1, 900))  # fmt: skip


@given(CALENDAR)
def test_what_is_written_is_read_back_without_saying_the_kind(period):
    assert parse(period.iso) == period


@given(CALENDAR | WAVES)
def test_what_is_written_is_read_back_with_its_kind(period):
    assert parse(period.iso, period.kind) == period


@given(CALENDAR)
def test_a_cbs_code_is_read_back(period):
    assert parse(period.cbs) == period


def test_a_school_year_of_cbs_is_named_after_the_year_in_which_it_begins():
    assert parse("2023SJ00") == parse("2023/2024") == parse("2023-08-01/2024-07-31")


@given(CALENDAR)
def test_wider_periods_contain_it_and_those_of_the_calendar_grow(period):
    wider = periods.wider(period)
    calendar = (period, *(above for above in wider if above.kind != "school-year"))

    assert all(above.covers(period) and above != period for above in wider)
    assert all(above.covers(below) and above != below for below, above in pairwise(calendar))


@given(CALENDAR)
def test_a_calendar_period_is_exactly_its_months(period):
    months = period.months

    assert (months[0].start, months[-1].end) == (period.start, period.end)
    assert all(a.end == b.start for a, b in pairwise(months))


@given(DAYS)
def test_the_end_belongs_to_the_next_period(day):
    month = periods.month_of(day)

    assert month.contains(day)
    assert not month.contains(month.end)


@pytest.mark.parametrize(
    ("text", "kind", "iso"),
    [
        ("2024", "year", "2024"),
        ("2024JJ00", "year", "2024"),
        ("2024-01-01/2024-12-31", "year", "2024"),
        ("2024-03", "month", "2024-03"),
        ("2024MM03", "month", "2024-03"),
        ("2024-02-01/2024-02-29", "month", "2024-02"),
        ("2024-Q1", "quarter", "2024-01-01/2024-03-31"),
        ("2024KW04", "quarter", "2024-10-01/2024-12-31"),
        ("2023/2024", "school-year", "2023-08-01/2024-07-31"),
        ("2020-09-15/2020-11-30", "survey-wave", "2020-09-15/2020-11-30"),
    ],
)
def test_each_spelling_of_the_field_is_understood(text, kind, iso):
    period = parse(text)

    assert (period.kind, period.iso) == (kind, iso)


@pytest.mark.parametrize(
    "text",
    ["", "24", "2024-13", "2024-00", "2024-Q5", "2024KW05", "2024MM13", "2024HJ01", "2023/2025",
     "2024-03-01/2024-01-01", "2024-02-30/2024-03-01", "0000", "9999", "9999-12-31/9999-12-31", "2024-1",
     "Q1 2024", "２０２４"],
)  # fmt: skip
def test_what_is_no_period_is_refused(text):
    with pytest.raises(BadPeriod):
        parse(text)


def test_another_kind_than_asked_is_refused():
    with pytest.raises(BadPeriod):
        parse("2024", "quarter")


def test_bounds_that_do_not_fit_the_kind_are_refused():
    with pytest.raises(BadPeriod):
        Period("quarter", date(2024, 2, 1), date(2024, 5, 1))
