"""Tests for a trend, against published figures, a library of others, and what must hold for all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from monitoring.statistics import Counted
from monitoring.trend_tests import cochran_armitage, mann_kendall, poisson_trend

VALUES = st.lists(st.integers(-50, 50).map(float), min_size=5, max_size=12)
COUNTS = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)).filter(any), min_size=3, max_size=8).map(
    lambda pairs: [Counted(yes, yes + no) for yes, no in pairs]
)


def test_armitages_own_example():
    """Armitage (1955), table 1: carriers among 1,398 children by size of tonsils, χ² of the trend 7.19."""
    carriers = [Counted(19, 497 + 19), Counted(29, 560 + 29), Counted(24, 269 + 24)]

    score, chance = cochran_armitage([0, 1, 2], carriers)

    assert score > 0
    assert chance == pytest.approx(0.0073, abs=2e-4)


@pytest.mark.parametrize(("count", "chance"), [(4, 2 / 24), (5, 2 / 120), (6, 2 / 720)])
def test_a_perfect_order_is_one_of_two_out_of_all(count, chance):
    assert mann_kendall(list(range(count))) == (count * (count - 1) / 2, pytest.approx(chance))


@given(VALUES.filter(lambda values: len(set(values)) == len(values)))
def test_without_ties_it_is_kendalls_exact_test(values):
    _score, chance = mann_kendall(values)

    assert chance == pytest.approx(kendalltau(range(len(values)), values, method="exact").pvalue)


@given(VALUES)
def test_backwards_is_the_same_order_the_other_way(values):
    (there, p), (back, q) = mann_kendall(values), mann_kendall(values[::-1])

    assert (there, p) == (-back, pytest.approx(q))
    assert 0 <= p <= 1


@given(COUNTS)
def test_counts_backwards_score_the_other_way(counts):
    for test in (cochran_armitage, poisson_trend):
        (there, p), (back, q) = test(range(len(counts)), counts), test(range(len(counts)), counts[::-1])

        assert there == pytest.approx(-back, abs=1e-6)
        assert p == pytest.approx(q, abs=1e-6)


@given(st.integers(1, 9), st.lists(st.integers(1, 50), min_size=3, max_size=8))
def test_one_share_throughout_has_no_trend(tenths, sizes):
    same = [Counted(tenths * size, 10 * size) for size in sizes]

    assert cochran_armitage(range(len(same)), same)[1] == pytest.approx(1)


def test_nothing_ever_counted_is_no_trend():
    assert cochran_armitage([0, 1, 2], [Counted(0, 9)] * 3) == (0.0, 1.0)
    assert poisson_trend([0, 1, 2], [Counted(0, 9)] * 3) == (0.0, 1.0)


def test_many_ties_go_by_the_normal_distribution():
    """By hand: S = 9 of 5 values with one pair of equals; variance (5·4·15 − 2·1·9)/18 = 15.67; z = 8/3.958."""
    score, chance = mann_kendall([1, 2, 2, 3, 4])

    assert score == 9
    assert chance == pytest.approx(0.0433, abs=1e-3)
