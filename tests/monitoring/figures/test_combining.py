"""Rolling up, before it is served: invariants over areas and periods."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring import periods
from monitoring.combination import Cell, combine
from monitoring.roll_up import Rules, roll_ups
from monitoring.series import Value

AREAS = ("a", "b", "c", "d")
COUNTS = st.tuples(st.integers(0, 50), st.integers(0, 50)).filter(lambda pair: pair[1] > 0)


def month(area, number, count, of):
    return Value("i", area, 2024, periods.parse(f"2024-{number:02}"), "", "", "share", "s", 100 * count / of, "percent",
                 "exact", "final", count, of, "", None, None, "", "", "", "published", False)  # fmt: skip


@given(st.dictionaries(st.tuples(st.sampled_from(AREAS), st.integers(1, 12)), COUNTS, max_size=30),
       st.randoms(use_true_random=False))  # fmt: skip
def test_periods_first_or_areas_first_pools_the_same(counts, chance):
    values = [month(area, number, min(c), c[1]) for (area, number), c in counts.items()]
    chance.shuffle(values)
    rules = Rules("pooled-ratio", "pooled-ratio")

    found = roll_ups(values, areas=AREAS, period=periods.year(2024), of="month", rules=rules)

    if not values:
        assert found == ()
        return
    (one,) = found
    pooled = one.figures[0].found
    assert pooled.value == pytest.approx(
        100 * sum(min(c) for c in counts.values()) / sum(c[1] for c in counts.values())
    )
    assert pooled.used == len({area for area, _month in counts})
    assert sum(part.used for part in one.parts) == len(counts)


def test_the_last_month_is_the_last_with_a_value():
    cells = [Cell(1.0), Cell(2.0), Cell(None)]

    assert (combine(cells, "last").value, combine(cells, "last").basis) == (2.0, "1 of 3")
    assert combine(cells, "mean").value == 1.5
