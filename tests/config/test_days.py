"""Which day it is follows the clock in Amsterdam, whatever the server's clock says."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from config.days import day_of, start_of, today


@pytest.mark.parametrize(("moment", "day"), [
    ("2025-12-31T22:59Z", date(2025, 12, 31)), ("2025-12-31T23:00Z", date(2026, 1, 1)),  # winter: an hour before UTC
    ("2026-06-30T21:59Z", date(2026, 6, 30)), ("2026-06-30T22:00Z", date(2026, 7, 1)),  # summer: two hours
])  # fmt: skip
def test_a_day_begins_at_midnight_in_amsterdam(monkeypatch, moment, day):
    now = datetime.fromisoformat(moment)
    monkeypatch.setattr(timezone, "now", lambda: now)

    assert today() == day_of(now) == day


@given(st.dates(date(1995, 1, 1), date(2037, 12, 31)))
def test_a_day_runs_from_its_start_to_that_of_the_next(day):
    first, following = start_of(day).astimezone(UTC), start_of(day + timedelta(days=1)).astimezone(UTC)

    assert day_of(first) == day_of(following - timedelta(microseconds=1)) == day
    assert following - first in {timedelta(hours=hours) for hours in (23, 24, 25)}
