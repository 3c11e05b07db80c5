"""What a correction moves is the difference between two whole computations, and nothing else."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitoring.aggregation import Line, aggregate
from monitoring.consequences import moved
from monitoring.periods import parse

counts = st.tuples(*[st.none() | st.integers(0, 50)] * 6)


def line(offering, area, period, values):
    places = {"W1": ("GM", "W1"), "W2": ("GM", "W2")}[area]
    return Line(offering, "intervention-a", "org", "reach", area, places, parse(period), values)


keys = st.tuples(
    st.sampled_from("ab"), st.sampled_from(["W1", "W2"]), st.sampled_from(["2024-Q1", "2024-Q2", "2025-Q1"])
)
tables = st.dictionaries(keys, counts, max_size=8)


def test_one_correction_moves_its_cells_up_every_ladder():
    before, after = line("a", "W1", "2024-Q1", (9, 8, 7, 6, 5, 4)), line("a", "W1", "2024-Q1", (9, 8, 7, 5, 5, 4))
    beside = line("b", "W1", "2024-Q1", (1, 1, 1, 1, 1, 1))

    found = list(moved(before=[before], after=[after], others=[beside]))

    assert len(found) == 2 * 2 * 2  # offering and intervention, neighbourhood and city, quarter and year
    assert {one.size for one in found} == {1}
    city = next(
        m for m in found if (m.cell.subject_kind, m.cell.area, m.cell.period.kind) == ("intervention", "GM", "year")
    )
    assert (city.before.counts[3], city.after.counts[3]) == (7, 6)


def test_a_withdrawal_leaves_nothing_behind_where_nobody_else_reported():
    gone = line("a", "W1", "2024-Q1", (9, 8, 7, 6, 5, 4))

    found = list(moved(before=[gone], after=[], others=[]))

    assert len(found) == 8 and all(one.after is None and one.size == 39 for one in found)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(tables, tables, tables)
def test_moved_is_the_difference_of_two_whole_aggregations(before, after, others):
    old, new = ([line(*key, value) for key, value in table.items()] for table in (before, after))
    beside = [line(*key, value) for key, value in others.items() if key not in before and key not in after]

    found = {one.cell: (one.before, one.after) for one in moved(before=old, after=new, others=beside)}

    first, then = aggregate([*beside, *old]), aggregate([*beside, *new])
    assert found == {cell: (first.get(cell), then.get(cell)) for cell in first.keys() | then.keys()
                     if first.get(cell) != then.get(cell)}  # fmt: skip
