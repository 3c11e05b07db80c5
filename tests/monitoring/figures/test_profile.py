"""The profile, before it is served: series, benchmark, the adviser's rule."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from monitoring.periods import year
from monitoring.profile import AreaRef, IndicatorFacts, profiles
from monitoring.series import Value, series_in

WIJK, DISTRICT, CITY = AreaRef("w", "neighbourhood"), AreaRef("d", "district"), AreaRef("c", "municipality")
FACTS = IndicatorFacts("i", "lower-better", 2.0, {"old": 0, "new": 1})


def value(area="w", number=10.0, *, when=2024, version="new", statistic="share", source="s", counts=(None, None)):
    status = "missing" if number is None else "final"
    return Value("i", area, when, year(when), version, "", statistic, source, number, "percent", "exact", status,
                 *counts, "", None, None, "", "", "", "published", False)  # fmt: skip


def profile(*values, above=(DISTRICT, CITY)):
    own, others = ([one for one in values if (one.area_code == "w") == mine] for mine in (True, False))
    (found,) = profiles(area=WIJK, above=above, indicators=[FACTS], own=series_in(own), others=others)
    return found


def test_definitions_are_two_series_and_the_current_one_comes_first():
    found = profile(value(version="old", when=2021), value(version="new", when=2021), value(version="old"))

    assert [(s.head.definition_version, len(s.values)) for s in found.series] == [("new", 1), ("old", 2)]
    assert found.trend.measurements == 1


@given(st.lists(st.builds(value, when=st.integers(2018, 2024), version=st.sampled_from(["old", "new"]),
                          statistic=st.sampled_from(["share", "mean-of-areas"]), source=st.sampled_from("st")),
                min_size=1, max_size=12))  # fmt: skip
def test_no_series_ever_mixes_and_no_value_is_lost(values):
    found = profile(*values)

    assert sorted((*v.series_key, v.period) for s in found.series for v in s.values) == sorted(
        (*v.series_key, v.period) for v in values
    )
    assert all(v.series_key == s.head.series_key for s in found.series for v in s.values)


def test_only_the_same_period_definition_and_statistic_stand_beside_it():
    others = [value("c", 1.0, when=2023), value("c", 2.0, version="old"), value("c", 3.0, statistic="mean-of-areas")]

    assert profile(value(), *others).benchmarks == ()
    (beside,) = profile(value(), *others, value("c", 4.0)).benchmarks
    assert (beside.area_code, beside.value.value, beside.difference, beside.ratio) == ("c", 4.0, 6.0, 2.5)


def test_the_same_source_goes_before_another():
    (beside,) = profile(value(), value("c", 4.0, source="t"), value("c", 5.0), value("c", 6.0, source="a")).benchmarks

    assert beside.value.value == 5.0


def test_a_missing_benchmark_is_no_zero():
    assert profile(value(), value("c", None)).benchmarks == ()


def test_without_an_own_figure_the_adviser_goes_one_level_up():
    found = profile(value(number=None), value("d", 10.0), value("c", 12.0))

    assert found.benchmarks == ()
    assert (found.comparison.step, found.comparison.area, found.comparison.against) == ("one-level-up", "d", "c")


def test_a_district_without_figures_is_left_out():
    found = profile(value(), value("c", 12.0))

    assert (found.comparison.step, found.comparison.why) == ("area-with-city", "no-district")


def test_a_part_of_a_counted_whole_is_judged_on_counts():
    found = profile(value(number=50.0, counts=(450, 900)), value("c", 47.0, counts=(470, 1000)))

    assert (found.benchmarks[0].verdict.word, found.benchmarks[0].verdict.ground) == ("worse", "counts")


def test_means_with_a_weight_are_no_counts():
    found = profile(value(statistic="mean", counts=(None, 900)), value("c", 12.0, statistic="mean", counts=(None, 9)))

    assert found.benchmarks[0].verdict.ground == "relevant-difference"


def test_a_city_has_no_adviser_rule():
    (found,) = profiles(area=CITY, above=(), indicators=[FACTS], own=series_in([value("c")]))

    assert found.comparison is None


def test_every_combination_of_absent_figures_has_an_answer():
    for own, district, city in product((None, 5.0, 20.0), repeat=3):
        found = profile(value(number=own), value("d", district), value("c", city))
        assert {found.comparison.area, found.comparison.against} <= {"w", "d", "c", None}
        assert (found.comparison.against is None) == (city is None or (own is None and district is None))
