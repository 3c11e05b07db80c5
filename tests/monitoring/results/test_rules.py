"""When a societal result is reached: the published examples, and what must hold for all."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring import periods
from monitoring.benchmark import Figure
from monitoring.periods import Period
from monitoring.results import STATES, Target, Track, UnfitRule, next_due, progress, together
from tests.monitoring.figures.data import worked_example

BASE, HALFWAY, END = periods.year(2014), periods.year(2016), periods.year(2018)
FIVE = Target("improvement", 5, BASE, END)


def counted(count, total):
    return Figure(100 * count / total, count, total)


def track(code="sport", *values, direction="higher-better", **more):
    """values: of 2014, 2016 and 2018; None: not measured."""
    moments = zip((BASE, HALFWAY, END), values, strict=False)
    figures = {p: v if isinstance(v, Figure) else Figure(v) for p, v in moments if v is not None}
    return Track(code, direction, figures, **more)


def tracks_of(example):
    first, last = example["baseline"], example["follow_up"]
    later = {row["indicator"]: row["count"] for row in last["indicators"]}
    for row in first["indicators"]:
        before, after = counted(row["count"], first["population"]), counted(later[row["indicator"]], last["population"])
        yield Track(row["indicator"], "higher-better", {BASE: before, END: after})


def test_exactly_enough_in_the_direction_of_less_is_no_minus_zero():
    (one,) = progress(
        rule="each", target=FIVE, tracks=[track("truancy", 25, None, 20, direction="lower-better")]
    ).standings

    assert (one.state, str(one.margin)) == ("reached", "0.0")


@pytest.mark.parametrize("code", ["example-1-each", "example-2-combination"])
def test_a_published_example_comes_out_as_published(code):
    example = worked_example(code)

    found = progress(rule=example["rule"], target=FIVE, tracks=tuple(tracks_of(example)))

    assert {one.code: one.improvement for one in found.standings} == example["expected"]["change_percentage_points"]
    assert (found.state == "reached") is example["expected"]["reached"]
    printed = {row["indicator"]: row["percent"] for row in example["follow_up"]["indicators"]}
    assert {one.code: one.latest.value for one in found.standings} == pytest.approx(printed)
    assert {one.interval is not None for one in found.standings} == {True}


def test_five_points_among_a_thousand_is_reached_on_paper_but_within_the_noise():
    (first, *_rest) = tracks_of(worked_example("example-1-each"))

    (one,) = progress(rule="each", target=FIVE, tracks=[first]).standings

    assert (one.state, one.margin, one.certainty, one.ground) == ("reached", 0, "cannot-tell-yet", "counts")
    assert one.interval.low == pytest.approx(-4.15, abs=0.05)
    assert one.interval.high == pytest.approx(4.13, abs=0.05)


def test_each_is_not_reached_when_one_indicator_stays_behind():
    found = progress(rule="each", target=FIVE, tracks=[track("a", 60, None, 70), track("b", 60, None, 64.9)])

    assert (found.state, [one.state for one in found.standings]) == ("not-reached", ["reached", "not-reached"])


def test_average_lets_one_indicator_make_up_for_another():
    found = progress(rule="average", target=FIVE, tracks=[track("a", 60, None, 70), track("b", 60, None, 60)])

    assert (found.state, found.mean.improvement) == ("reached", 5)
    assert [one.state for one in found.standings] == ["reached", "not-reached"]


def test_average_counts_only_periods_in_which_all_were_measured():
    found = progress(rule="average", target=FIVE, tracks=[track("a", 60, 70, 70), track("b", 60, 61, None)])

    assert (found.mean.measured, found.state) == (HALFWAY, "on-course")


def test_average_over_mixed_directions_is_refused():
    mixed = [track("sport", 60, None, 65), track("truancy", 10, None, 5, direction="lower-better")]

    with pytest.raises(UnfitRule, match="mixed-directions"):
        progress(rule="average", target=FIVE, tracks=mixed)


def test_combination_needs_the_one_combined_indicator():
    with pytest.raises(UnfitRule, match="needs-combined-indicator"):
        progress(rule="combination", target=FIVE, tracks=[track("a", 1), track("b", 1)])
    with pytest.raises(UnfitRule, match="no-indicator"):
        progress(rule="each", target=FIVE, tracks=[])


def test_less_truancy_improves_downwards():
    (one,) = progress(rule="each", target=FIVE, tracks=[track("truancy", 20, 17, direction="lower-better")]).standings

    assert (one.improvement, one.expected, one.goal, one.state) == (3, 17.5, 15, "on-course")


@pytest.mark.parametrize(("value", "state"), [(62.4, "behind"), (62.5, "on-course"), (66, "on-course")])
def test_halfway_the_straight_line_asks_for_half(value, state):
    (one,) = progress(rule="each", target=FIVE, tracks=[track("sport", 60, value)]).standings

    assert (one.expected, one.state, one.target_met) == (62.5, state, value >= 65)


def test_an_absolute_level_needs_no_baseline_to_be_reached():
    level = Target("level", 90, BASE, END)

    reached = progress(rule="each", target=level, tracks=[track("sport", None, None, 91)])
    unknown = progress(rule="each", target=level, tracks=[track("sport", None, 80)])

    assert (reached.state, reached.standings[0].improvement) == ("reached", None)
    assert unknown.state == "no-measurement-yet"


def test_a_benchmark_target_moves_with_the_benchmark():
    national = {BASE: Figure(80), HALFWAY: Figure(82), END: Figure(84)}
    target = Target("benchmark", None, BASE, END)

    def states(*values):
        return progress(rule="each", target=target, tracks=[track("q", *values, benchmark=national)])

    assert states(70, 77).standings[0].expected == 77  # 82 less half of the 10 it lagged
    assert states(70, 77).state == "on-course"
    assert (states(70, 77, 83.9).state, states(70, 77, 84).state) == ("not-reached", "reached")


def test_without_a_new_figure_it_says_when_the_next_is_due():
    found = progress(rule="each", target=FIVE, tracks=[track("sport", 60, next_due="2018")])

    assert (found.state, found.standings[0].next_due) == ("no-measurement-yet", "2018")
    assert next_due([periods.year(2012), periods.year(2016)], None) == "2020"
    assert next_due([periods.year(2012)], None) is None
    assert next_due([periods.year(2012)], "2019") == "2019"


def test_a_wave_within_the_target_year_decides():
    wave = Period("survey-wave", date(2018, 9, 1), date(2018, 12, 1))

    (one,) = progress(
        rule="each", target=FIVE, tracks=[Track("a", "higher-better", {BASE: Figure(60), wave: Figure(66)})]
    ).standings

    assert (one.measured, one.state) == (wave, "reached")


def test_a_large_group_makes_the_verdict_clear():
    (one,) = progress(
        rule="each", target=FIVE, tracks=[track("a", counted(6000, 10000), None, counted(7000, 10000))]
    ).standings

    assert (one.certainty, one.ground, one.interval.low > 0) == ("clear", "counts", True)


def test_without_counts_the_relevant_difference_decides_or_nothing_can_be_told():
    def sure(**more):
        (one,) = progress(rule="each", target=FIVE, tracks=[track("a", 60, None, 68, **more)]).standings
        return one.certainty, one.ground

    assert sure(relevant=2) == ("clear", "relevant-difference")
    assert sure(relevant=4) == ("cannot-tell-yet", "relevant-difference")
    assert sure() == ("cannot-tell-yet", "none")


SHARE = st.integers(0, 1000).map(lambda tenth: tenth / 10)
MAYBE = st.none() | SHARE
VALUES = st.lists(st.tuples(SHARE, MAYBE, MAYBE), min_size=1, max_size=4)
ORDER = {"not-reached": 0, "no-measurement-yet": 1, "behind": 2, "on-course": 3, "reached": 4}


@given(values=VALUES, amount=st.integers(0, 20), which=st.integers(0, 3), better=st.integers(0, 500))
@settings(max_examples=100)
def test_improving_one_indicator_never_turns_reached_into_not_reached(values, amount, which, better):
    target, place = Target("improvement", amount, BASE, END), which % len(values)

    def state(rows):
        return progress(rule="each", target=target, tracks=[track(str(n), *row) for n, row in enumerate(rows)]).state

    first, *later = values[place]
    improved = [*values]
    improved[place] = (first, *(None if value is None else value + better / 10 for value in later))

    assert ORDER[state(improved)] >= ORDER[state(values)]


@given(values=VALUES, amount=st.integers(0, 30), kind=st.sampled_from(["improvement", "level", "benchmark"]),
       rule=st.sampled_from(["each", "average"]), people=st.integers(10, 5000))  # fmt: skip
@settings(max_examples=100)
def test_the_mirrored_direction_gives_the_same_states(values, amount, kind, rule, people):
    def run(turned):
        turn = (lambda value: 100 - value) if turned else (lambda value: value)
        level = turn(amount) if kind == "level" else amount
        benchmark = {p: Figure(turn(40 + n)) for n, p in enumerate((BASE, HALFWAY, END))}
        direction = "lower-better" if turned else "higher-better"
        tracks = [
            track(str(n), *(None if v is None else Figure(turn(v), turn(v) * people / 100, people) for v in row),
                  direction=direction, benchmark=benchmark)
            for n, row in enumerate(values)
        ]  # fmt: skip
        return progress(rule=rule, target=Target(kind, level, BASE, END), tracks=tracks)

    one, other = run(False), run(True)

    assert (one.state, [s.state for s in one.standings]) == (other.state, [s.state for s in other.standings])
    for left, right in zip(one.standings, other.standings, strict=True):
        assert left.margin == pytest.approx(right.margin, abs=1e-6)
        assert left.improvement == pytest.approx(right.improvement, abs=1e-6)


@given(st.lists(st.sampled_from(STATES), min_size=1))
def test_the_whole_is_never_better_than_its_least_indicator(states):
    assert ORDER[together(states)] == min(ORDER[state] for state in states)
