"""Combining over a hierarchy equals combining over its parts, whatever the order and the grouping."""

from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.combination import Cell, combine

COUNTS = st.tuples(st.integers(0, 500), st.integers(1, 500)).map(lambda pair: (min(pair), pair[1]))
PARTS = st.lists(st.one_of(COUNTS, st.none()), min_size=1, max_size=12)


def cells(parts):
    return [Cell(None) if part is None else Cell(100 * part[0] / part[1], *map(float, part)) for part in parts]


def again(found):
    return Cell(found.value, found.numerator, found.denominator)


@given(parts=PARTS, cut=st.integers(0, 12), rule=st.sampled_from(["sum", "pooled-ratio", "weighted-mean"]))
@settings(max_examples=50)
def test_a_city_is_the_same_over_districts_as_over_neighbourhoods(parts, cut, rule):
    given_cells = cells(parts)

    whole = combine(given_cells, rule)
    districts = [combine(group, rule) for group in (given_cells[:cut], given_cells[cut:]) if group]
    over_districts = combine([again(district) for district in districts], rule)

    assert (whole.value is None) == (over_districts.value is None)
    if whole.value is not None:
        assert abs(whole.value - over_districts.value) < 1e-6
        assert sum(district.used for district in districts) == whole.used


@given(parts=PARTS, order=st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_the_order_of_the_parts_does_not_matter(parts, order):
    shuffled = list(parts)
    order.shuffle(shuffled)

    assert combine(cells(shuffled), "pooled-ratio") == combine(cells(parts), "pooled-ratio")


@given(parts=st.lists(COUNTS, min_size=1, max_size=12))
@settings(max_examples=50)
def test_a_pooled_ratio_lies_between_its_parts_and_absence_is_not_zero(parts):
    found = combine(cells(parts), "pooled-ratio")
    with_absent = combine([*cells(parts), Cell(None)], "pooled-ratio")

    shares = [100 * part / whole for part, whole in parts]
    assert min(shares) - 1e-9 <= found.value <= max(shares) + 1e-9
    assert with_absent.value == found.value
    assert (with_absent.used, with_absent.total) == (found.used, found.total + 1)
