"""A small city worked out by hand.

North and South lie in the city; North has the parts Dike and Quay. On 1 May 2024:

| offering | where | runs | agreements | intervention | level | factors | phase × domain | prevention |
| a-skills | North | 2023– | 2023–2025 | skills | 3 | skills | primary × school-work | universal |
| b-skills | Dike | 2023– | expired 1 May 2024 | skills | 3 | skills | primary × school-work | universal |
| c-sport | whole city | 2022– | none | sport | not listed | sport | teens × neighbourhood | universal, selective |
| d-family | South | 2024– | 2024– | family | 1 | family, skills | early × home | indicated |
| e-debt | Quay | ended 1 May 2024 | none | debt | 2 | debt | adulthood × home | not stated |
"""

from dataclasses import replace
from datetime import date

import pytest

from interventions import coverage
from interventions.coverage import Choice, Covered, Listing, Place, RankedNeed, Span, Supply, Via

DAY = date(2024, 5, 1)
NORTH = Place("north", above=frozenset({"city"}), below=frozenset({"dike", "quay"}))
SOUTH = Place("south", above=frozenset({"city"}))
DIKE = Place("dike", above=frozenset({"north", "city"}))
QUAY = Place("quay", above=frozenset({"north", "city"}))
CITY = Place("city", below=frozenset({"north", "south", "dike", "quay"}), whole_city=True)


def codes(*given: str) -> frozenset[str]:
    return frozenset(given)


A = Supply(
    "a-skills", "skills", Span(date(2023, 1, 1)), area_codes=codes("north"),
    agreements=(Span(date(2023, 1, 1), date(2025, 1, 1)),),
    listings=(Listing(2, Span(date(2015, 1, 1), date(2020, 1, 1))), Listing(3, Span(date(2020, 1, 1)))),
    factor_codes=codes("skills"), domain_codes=codes("school-performance"), life_phases=codes("primary-school-age"),
    life_domains=codes("school-work"), prevention_levels=codes("universal"), duration="structural",
)  # fmt: skip
B = replace(A, offering_code="b-skills", area_codes=codes("dike"), agreements=(Span(date(2023, 1, 1), DAY),))
C = Supply(
    "c-sport", "sport", Span(date(2022, 1, 1)), city_wide=True, factor_codes=codes("sport"),
    domain_codes=codes("healthy-behaviour"), life_phases=codes("adolescence"), life_domains=codes("neighbourhood"),
    prevention_levels=codes("universal", "selective"), duration="structural",
)  # fmt: skip
D = Supply(
    "d-family", "family", Span(date(2024, 1, 1)), area_codes=codes("south"), agreements=(Span(date(2024, 1, 1)),),
    listings=(Listing(1, Span(date(2021, 1, 1))),), factor_codes=codes("family", "skills"),
    domain_codes=codes("safe-home"), life_phases=codes("early-childhood"), life_domains=codes("home"),
    prevention_levels=codes("indicated"), duration="incidental",
)  # fmt: skip
E = Supply(
    "e-debt", "debt", Span(date(2023, 1, 1), DAY), area_codes=codes("quay"), factor_codes=codes("debt"),
    listings=(Listing(2, Span(date(2021, 1, 1))),), domain_codes=codes("work"), life_phases=codes("adulthood"),
    life_domains=codes("home"),
)  # fmt: skip
EVERY = [E, D, C, B, A]

NEEDS = [
    RankedNeed("skills", 1),
    RankedNeed("debt", 2),
    RankedNeed("family", 2),
    RankedNeed("sport", 3),
    RankedNeed("sleep", 4),
    RankedNeed("luck", None),
]
DOMAINS = ["school-performance", "work", "safe-home", "healthy-behaviour"]
PREVENTION = ["universal", "selective", "indicated"]


def chosen(*places: Place, day: date = DAY, **conditions) -> tuple[coverage.Active, ...]:
    return coverage.select(EVERY, Choice(places, day, **conditions))


def names(offerings) -> list[str]:
    return [one.supply.offering_code for one in offerings]


def ways(offerings) -> dict[str, Via]:
    return {one.supply.offering_code: one.via for one in offerings}


def test_each_area_gets_what_reaches_it_and_says_how():
    assert ways(chosen(NORTH)) == {"a-skills": Via.OWN_AREA, "c-sport": Via.CITY_WIDE}
    assert ways(chosen(DIKE)) == {"a-skills": Via.AREA_ABOVE, "c-sport": Via.CITY_WIDE}
    assert ways(chosen(SOUTH)) == {"c-sport": Via.CITY_WIDE, "d-family": Via.OWN_AREA}
    assert ways(chosen(CITY)) == {"a-skills": Via.PART, "c-sport": Via.CITY_WIDE, "d-family": Via.PART}


def test_several_areas_together_show_the_nearest_way():
    assert ways(chosen(DIKE, NORTH))["a-skills"] is Via.OWN_AREA


def test_the_day_before_it_ended_an_offering_and_an_agreement_still_held():
    day_before = date(2024, 4, 30)

    assert names(chosen(CITY, day=day_before)) == ["a-skills", "b-skills", "c-sport", "d-family", "e-debt"]


def test_an_offering_in_an_area_the_hierarchy_lost_still_counts_for_the_city():
    lost = replace(A, area_codes=codes("withdrawn"))

    assert coverage.way_to(CITY, lost) is Via.PART
    assert coverage.way_to(NORTH, lost) is None


def test_factors_are_covered_from_the_minimum_level_on():
    covered = coverage.factor_coverage(NEEDS, chosen(CITY), 2)

    assert {one.need.factor_code: (one.covered, names(one.offerings)) for one in covered} == {
        "skills": (Covered.YES, ["a-skills", "d-family"]),
        "debt": (Covered.NO, []),
        "family": (Covered.BELOW_MINIMUM, ["d-family"]),
        "sport": (Covered.BELOW_MINIMUM, ["c-sport"]),
        "sleep": (Covered.NO, []),
        "luck": (Covered.NO, []),
    }


