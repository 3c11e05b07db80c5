"""Gaps of every area at once, from what is kept between questions: never older than the last commit."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from interventions import coverage
from interventions.coverage import KeptCity, Listing, Place, Positions, Span, Supply
from interventions.services import register
from monitoring.models import AreaMembership
from tests.factories import interventions as make

PATH = "/v1/coverage/area-gaps?municipalityCode=GM0363&activeOn=2024-05-01"
pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def anyone(client_with, ranked):
    return client_with()


def open_in(answer, area: str = "WK036300") -> set[str]:
    assert answer.status_code == 200, answer.content
    (found,) = [one["factorCodes"] for one in answer.json()["areas"] if one["areaCode"] == area]
    return set(found)


def test_it_says_what_the_question_about_one_area_says(anyone, demo):
    asked = "municipalityCode=GM0363&minimumLevel=2&top=20"
    every = anyone.get(f"/v1/coverage/area-gaps?{asked}").json()

    assert len(every["areas"]) > 10
    for area in every["areas"][:3]:
        one = anyone.get(f"/v1/coverage/gaps?{asked}&areaCode={area['areaCode']}").json()
        assert [factor["factorCode"] for factor in one["factors"]] == area["factorCodes"]


def test_every_kind_of_change_is_seen_at_once(anyone):
    factor = anyone.get(PATH).json()["factors"][0]["factorCode"]
    assert factor in open_in(anyone.get(PATH))

    method = make.intervention(factors=(factor,), level=3)
    make.offering(area_codes=["WK036300"])
    assert factor not in open_in(anyone.get(PATH))
    assert factor in open_in(anyone.get(PATH), "WK036301")

    make.agreement(valid_from=date(2023, 1, 1), valid_until=date(2024, 5, 1))
    assert factor in open_in(anyone.get(PATH))
    assert factor not in open_in(anyone.get(PATH.replace("2024-05-01", "2024-04-30")))

    make.agreement("next", valid_from=date(2024, 5, 1))
    assert factor not in open_in(anyone.get(PATH))

    register.save_recognitions(intervention=method, actor="x", listings=[
        register.Listing(3, date(2023, 1, 1), date(2024, 5, 1), "youth-nji")])  # fmt: skip
    assert factor in open_in(anyone.get(PATH))
    assert factor not in open_in(anyone.get(f"{PATH}&minimumLevel="), "WK036300")

    register.save_recognitions(intervention=method, listings=[register.Listing(2, date(2023, 1, 1))], actor="x")
    assert factor not in open_in(anyone.get(PATH))

    register.save_factors(intervention=method, links=[], actor="x")
    assert factor in open_in(anyone.get(PATH))

    register.save_factors(intervention=method, links=[register.FactorLink(factor, "x")], actor="x")
    register.save_offering(offering=make.new_offering(area_codes=["WK036301"]), actor="x")
    assert factor in open_in(anyone.get(PATH))
    assert factor not in open_in(anyone.get(PATH), "WK036301")


def test_when_nothing_changed_nothing_is_read_again(anyone, demo, queries_of):
    anyone.get(PATH)
    warm = queries_of(lambda: anyone.get(PATH))

    make.offering("late", area_codes=["WK036300"])
    changed = queries_of(lambda: anyone.get(PATH))

    assert changed - warm == 5  # which offerings changed, and those with their facts
    assert queries_of(lambda: anyone.get(PATH)) == warm


def test_areas_that_move_are_read_again(anyone):
    factor = anyone.get(PATH).json()["factors"][0]["factorCode"]
    make.intervention(factors=(factor,), level=3)
    make.offering(area_codes=["district-x"])
    assert factor in open_in(anyone.get(PATH))

    AreaMembership.objects.create(hierarchy="x", parent_code="district-x", child_code="WK036300")

    assert factor not in open_in(anyone.get(PATH))


def test_without_monitoring_the_last_known_areas_answer_and_it_says_so(anyone, monitoring_away):
    answer = anyone.get(PATH).json()

    assert answer["absent"] == ["monitoring"]
    assert [one["areaCode"] for one in answer["areas"]] == ["GM0363"]


def test_the_whole_country_and_unknown_codes(anyone):
    every = anyone.get("/v1/coverage/area-gaps?areaLevel=municipality&top=3").json()

    assert "GM0363" in {one["areaCode"] for one in every["areas"]}
    wrong = anyone.get("/v1/coverage/area-gaps?municipalityCode=GM9999")
    assert [one["code"] for one in wrong.json()["errors"]] == ["unknown-municipality"]
    wrong = anyone.get(f"{PATH}&areaCode=WK999999")
    assert [one["code"] for one in wrong.json()["errors"]] == ["unknown-area"]


DAYS = [date(2024, 1, day) for day in (1, 2, 3, 4)]
SPANS = some.builds(Span, some.sampled_from(DAYS), some.sampled_from([None, *DAYS]))
AREAS = ("a", "b", "c")
PLACES = (Place("a", frozenset({"city"})), Place("b", frozenset({"city"})), Place("c", frozenset({"b", "city"})))
SUPPLIES = some.builds(
    Supply, some.sampled_from(["o-1", "o-2", "o-3"]), some.just("m"), SPANS,
    area_codes=some.frozensets(some.sampled_from([*AREAS, "city"])), city_wide=some.booleans(),
    agreements=some.lists(SPANS, max_size=2).map(tuple),
    listings=some.lists(some.builds(Listing, some.integers(0, 4), SPANS), max_size=2).map(tuple),
    factor_codes=some.frozensets(some.sampled_from(["f", "g", "h"])),
)  # fmt: skip
STEPS = some.lists(
    some.one_of(SUPPLIES, some.sampled_from(["o-1", "o-2"]), some.tuples(some.sampled_from(DAYS), some.sampled_from(
        [None, 0, 2]))), max_size=14)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(steps=STEPS)
def test_what_is_kept_step_by_step_is_what_counting_anew_gives(steps):
    positions = Positions(["f", "g", "h"])
    kept, truth = KeptCity(PLACES, positions), {}
    for step in steps:
        if isinstance(step, Supply):
            kept.put(step)
            truth[step.offering_code] = step
        elif isinstance(step, str):
            kept.take(step)
            truth.pop(step, None)
        else:
            fresh = coverage.covered_on(
                truth.values(), coverage.reach(truth.values(), PLACES), PLACES, *step, positions
            )
            assert kept.covered(*step).missing(7) == fresh.missing(7)
