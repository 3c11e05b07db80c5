"""Intervals, against published examples and their own invariants."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from monitoring.statistics import (
    Counted,
    difference_of_proportions,
    difference_of_rates,
    exposure_needed,
    number_needed,
    poisson,
    wilson,
)

PROPORTIONS = st.integers(1, 5000).flatmap(lambda n: st.builds(Counted, st.integers(0, n), st.just(n)))


def test_newcombe_examples_for_one_proportion():
    """Newcombe (1998), Statistics in Medicine 17, 857–872, table I, method 3: 81/263 and 0/20."""
    large, none = wilson(Counted(81, 263)), wilson(Counted(0, 20))

    assert (round(large.low, 4), round(large.high, 4)) == (0.2553, 0.3662)
    assert (round(none.low, 4), round(none.high, 4)) == (0.0, 0.1611)


def test_newcombe_example_for_a_difference():
    """Newcombe (1998), Statistics in Medicine 17, 873–890, table II, method 10: 56/70 − 48/80."""
    interval = difference_of_proportions(Counted(56, 70), Counted(48, 80))

    assert (round(interval.low, 4), round(interval.high, 4)) == (0.0524, 0.3339)


@given(PROPORTIONS)
def test_a_proportion_lies_in_its_interval_and_the_interval_in_0_to_1(counted):
    interval = wilson(counted)

    assert 0 <= interval.low <= counted.share <= interval.high <= 1


@given(PROPORTIONS, PROPORTIONS)
def test_a_difference_turns_its_sign_with_its_sides(a, b):
    there, back = difference_of_proportions(a, b), difference_of_proportions(b, a)

    assert there.low == pytest.approx(-back.high)
    assert -1 <= there.low <= a.share - b.share <= there.high <= 1


@given(st.floats(0.01, 0.99), st.floats(0.005, 0.5))
def test_a_smaller_difference_needs_more(share, difference):
    assume(share + difference <= 1)

    assert number_needed(share, difference / 2) >= number_needed(share, difference)


def test_what_lies_outside_0_to_1_cannot_be_seen():
    assert number_needed(0.98, 0.05) is None
    assert number_needed(0.5, 0) is None


def test_the_number_needed_for_five_points_around_half():
    """By hand: ((1.96·0.5 + 0.8416·√(0.55·0.45)) / 0.05)² = 782.3 → 783."""
    assert number_needed(0.5, 0.05) == 783


@pytest.mark.parametrize(("events", "low", "high"), [(0, 0.0, 3.689), (1, 0.025, 5.572), (10, 4.795, 18.390)])
def test_garwoods_exact_limits_of_a_count(events, low, high):
    """Garwood (1936), Biometrika 28, table on page 439: limits of an expectation at 95 %."""
    interval = poisson(Counted(events, 1))

    assert (interval.low, interval.high) == (pytest.approx(low, abs=6e-4), pytest.approx(high, abs=6e-4))


def test_rates_differ_when_events_do_not_follow_exposure():
    assert not difference_of_rates(Counted(40, 1000), Counted(100, 10000)).holds(0)
    assert difference_of_rates(Counted(12, 1000), Counted(100, 10000)).holds(0)
    assert difference_of_rates(Counted(0, 1000), Counted(0, 10000)).holds(0)


@given(PROPORTIONS, PROPORTIONS)
def test_a_difference_of_rates_turns_its_sign_with_its_sides(a, b):
    there, back = difference_of_rates(a, b), difference_of_rates(b, a)

    assert there.low == pytest.approx(-back.high)
    assert there.low <= a.share - b.share <= there.high


def test_the_exposure_needed_to_see_two_per_thousand_more_than_ten():
    """By hand: ((1.96·√0.010 + 0.8416·√0.012) / 0.002)² = 144.1² = 20,764."""
    assert exposure_needed(0.010, 0.002) == pytest.approx(20764, abs=2)
    assert exposure_needed(0.010, -0.02) is None
