"""Warnings before a result is agreed on."""

import pytest

from monitoring import periods
from monitoring.benchmark import Figure
from monitoring.result_advice import expected_years, needed_to_see, warnings_of
from monitoring.results import Target, Track
from tests.monitoring.figures.data import worked_example

BASE, END = periods.year(2016), periods.year(2019)


def warned(statement="Meer jongeren sporten", *, figures=None, amount=5, **more):
    track = Track("a", "higher-better", figures or {BASE: Figure(60, 6000, 10000)}, **more)
    return warnings_of(statement=statement, target=Target("improvement", amount, BASE, END), tracks=[track])


def test_an_indicator_once_in_four_years_cannot_be_measured_in_between():
    (one,) = warned(figures={periods.year(2012): Figure(1), BASE: Figure(1)})

    assert (one.code, one.indicator_code, one.expected_years) == ("not-measurable-in-target-period", "a", (2020, 2024))
    assert warned(figures={periods.year(2013): Figure(1), BASE: Figure(1)}) == ()
    assert warned(figures={BASE: Figure(1)}) == ()  # nobody says how often
    assert expected_years([periods.year(2022)], "2025", 2030) == (2025,)


@pytest.mark.parametrize(("code", "negative"), [
    ("school-absence-12-18", True), ("parental-involvement-4-11", False), ("basic-qualification-2022", False),
])  # fmt: skip
def test_a_published_statement_is_heard_as_it_sounds(code, negative):
    found = warned(worked_example(code)["statement_nl"])

    assert [one.code for one in found] == (["phrased-negatively"] if negative else [])


@pytest.mark.parametrize("text", [
    "Het aantal ongelukken is gehalveerd", "Het schoolverzuim is met 2% afgenomen", "De uitval is teruggedrongen",
    "Lager ziekteverzuim", "De drempel is verlaagd",
])  # fmt: skip
def test_what_should_go_away_is_heard_in_its_other_forms_too(text):
    assert [one.code for one in warned(text)] == ["phrased-negatively"]


@pytest.mark.parametrize("text", ["Meer kinderen lezen de lagereschoolkrant", "Ouders vermijden ruzie"])
def test_a_word_that_only_looks_like_it_is_left_alone(text):
    assert warned(text) == ()


def test_a_benchmark_near_by_can_be_too_near_to_notice():
    def codes(national):
        track = Track("a", "higher-better", {BASE: Figure(60, 48, 80)}, benchmark={BASE: Figure(national)})
        return [w.code for w in warnings_of(statement="x", target=Target("benchmark", None, BASE, END), tracks=[track])]

    assert (codes(64), codes(95), codes(55)) == (["too-small-to-notice"], [], [])


def test_five_points_among_eighty_people_would_drown_in_noise():
    (one,) = warned(figures={BASE: Figure(60, 48, 80)})

    assert (one.code, one.needed) == ("too-small-to-notice", needed_to_see(0.60, 0.65))
    assert warned(figures={BASE: Figure(60, 0.6 * one.needed, one.needed)}) == ()
    assert [w.code for w in warned(figures={BASE: Figure(60, 0.6 * (one.needed - 9), one.needed - 9)})] == [
        "too-small-to-notice"]  # fmt: skip


def test_the_number_needed_is_known_from_the_usual_formula():
    """n per group ≈ 1.96² × (0.6×0.4 + 0.65×0.35) / 0.05² = 718 for the interval to leave out zero."""
    assert needed_to_see(0.60, 0.65) == pytest.approx(718, rel=0.01)
    assert needed_to_see(0.5, 0.5) is None
