"""What holds for every city, whatever is offered where."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from interventions import coverage
from interventions.coverage import Choice, Listing, Place, RankedNeed, Span, Supply

PARTS = {"north": ["dike", "quay"], "south": ["park", "harbour"], "city": ["north", "south"]}
LEAVES = ["dike", "quay", "park", "harbour"]
FACTORS = ["skills", "sport", "family", "debt"]
DOMAINS = ["school-performance", "work"]
PREVENTION = ["universal", "selective", "indicated"]
NEEDS = [RankedNeed(code, rank) for code, rank in zip(FACTORS, [1, 2, 2, None], strict=True)]
FIRST = date(2024, 1, 1)


def place(code: str) -> Place:
    above = {parent for parent, parts in PARTS.items() if code in parts}
    above |= {"city"} if above else set()
    below = set(PARTS.get(code, ()))
    below |= {leaf for part in list(below) for leaf in PARTS.get(part, ())}
    return Place(code, frozenset(above), frozenset(below))


days = st.integers(0, 20).map(lambda number: FIRST + timedelta(days=number))
levels = st.none() | st.integers(0, 4)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(days)
    end = draw(st.none() | days.filter(lambda day: day >= start))
    return Span(start, end)


def some(codes: list[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(codes))


@st.composite
def supplies(draw: st.DrawFn) -> list[Supply]:
    return [
        Supply(
            f"offering-{number}",
            "intervention",
            draw(spans()),
            area_codes=draw(some([*LEAVES, *PARTS])),
            city_wide=draw(st.booleans()),
            agreements=tuple(draw(st.lists(spans(), max_size=2))),
            listings=tuple(Listing(level, span) for level, span in draw(st.lists(listing, max_size=2))),
            factor_codes=draw(some(FACTORS)),
            domain_codes=draw(some(DOMAINS)),
            prevention_levels=draw(some(PREVENTION)),
        )
        for number in range(draw(st.integers(0, 6)))
    ]


listing = st.tuples(st.integers(0, 4), spans())


def gaps(offered: list[Supply], code: str, day: date, minimum: int | None) -> set[str]:
    found = coverage.select(offered, Choice((place(code),), day, minimum))
    covered = coverage.factor_coverage(NEEDS, found, minimum)
    return {gap.need.factor_code for gap in coverage.gaps(covered, 10)}


def reached(offered: list[Supply], code: str, day: date) -> set[str]:
    found = coverage.select(offered, Choice((place(code),), day))
    return {one.supply.offering_code for one in found}


@given(supplies(), supplies(), st.sampled_from([*LEAVES, *PARTS]), days, levels)
def test_more_offerings_never_open_a_gap(offered, more, code, day, minimum):
    added = [replace(one, offering_code=f"more-{one.offering_code}") for one in more]

    assert gaps(offered + added, code, day, minimum) <= gaps(offered, code, day, minimum)


@given(supplies(), st.sampled_from(FACTORS[:3]), days)
def test_an_active_offering_at_the_minimum_closes_the_gap_of_its_factor(offered, factor, day):
    filler = Supply("filler", "any", Span(day), city_wide=True, listings=(Listing(2, Span(day)),),
                    factor_codes=frozenset({factor}))  # fmt: skip

    assert factor not in gaps([*offered, filler], "dike", day, 2)


@given(supplies(), st.sampled_from([*LEAVES, *PARTS]), days, st.integers(0, 3))
def test_raising_the_minimum_level_never_closes_a_gap(offered, code, day, minimum):
    assert gaps(offered, code, day, None) <= gaps(offered, code, day, minimum)
    assert gaps(offered, code, day, minimum) <= gaps(offered, code, day, minimum + 1)


@given(supplies(), days)
def test_the_whole_equals_the_union_of_its_parts(offered, day):
    for whole, parts in PARTS.items():
        assert reached(offered, whole, day) == set().union(*(reached(offered, part, day) for part in parts))


@given(supplies(), days)
def test_ending_every_agreement_empties_the_matrix(offered, day):
    ended = [replace(one, agreements=(Span(FIRST - timedelta(days=9), day),)) for one in offered]

    found = coverage.select(ended, Choice((place("city"),), day))

    assert all(cell.offerings == () for cell in coverage.matrix(found, DOMAINS, PREVENTION))


@given(supplies(), days)
def test_the_matrix_holds_every_offering_that_states_a_domain(offered, day):
    found = coverage.select(offered, Choice((place("city"),), day))

    cells = coverage.matrix(found, DOMAINS, PREVENTION)

    shown = {one.supply.offering_code for cell in cells for one in cell.offerings}
    assert shown == {one.supply.offering_code for one in found if one.supply.domain_codes}


@given(supplies(), st.randoms(use_true_random=False), days)
def test_the_order_of_the_rows_does_not_matter(offered, shuffler, day):
    shuffled = list(offered)
    shuffler.shuffle(shuffled)
    choice = Choice((place("north"),), day)

    assert coverage.select(shuffled, choice) == coverage.select(offered, choice)


@given(supplies(), days)
def test_shares_lie_between_zero_and_one_and_ladder_levels_add_up(offered, day):
    found = coverage.select(offered, Choice((place("city"),), day))

    spread = coverage.diversity(found)

    assert all(0 < one.share <= 1 for one in (*spread.effect_levels, *spread.prevention_levels, *spread.durations))
    assert sum(one.count for one in spread.effect_levels) == len(found) == spread.offering_count