@pytest.mark.parametrize(
    ("minimum", "top", "expected"),
    [
        (None, 4, {"debt": Covered.NO, "sleep": Covered.NO}),
        (None, 3, {"debt": Covered.NO}),
        (0, 3, {"debt": Covered.NO, "sport": Covered.BELOW_MINIMUM}),
        (2, 3, {"debt": Covered.NO, "family": Covered.BELOW_MINIMUM, "sport": Covered.BELOW_MINIMUM}),
        (4, 1, {"skills": Covered.BELOW_MINIMUM}),
    ],
)
def test_gaps_tell_nothing_from_too_little(minimum, top, expected):
    found = coverage.gaps(coverage.factor_coverage(NEEDS, chosen(CITY), minimum), top)

    assert {gap.need.factor_code: gap.lack for gap in found} == expected


def test_gaps_come_by_rank_and_then_by_code_and_leave_out_what_was_not_ranked():
    found = coverage.gaps(coverage.factor_coverage(NEEDS[::-1], [], None), 100)

    assert [gap.need.factor_code for gap in found] == ["skills", "debt", "family", "sport", "sleep"]


def test_the_prevention_matrix_of_the_city():
    cells = coverage.matrix(chosen(CITY), DOMAINS, PREVENTION)

    assert {(cell.domain_code, cell.prevention_level): names(cell.offerings) for cell in cells if cell.offerings} == {
        ("school-performance", "universal"): ["a-skills"],
        ("safe-home", "indicated"): ["d-family"],
        ("healthy-behaviour", "universal"): ["c-sport"],
        ("healthy-behaviour", "selective"): ["c-sport"],
    }
    assert len(cells) == 4 * 4


def test_an_intervention_without_prevention_level_stands_in_its_own_column():
    cells = coverage.matrix(chosen(QUAY, day=date(2024, 1, 1)), ["work"], PREVENTION)

    assert {cell.prevention_level: names(cell.offerings) for cell in cells if cell.offerings} == {
        coverage.NOT_STATED: ["e-debt"]
    }


def test_empty_cells_and_domains_of_the_city():
    offerings = chosen(CITY)

    empty = coverage.empty_cells(offerings, ["early-childhood", "primary-school-age"], ["school-work", "home"])

    assert empty == (("early-childhood", "school-work"), ("primary-school-age", "home"))
    assert coverage.uncovered_domains(offerings, DOMAINS) == ("work",)


def test_shares_of_the_city():
    spread = coverage.diversity(chosen(CITY))

    assert spread.offering_count == 3
    assert spread.evidence_based == pytest.approx(1 / 3)
    assert {one.code: one.count for one in spread.effect_levels} == {"1": 1, "3": 1, "not-listed": 1}
    assert {one.code: one.count for one in spread.prevention_levels} == {"universal": 2, "selective": 1, "indicated": 1}
    assert {one.code: one.share for one in spread.durations} == pytest.approx(
        {"structural": 2 / 3, "incidental": 1 / 3}
    )
    assert {one.code: one.count for one in spread.life_phases} == {
        "adolescence": 1, "early-childhood": 1, "primary-school-age": 1
    }  # fmt: skip


def test_without_offerings_no_share_is_known():
    assert coverage.diversity(()).evidence_based is None


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"life_phase": "adolescence"}, ["c-sport"]),
        ({"life_domain": "home"}, ["d-family"]),
        ({"domain_code": "school-performance"}, ["a-skills"]),
        ({"life_phase": "old-age"}, []),
    ],
)
def test_a_condition_keeps_only_what_states_it(conditions, expected):
    assert names(chosen(CITY, **conditions)) == expected


@pytest.mark.parametrize(
    ("day", "level"),
    [
        (date(2014, 12, 31), None),
        (date(2015, 1, 1), 2),
        (date(2019, 12, 31), 2),
        (date(2020, 1, 1), 3),
    ],
)
def test_the_ladder_level_follows_its_dates(day, level):
    assert coverage.level_on(A.listings, day) == level


def test_a_level_that_expired_yesterday_is_not_listed_today_and_not_zero():
    expired = [Listing(4, Span(date(2020, 1, 1), DAY))]

    assert coverage.level_on(expired, date(2024, 4, 30)) == 4
    assert coverage.level_on(expired, DAY) is None


def test_a_later_decision_replaces_an_earlier_one_that_was_left_open():
    listings = [Listing(3, Span(date(2022, 1, 1))), Listing(4, Span(date(2018, 1, 1)))]

    assert coverage.level_on(listings, DAY) == 3


def test_overlapping_agreements_hold_as_long_as_one_does():
    overlapping = (Span(date(2023, 1, 1), date(2024, 3, 1)), Span(date(2024, 2, 1), date(2024, 9, 1)))

    assert coverage.is_active(replace(A, agreements=overlapping), DAY)
    assert not coverage.is_active(replace(A, agreements=overlapping), date(2024, 9, 1))


def test_a_zero_day_agreement_and_a_zero_day_offering_hold_on_no_day():
    assert not coverage.is_active(replace(A, agreements=(Span(DAY, DAY),)), DAY)
    assert not coverage.is_active(replace(C, span=Span(DAY, DAY)), DAY)


def test_between_two_agreements_an_offering_is_not_active():
    gap = (Span(date(2023, 1, 1), date(2024, 1, 1)), Span(date(2024, 6, 1), None))

    assert not coverage.is_active(replace(A, agreements=gap), DAY)
