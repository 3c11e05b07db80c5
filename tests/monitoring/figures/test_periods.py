"""Periods: read what the field writes, write ISO 8601, contain what they should."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring import periods
from monitoring.period_guess import guessed
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


@given(CALENDAR, CALENDAR)
def test_inside_a_period_are_itself_and_those_it_is_wider_than(period, other):
    inside = periods.inside(period)

    assert period in inside
    assert (other in inside) == (period in (other, *periods.wider(other)))
    assert all(period in (one, *periods.wider(one)) for one in inside)


@pytest.mark.parametrize(("text", "count"), [("2024-03", 1), ("2024-Q1", 4), ("2024", 17), ("2024/2025", 13)])
def test_how_many_periods_are_added_up_in_one(text, count):
    assert len(periods.inside(parse(text))) == count


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
        ("2024-q1", "quarter", "2024-01-01/2024-03-31"),
        ("2024KW04", "quarter", "2024-10-01/2024-12-31"),
        ("2023/2024", "school-year", "2023-08-01/2024-07-31"),
        ("2020-09-15/2020-11-30", "survey-wave", "2020-09-15/2020-11-30"),
    ],
)
def test_each_spelling_of_the_field_is_understood(text, kind, iso):
    period = parse(text)

    assert (period.kind, period.iso) == (kind, iso)


ANY_DAY = st.dates() | st.sampled_from([date.min, date(1, 7, 31), date(1, 8, 1), date(9999, 11, 30), date.max])


@given(st.builds(lambda a, b, kind: (kind, min(a, b), max(a, b)), ANY_DAY, ANY_DAY, st.sampled_from(periods.KINDS)))
def test_at_the_ends_of_the_calendar_nothing_breaks(bounds):
    kind, first, until = bounds
    made = [widen(first) for widen in (periods.month_of, periods.quarter_of, periods.year_of, periods.school_year_of)
            if date(1, 8, 1) <= first < date(9999, 1, 1)]  # fmt: skip
    if kind == "survey-wave" and first < until and until.toordinal() - first.toordinal() < 1000:
        made.append(Period(kind, first, until))

    for period in made:
        assert all(above.covers(period) for above in periods.wider(period))
        assert all(period.covers(month) for month in period.months)
        assert period.iso and period.short and (period.cbs is None or len(period.cbs) == 8)
        following = periods.next_expected("", period, 12)
        assert following is None or int(following[:4]) == period.start.year + 1


@pytest.mark.parametrize(
    ("period", "wider", "months"),
    [
        (Period("month", date(1, 1, 1), date(1, 2, 1)), ["0001-01-01/0001-03-31", "0001"], 1),
        (Period("month", date(9999, 11, 1), date(9999, 12, 1)), [], 1),
        (Period("survey-wave", date(9999, 11, 1), date.max), [], 1),
        (Period("survey-wave", date.min, date(1, 1, 20)), [], 0),
    ],
)
def test_what_would_lie_outside_the_calendar_is_left_out(period, wider, months):
    assert ([above.iso for above in periods.wider(period)], len(period.months)) == (wider, months)


@given(st.from_regex(r"\d{4}(-\d{2}|-Q\d|JJ00|KW0\d|MM\d{2}|/\d{4}|-\d{2}-\d{2}/\d{4}-\d{2}-\d{2})?", fullmatch=True))
def test_whatever_is_read_has_all_that_lies_around_it(text):
    try:
        period = parse(text)
    except BadPeriod:
        return
    around = [widen(day) for widen in (periods.month_of, periods.quarter_of, periods.year_of, periods.school_year_of)
              for day in (period.start, period.last)]  # fmt: skip

    assert all(other.start.year >= 999 and other.end.year <= 3001 for other in around)


@pytest.mark.parametrize(
    "text",
    ["", "24", "2024-13", "2024-00", "2024-Q5", "2024KW05", "2024MM13", "2024HJ01", "2023/2025",
     "2024-03-01/2024-01-01", "2024-02-30/2024-03-01", "0000", "0001", "0001-01", "0999", "0001-01-01/0001-01-01",
     "3000", "2999-08-01/3000-07-31", "9999", "9999-12", "9999-12-31/9999-12-31", "2024-1",
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


@pytest.mark.parametrize(
    ("written", "meant"),
    [("2025 Q4", "2025-Q4"), ("Q4 2025", "2025-Q4"), ("q4-2025", "2025-Q4"), ("2025Q4", "2025-Q4"),
     ("2025-kwartaal 4", "2025-Q4"), ("4e kwartaal 2025", "2025-Q4"), ("Vierde  kwartaal van 2025", "2025-Q4"),
     ("kwartaal 4, 2025", "2025-Q4"), ("2025 4e kwartaal", "2025-Q4"), ("KW4 2025", "2025-Q4"),
     ("oktober 2025", "2025-10"), ("okt. 2025", "2025-10"), ("2025 maart", "2025-03"), ("mrt-2025", "2025-03"),
     ("10-2025", "2025-10"), ("2025/10", "2025-10"), ("heel 2025", "2025"), ("jaar 2025", "2025"),
     ("schooljaar 2024/2025", "2024-08-01/2025-07-31"), ("2024-2025", "2024-08-01/2025-07-31")],
)  # fmt: skip
def test_what_was_meant_is_guessed(written, meant):
    assert guessed(written).short == meant


@pytest.mark.parametrize(
    "text", ["", "2025-4", "kwartaal 4", "Q5 2025", "4", "2024-2026", "maandag 2025", "voorjaar 2025"]
)
def test_what_cannot_be_told_is_not_guessed(text):
    assert guessed(text) is None
