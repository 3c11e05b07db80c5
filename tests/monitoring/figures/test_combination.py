"""Combining: by rule, with the basis, never joining definitions, absence never zero."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.combination import Cell, MixedDefinitions, NotCombinable, combine
from tests.monitoring.figures.data import worked_example

COUNTED = st.integers(1, 10_000).flatmap(
    lambda n: st.integers(0, n).map(lambda k: Cell(100 * k / n, numerator=k, denominator=n))
)
ABSENT = st.just(Cell(None))
RULES = st.sampled_from(["sum", "pooled-ratio", "weighted-mean", "mean-of-areas"])


def test_preschool_reach_is_75_pooled_and_80_as_mean_of_areas():
    example = worked_example("preschool-reach-mean-versus-pooled")
    reached, indicated = example["input"]["mean_participants_per_area"], example["input"]["mean_indications_per_area"]

    pooled = combine([Cell(0, numerator=reached, denominator=indicated)], "pooled-ratio")

    assert round(pooled.value, 1) == example["expected"]["pooled_percent"] == 75.4


def test_the_consultant_reached_94_9_percent():
    pooled = combine([Cell(None), Cell(94.9, numerator=111, denominator=117)], "pooled-ratio")

    assert round(pooled.value, 1) == worked_example("preschool-reach-consultant")["expected"]["percent"]
    assert pooled.basis == "1 of 2"


@given(st.lists(COUNTED, min_size=1, max_size=20))
def test_a_pooled_ratio_lies_between_its_parts(cells):
    value = combine(cells, "pooled-ratio").value

    assert min(c.value for c in cells) - 1e-9 <= value <= max(c.value for c in cells) + 1e-9


@given(st.lists(COUNTED | ABSENT, min_size=1, max_size=20), RULES, st.randoms(use_true_random=False))
def test_order_does_not_matter(cells, rule, chance: random.Random):
    shuffled = list(cells)
    chance.shuffle(shuffled)

    assert combine(shuffled, rule) == combine(cells, rule)


@given(st.lists(COUNTED, min_size=1, max_size=12), st.lists(COUNTED, min_size=1, max_size=12),
       st.sampled_from(["sum", "pooled-ratio", "weighted-mean"]))  # fmt: skip
def test_the_whole_is_the_combination_of_its_combined_parts(left, right, rule):
    parts = [combine(cells, rule) for cells in (left, right)]
    again = combine([Cell(p.value, p.numerator, p.denominator) for p in parts], rule)

    assert again.value == pytest.approx(combine([*left, *right], rule).value)


@given(st.lists(COUNTED, min_size=1, max_size=12), st.integers(1, 9), RULES)
def test_absence_changes_the_basis_and_not_the_value(cells, absent, rule):
    with_absent = combine([*cells, *[Cell(None)] * absent], rule)

    assert with_absent.value == combine(cells, rule).value
    assert (with_absent.used, with_absent.total) == (len(cells), len(cells) + absent)


@given(RULES)
def test_nothing_known_is_unknown_and_not_zero(rule):
    nothing = combine([Cell(None), Cell(None)], rule)

    assert (nothing.value, nothing.basis) == (None, "0 of 2")


def test_a_value_without_counts_is_no_part_of_a_pooled_ratio():
    pooled = combine([Cell(50.0, 5, 10), Cell(90.0)], "pooled-ratio")

    assert (pooled.value, pooled.basis) == (50.0, "1 of 2")


def test_definitions_are_never_joined():
    with pytest.raises(MixedDefinitions):
        combine([Cell(13.7, definition_version="pre-2022"), Cell(14.3, definition_version="revised-2022")], "sum")


def test_what_may_not_be_combined_is_refused():
    with pytest.raises(NotCombinable):
        combine([Cell(1.0)], "none")
