"""Trends: honest about few figures, no judgement without a direction."""

from hypothesis import given
from hypothesis import strategies as st

from monitoring.periods import year
from monitoring.trend import trend


def points(*values):
    return [(year(2018 + i), value, None, None) for i, value in enumerate(values)]


def test_registered_debts_by_the_old_definition_worsen():
    found = trend(points(13.3, None, None, 12.1, 12.5, 13.7, 14.0), better="lower-better")

    assert (found.direction, found.course, found.steady, found.measurements) == ("up", "worsening", False, 5)
    assert round(found.change, 1) == 0.7
    assert (found.first.iso, found.last.iso) == ("2018", "2024")


def test_one_measurement_is_no_trend():
    found = trend(points(None, 5.0, None))

    assert (found.measurements, found.change, found.direction, found.steady) == (1, None, None, None)
    assert found.first == found.last == year(2019)


def test_no_measurement_is_no_trend():
    assert trend([]).measurements == 0


def test_without_direction_there_is_no_judgement():
    assert trend(points(1, 2), better="neutral").course is None


@given(st.lists(st.floats(-100, 100) | st.none(), max_size=8), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(values, chance):
    given_points = points(*values)
    shuffled = list(given_points)
    chance.shuffle(shuffled)

    assert trend(shuffled) == trend(given_points)
