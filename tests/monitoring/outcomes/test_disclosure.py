"""Nobody can work out a withheld number: an attacker written apart from the code tries on generated tables."""

from datetime import date
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from monitoring.aggregation import Line, aggregate
from monitoring.disclosure import Slot, Table, audit, protect
from monitoring.measures import MEASURES
from monitoring.periods import Period, quarter_of, year_of
from monitoring.release_tables import tables

MINIMUM = 10
AREAS = {
    "city": "municipality",
    "east": "district",
    "w1": "neighbourhood",
    "w2": "neighbourhood",
    "w3": "neighbourhood",
}
PLACES = {"w1": ("city", "east", "w1"), "w2": ("city", "east", "w2"), "w3": ("city", "w3"), "unknown": ("city",)}
QUARTERS = tuple(quarter_of(date(2024, month, 1)) for month in (1, 4, 7, 10))
YEAR = year_of(date(2024, 1, 1))


def line(area: str, quarter: Period, measure: str, **counts: int) -> Line:
    values = tuple(counts.get(name) for name in MEASURES[measure].names)
    return Line("o", "i", "org", measure, area, PLACES[area], quarter, values)


def table_of(lines: list[Line]) -> Table:
    [(_key, table)] = tables(lines, AREAS, {})
    return table


def bounds(table: Table, withheld: frozenset[Slot], slot: Slot) -> tuple[float, float]:
    """What an attacker finds for one slot from everything that is shown."""
    atoms = len(table.atoms)
    shown = [s for s in table.slots if s not in withheld]
    rows = np.array([[int(a in table.slots[s]) for a in range(atoms)] for s in shown]).reshape(len(shown), atoms)
    sums = np.array([table.value(s) for s in shown])
    aim = np.array([float(a in table.slots[slot]) for a in range(atoms)])
    rules = np.array([[(a == p) - (a == w) for a in range(atoms)] for p, w in table.orders]).reshape(-1, atoms)
    found = []
    for sign in (1, -1):
        solved = linprog(sign * aim, A_ub=rules, b_ub=np.zeros(len(rules)), A_eq=rows, b_eq=sums, bounds=(0, 10_000))
        found.append(sign * solved.fun)
    return found[0], found[1]


no_shows = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda p: (max(p), min(p))), min_size=6, max_size=6
)
places = st.lists(st.sampled_from(sorted(PLACES)), min_size=1, max_size=3, unique=True)


@given(no_shows, places)
@settings(max_examples=40, deadline=None)
def test_no_withheld_number_can_be_pinned(counts, areas):
    cells = zip(product(areas, QUARTERS[:2]), counts, strict=False)
    table = table_of([line(a, q, "no-show", appointments=n, noShows=m) for (a, q), (n, m) in cells])

    withheld = protect(table, MINIMUM)

    for slot in table.slots:
        value = table.value(slot)
        if slot not in withheld:
            assert not 0 < value < MINIMUM
            continue
        low, high = bounds(table, withheld, slot)
        assert high - low >= MINIMUM - 1e-4
        if 0 < value < MINIMUM:
            assert low <= max(0, value - MINIMUM / 2) + 1e-4
            assert high >= MINIMUM - 1e-4


grades = st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=4, max_size=8)


@given(grades)
@settings(max_examples=15, deadline=None)
def test_distributions_are_merged_and_audited(answers):
    cells = zip(product(["w1", "w2", "unknown"], QUARTERS), answers, strict=False)
    lines = [line(a, q, "satisfaction", grade4=x, grade7=y, grade9=z) for (a, q), (x, y, z) in cells]
    table = table_of(lines)

    withheld = protect(table, MINIMUM)

    assert {slot.name for slot in table.slots} == {"grade5OrLower", "grade6To7", "grade8OrHigher"}
    assert audit(table, withheld, MINIMUM) == ()
    assert all(not 0 < table.value(s) < MINIMUM for s in table.slots if s not in withheld)


@given(no_shows)
@settings(max_examples=30, deadline=None)
def test_what_a_release_shows_is_what_the_working_view_has(counts):
    cells = zip(product(["w1", "w3"], QUARTERS), counts, strict=False)
    lines = [line(a, q, "reach", targetGroup=2 * n, started=n, attendsStructurally=m) for (a, q), (n, m) in cells]
    table = table_of(lines)

    working = {
        (cell.area, cell.period): MEASURES["reach"].named(combined.counts)
        for cell, combined in aggregate(lines).items()
        if cell.subject_kind == "intervention"
    }
    for slot in table.slots:
        assert table.value(slot) == working[slot.area, slot.period][slot.name]


def test_a_single_small_cell_takes_another_with_it():
    """w1 has 4 of the 54 in the east: with the east and w2 shown, 4 is a subtraction away."""
    table = table_of(
        [line("w1", QUARTERS[0], "no-show", appointments=4), line("w2", QUARTERS[0], "no-show", appointments=50)]
    )

    withheld = {slot.area for slot in protect(table, MINIMUM) if slot.period == QUARTERS[0]}

    assert "w1" in withheld and len(withheld) > 1


def test_almost_everyone_is_as_telling_as_almost_no_one():
    table = table_of([line("w1", QUARTERS[0], "no-show", appointments=50, noShows=47)])

    withheld = protect(table, MINIMUM)

    assert Slot("w1", QUARTERS[0], "noShows") in withheld
    assert Slot("city", YEAR, "noShows") in withheld
    assert Slot("city", YEAR, "appointments") not in withheld


def test_nothing_is_withheld_where_nothing_is_small():
    cells = product(["w1", "w2", "w3"], QUARTERS)
    table = table_of([line(a, q, "no-show", appointments=80, noShows=20) for a, q in cells])

    assert protect(table, MINIMUM) == frozenset()


def test_zero_of_a_few_is_withheld_and_zero_of_many_is_not():
    few = table_of([line("w1", QUARTERS[0], "no-show", appointments=5, noShows=0)])
    many = table_of([line("w1", QUARTERS[0], "no-show", appointments=50, noShows=0)])

    assert Slot("w1", QUARTERS[0], "noShows") in protect(few, MINIMUM)
    assert protect(many, MINIMUM) == frozenset()


def test_an_earlier_release_still_counts():
    """Release 1 showed w2 and w3; now w1 comes late with 4: the city's new total must go, since w2 and w3 are known."""
    lines = [line("w3", QUARTERS[0], "no-show", appointments=40), line("w1", QUARTERS[0], "no-show", appointments=4)]
    [(key, _first)] = tables(lines, AREAS, {})
    known = {Slot("w3", QUARTERS[0], "appointments"): 40}
    [(_key, table)] = tables(lines, AREAS, {key: known})

    withheld = protect(table, MINIMUM)

    assert Slot("city", QUARTERS[0], "appointments") in withheld
    assert audit(table, withheld, MINIMUM) == ()
