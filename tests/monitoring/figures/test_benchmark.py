"""Verdicts and the adviser's rule: published cases, and what must hold for all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.benchmark import Figure, Rules, adviser_step, verdict
from tests.monitoring.figures.data import worked_example

COUNTS = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
HIGHER, LOWER = Rules(better="higher-better"), Rules(better="lower-better")


def counted(count, total):
    return Figure(100 * count / total, count, total)


def test_work_or_education_stands_above_rotterdam_and_noise_is_unknown():
    example = worked_example("benchmark-work-or-education")
    own, other = Figure(example["input"]["area_percent"]), Figure(example["input"]["benchmark_percent"])

    assert own.value - other.value == example["expected"]["difference_percentage_points"]
    assert verdict(own, other, HIGHER).word == "cannot-tell"
    assert verdict(own, other, Rules("higher-better", relevant=5)).word == "better"
    assert verdict(own, other, Rules("higher-better", relevant=5)).ground == "relevant-difference"


def test_a_deviation_without_direction_is_no_problem():
    """A deviation alone must not be read as a problem (worked example interpretation-working-hours)."""
    assert worked_example("interpretation-working-hours")["expected"]["automatic_conclusion_allowed"] is False
    assert verdict(counted(260, 1000), counted(4000, 10000), Rules("neutral")).word == "lower"
    assert verdict(counted(260, 1000), counted(4000, 10000), Rules("")).word == "lower"


def test_counts_go_before_the_relevant_difference():
    found = verdict(counted(300, 1000), counted(2500, 10000), Rules("lower-better", relevant=20))

    assert (found.word, found.ground) == ("worse", "counts")


def test_few_people_cannot_tell_and_say_how_many_are_needed():
    found = verdict(counted(4, 12), counted(2500, 10000), Rules("lower-better", relevant=5))

    assert (found.word, found.ground) == ("cannot-tell", "counts")
    assert found.needed > 12


def test_many_people_with_the_same_share_show_no_clear_difference():
    found = verdict(counted(2510, 10000), counted(25000, 100000), Rules("lower-better", relevant=5))

    assert found.word == "no-clear-difference"


def test_a_part_is_judged_against_the_rest():
    """Nine of ten people of the city live here: the city can hardly differ, the rest can."""
    own, city = counted(450, 900), counted(470, 1000)

    assert verdict(own, city, HIGHER).word == "no-clear-difference"
    assert verdict(own, city, HIGHER, part=True).word == "better"


def test_rates_may_exceed_one_event_each():
    rules = Rules("lower-better", scale=1000, rate=True)

    assert verdict(Figure(1500, 1500, 1000), Figure(1000, 10000, 10000), rules).word == "worse"
    assert verdict(Figure(0, 0, 1000), Figure(0, 0, 10000), rules).word == "cannot-tell"


@given(COUNTS, COUNTS, st.floats(0.1, 20) | st.none())
def test_turning_the_direction_turns_the_verdict(a, b, relevant):
    turned = {"better": "worse", "worse": "better"}
    up = verdict(counted(*a), counted(*b), Rules("higher-better", relevant))
    down = verdict(counted(*a), counted(*b), Rules("lower-better", relevant))

    assert down.word == turned.get(up.word, up.word)


@given(COUNTS, st.floats(0.1, 20) | st.none())
def test_nothing_differs_clearly_from_itself(a, relevant):
    assert not verdict(counted(*a), counted(*a), Rules("higher-better", relevant)).clear


@given(COUNTS, COUNTS)
def test_impossible_counts_are_not_judged_by(a, b):
    impossible = Figure(50.0, a[1] + 1, a[1])

    assert verdict(impossible, counted(*b), HIGHER).ground == "none"


STEPS = {step["condition"]: step["then"] for step in worked_example("comparison-level")["steps"]}


@pytest.mark.parametrize(
    ("has_figure", "differs", "step", "area", "against"),
    [
        ("wdc", True, "area-with-city", "w", "c"),
        ("wdc", False, "district-with-city", "d", "c"),
        ("wdc", None, "one-level-up", "d", "c"),
        ("dc", None, "one-level-up", "d", "c"),
        ("cn", None, "one-level-up", "c", "n"),
        ("wc", None, "area-with-city", "w", "c"),
        ("w", None, "nothing-to-compare", None, None),
    ],
)
def test_the_adviser_compares_at_the_scale_that_says_most(has_figure, differs, step, area, against):
    assert STEPS["it does not differ (much)"].startswith("compare the whole district with the city")

    found = adviser_step(area="w", district="d", city="c", country="n", has_figure=frozenset(has_figure),
                         differs=differs)  # fmt: skip

    assert (found.step, found.area, found.against) == (step, area, against)


def test_without_districts_the_neighbourhood_stands_beside_the_city():
    found = adviser_step(area="w", district=None, city="c", country="n", has_figure=frozenset("wcn"), differs=None)

    assert (found.step, found.against, found.why) == ("area-with-city", "c", "no-district")
