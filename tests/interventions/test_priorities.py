"""Priority gaps, overlaps, steps and what runs out, worked out by hand; and what always holds.

One city, two neighbourhoods; the ranking has score 8 (debt), 4 (skills) and 2 (sport). Minimum level 2, on 1 May 2024:

| factor | North: offered | lack | need | priority | South: offered | lack | need | priority |
| debt 8 | nobody | 1 | worse | 1 × 1 × 1 = 1 | level 3, until 1 July | 0 | | no gap |
| skills 4 | not listed | 0.5 | unknown | 0.5 × 0.5 × 0.5 = 0.125 | nobody | 1 | better | 0.5 × 0 × 1 = 0 |
| sport 2 | level 2, whole city | 0 | | no gap | the same | 0 | | no gap |
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interventions import coverage
from interventions.coverage import (
    Choice,
    CoveredBits,
    Driver,
    Ending,
    Listing,
    Place,
    Positions,
    RankedNeed,
    Span,
    Supply,
    Verdict,
)

DAY, JULY = date(2024, 5, 1), date(2024, 7, 1)
LONG = Span(date(2020, 1, 1))
NORTH, SOUTH = Place("north", frozenset({"city"})), Place("south", frozenset({"city"}))
PLACES = (NORTH, SOUTH)
NEEDS = [RankedNeed("debt", 1, 8.0), RankedNeed("skills", 2, 4.0), RankedNeed("sport", 3, 2.0)]
CODES = ["debt", "skills", "sport"]


def supply(code: str, factor: str, *, areas: str = "", level: int | None = None, until: date | None = None) -> Supply:
    return Supply(
        code, f"method-{factor}", LONG, area_codes=frozenset(areas.split()), city_wide=not areas,
        agreements=(Span(LONG.start, until),), listings=() if level is None else (Listing(level, LONG),),
        factor_codes=frozenset({factor}), life_phases=frozenset({"adulthood"}),
    )  # fmt: skip


DEBT = supply("debt-south", "debt", areas="south", level=3, until=JULY)
CITY = [DEBT, supply("skills-north", "skills", areas="north"), supply("sport-city", "sport", level=2)]
VERDICTS = {
    "north": {"debt": Verdict.WORSE},
    "south": {"skills": Verdict.BETTER},
}


def lines(place: Place, minimum: int | None = 2, top: int = 3) -> list[coverage.PriorityGap]:
    found = coverage.select(CITY, Choice((place,), DAY, minimum))
    covered = coverage.factor_coverage(NEEDS, found, minimum)
    verdicts = VERDICTS[place.code]
    return list(coverage.priority_gaps(
        covered, verdict_of=lambda code: verdicts.get(code, Verdict.UNKNOWN), highest_score=8.0, top=top
    ))  # fmt: skip


def test_every_line_of_the_hand_worked_city():
    assert [(one.need.factor_code, one.priority) for one in lines(NORTH)] == [("debt", 1.0), ("skills", 0.125)]
    assert [(one.need.factor_code, one.priority) for one in lines(SOUTH)] == [("skills", 0.0)]


def test_a_line_says_what_drives_it_and_what_holds_it_back():
    debt, skills = lines(NORTH)

    assert (debt.drivers, debt.held_back_by) == ((Driver.SCORE, Driver.NEED, Driver.LACK), ())
    assert skills.drivers == (Driver.SCORE, Driver.NEED, Driver.LACK)
    assert lines(SOUTH)[0].drivers == (Driver.LACK,)
    assert lines(SOUTH)[0].held_back_by == (Driver.NEED,)


def test_only_an_unknown_need_can_still_become_known():
    debt, skills = lines(NORTH)

    assert debt.with_a_figure is None
    assert skills.with_a_figure == (0.0, 0.25)


def test_without_a_minimum_level_what_is_not_listed_fills_the_gap():
    assert [one.need.factor_code for one in lines(NORTH, minimum=None)] == ["debt"]


def test_the_agreement_that_ends_in_july_opens_the_gap_on_debt_in_the_south():
    (found,) = coverage.expiring(CITY, PLACES, [Ending("a", "debt-south", JULY)], minimum_level=2, factor_codes=CODES)

    assert found.goes_on is False
    assert [(one.factor_code, one.area_codes) for one in found.opens] == [("debt", ("south",))]


def test_a_gap_does_not_open_where_another_offering_takes_over_that_day():
    heir = replace(supply("heir", "debt", areas="south", level=2), agreements=(Span(JULY),))

    (found,) = coverage.expiring(
        [*CITY, heir], PLACES, [Ending("a", "debt-south", JULY)], minimum_level=2, factor_codes=CODES
    )

    assert found.opens == ()


def test_of_two_agreements_that_end_together_each_is_named():
    twin = replace(DEBT, offering_code="twin")
    endings = [Ending("a", "debt-south", JULY), Ending("b", "twin", JULY)]

    found = coverage.expiring([*CITY, twin], PLACES, endings, minimum_level=2, factor_codes=CODES)

    assert [one.opens[0].factor_code for one in found] == ["debt", "debt"]


def test_a_level_that_expires_opens_a_gap_without_any_agreement_ending():
    expired = replace(CITY[2], listings=(Listing(2, Span(LONG.start, JULY)),))

    changed = coverage.changes(
        [expired], PLACES, first=JULY - timedelta(days=1), second=JULY, minimum_level=2, factor_codes=CODES
    )

    assert [(one.area_code, one.opened, one.ended) for one in changed] == [
        ("north", ("sport",), ("sport-city",)), ("south", ("sport",), ("sport-city",)),
    ]  # fmt: skip


def test_change_between_two_days_and_back():
    asked = {"minimum_level": 2, "factor_codes": CODES}
    there = coverage.changes(CITY, PLACES, first=DAY, second=JULY, **asked)
    back = coverage.changes(CITY, PLACES, first=JULY, second=DAY, **asked)

    assert [(one.area_code, one.opened, one.ended) for one in there] == [
        ("north", (), ()), ("south", ("debt",), ("debt-south",)),
    ]  # fmt: skip
    assert [one.closed for one in back] == [one.opened for one in there]


def test_an_offering_one_step_before_a_factor_is_indirect():
    found = coverage.select(CITY, Choice((SOUTH,), DAY))
    skills = coverage.factor_coverage(NEEDS, found, None)[1]

    towards = coverage.steps_towards([("debt", "skills"), ("sport", "debt"), ("skills", "skills")])

    (one,) = coverage.indirect(skills, found, towards)
    assert (one.active.supply.offering_code, one.through) == ("debt-south", ("debt",))


def test_two_offerings_for_one_factor_and_phase_overlap():
    twin = replace(DEBT, offering_code="twin")
    found = coverage.select([*CITY, twin], Choice((SOUTH,), DAY))

    (overlap,) = coverage.overlaps(found)

    assert (overlap.factor_code, overlap.life_phase) == ("debt", "adulthood")
    assert [one.supply.offering_code for one in overlap.offerings] == ["debt-south", "twin"]


moves = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c"]), st.sets(st.integers(0, 4)), st.sets(st.sampled_from("xyz"))),
    max_size=12,
)


@settings(max_examples=100)
@given(moves)
def test_bits_changed_one_offering_at_a_time_are_those_computed_anew(steps):
    kept = CoveredBits("xyz")
    now: dict[str, tuple[set[int], set[str]]] = {}

    for offering, factors, areas in steps:
        kept.take(offering, now.get(offering, (set(), set()))[1])
        now[offering] = (factors, areas)
        kept.put(offering, sum(1 << one for one in factors), areas)

    for area in "xyz":
        anew = {factor for factors, areas in now.values() if area in areas for factor in factors}
        assert kept.covered(area) == sum(1 << one for one in anew)


days = st.integers(0, 12).map(lambda number: date(2024, 1, 1) + timedelta(days=number))
offered = st.lists(
    st.builds(
        lambda number, factor, area, level, start, length: replace(
            supply(f"offering-{number}", factor, areas=area, level=level),
            agreements=(Span(start, start + timedelta(days=length)),),
        ),
        st.integers(0, 9), st.sampled_from(CODES), st.sampled_from(["", "north", "south"]),
        st.none() | st.integers(0, 4), days, st.integers(0, 8),
    ),
    max_size=6, unique_by=lambda one: one.offering_code,
)  # fmt: skip


@given(offered, days, st.none() | st.integers(0, 4))
def test_bit_sets_say_what_the_plain_way_says(supplies, day, minimum):
    positions = Positions(CODES)

    bits = coverage.covered_on(supplies, coverage.reach(supplies, PLACES), PLACES, day, minimum, positions)

    for place in PLACES:
        found = coverage.select(supplies, Choice((place,), day, minimum))
        covered = coverage.factor_coverage(NEEDS, found, minimum)
        plain = {one.need.factor_code for one in covered if one.covered is coverage.Covered.YES}
        assert set(positions.names(bits.covered(place.code))) == plain


@given(offered, days, st.integers(0, 4))
def test_priorities_lie_between_zero_and_one_and_a_higher_minimum_never_lowers_one(supplies, day, minimum):
    def by_code(level: int) -> dict[str, float]:
        found = coverage.select(supplies, Choice((NORTH,), day, level))
        covered = coverage.factor_coverage(NEEDS, found, level)
        made = coverage.priority_gaps(covered, verdict_of=lambda _: Verdict.EQUAL, highest_score=8.0, top=3)
        return {one.need.factor_code: one.priority for one in made}

    low, high = by_code(minimum), by_code(minimum + 1)

    assert all(0 <= one <= 1 for one in high.values())
    assert all(high[code] >= priority for code, priority in low.items())


@pytest.mark.parametrize("length", [0, 1])
def test_an_agreement_of_no_days_never_opens_a_gap_and_one_of_a_day_does(length):
    short = replace(DEBT, agreements=(Span(DAY, DAY + timedelta(days=length)),))
    ending = Ending("a", "debt-south", DAY + timedelta(days=length))

    (found,) = coverage.expiring([short], PLACES, [ending], minimum_level=2, factor_codes=CODES)

    assert bool(found.opens) is bool(length)
