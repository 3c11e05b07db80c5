"""The series beside the observations: always what the rows say, whatever was loaded or corrected."""

import threading

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from monitoring import periods
from monitoring.models import FigureState, Observation, ObservationSeries
from monitoring.services.figures import series
from monitoring.services.figures.observation_files import Delivered, load_file
from monitoring.services.figures.observations import observation
from monitoring.services.figures.values import states_of, values_of
from monitoring.services.profiles.reading import profile_of
from tests.factories.figures import an_area, an_indicator, an_observation, loaded

AREAS = ["area-a", "area-b"]
PERIODS = [
    periods.parse(text) for text in ("2023", "2024", "2024-03", "2024-01-01/2024-03-31", "2023-08-01/2024-07-31")
]
PERIODS += [periods.parse("2024", "survey-wave")]  # the same days as the year, another kind

observations = st.builds(
    observation,
    indicator_code=st.sampled_from(["indicator-a", "indicator-b"]), area_code=st.sampled_from(AREAS),
    area_year=st.sampled_from([2023, 2024]), period=st.sampled_from(PERIODS),
    definition_version=st.sampled_from(["", "new"]), population=st.sampled_from(["", 'young "people" é']),
    statistic=st.sampled_from(["share", "count"]), source_code=st.just("source-a"),
    value=st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0.1, 5e-324, -0.0, 1e308]),
    unit=st.sampled_from(["percent", ""]), numerator=st.none() | st.floats(0, 1e9),
    denominator=st.none() | st.just(3.0),
    status=st.sampled_from(["final", "provisional"]), areas_used=st.none() | st.integers(0, 20),
    note=st.sampled_from(["", "a, note\nof two lines \\ ☃", "null"]), demo=st.booleans(),
    municipality_code=st.sampled_from(["", "GM0363"]),
)  # fmt: skip


def from_rows():
    """What the rows say: no state says that a series counts."""
    return sorted(values_of(AREAS, {}), key=repr)


def from_series():
    states = states_of(AREAS)
    assert all(counts for _stamp, counts in states.values())
    return sorted(values_of(AREAS, states), key=repr)


def raw(values):
    """Equal to the bit: 0 and -0 are equal numbers and different answers."""
    return [repr(value) for value in values]


@pytest.mark.usefixtures("stores")
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.lists(observations, min_size=1, max_size=8), st.booleans()), min_size=1, max_size=5))
def test_after_any_loads_and_corrections_the_series_are_the_rows(loads):
    with transaction.atomic(using="monitoring"):
        for rows, fold in loads:
            loaded(*rows)
            assert raw(sorted(values_of(AREAS), key=repr)) == raw(from_rows())  # folded or not
            if fold:
                series.fold()
        series.fold()

        assert raw(from_series()) == raw(from_rows())
        assert series.differing() == []
        transaction.set_rollback(True, using="monitoring")


@pytest.mark.usefixtures("stores")
def test_the_reference_figures_fold_without_a_difference():
    series.touch_all()
    series.fold()

    assert series.differing() == []
    assert series.waiting() == 0
    points = sum(len(one.values) for one in ObservationSeries.objects.all())
    assert points == Observation.objects.count() > 3000


@pytest.mark.usefixtures("stores")
def test_a_load_makes_only_its_own_areas_wait():
    loaded(an_observation(), an_observation(area_code="area-b"))
    series.fold()
    before = states_of(AREAS)

    loaded(an_observation(value=11.0))

    after = states_of(AREAS)
    assert (after["area-a"][1], after["area-b"]) == (False, before["area-b"])
    assert after["area-a"][0] != before["area-a"][0]


@pytest.mark.usefixtures("stores")
def test_equal_rows_make_nothing_wait():
    loaded(an_observation())
    series.fold()
    before = states_of(AREAS)

    loaded(an_observation())

    assert states_of(AREAS) == before


@pytest.mark.usefixtures("stores")
def test_a_file_makes_its_areas_wait():
    an_area(), an_indicator()
    loaded(an_observation())
    series.fold()

    load_file(
        Delivered(b"indicatorCode,areaCode,period,value,sourceCode\nindicator-a,area-a,2023,5,cbs\n", "text/csv", "x")
    )

    assert states_of(AREAS)["area-a"][1] is False
    assert len(values_of(AREAS)) == 2


@pytest.mark.usefixtures("stores")
def test_only_what_changed_is_written():
    loaded(an_observation(), an_observation(indicator_code="indicator-b"))
    series.fold()
    places = "SELECT indicator_code, ctid FROM monitoring_observationseries WHERE area_code = 'area-a' ORDER BY 1"
    with connections["monitoring"].cursor() as cursor:
        cursor.execute(places)
        before = dict(cursor.fetchall())
        loaded(an_observation(value=11.0))
        series.fold()
        cursor.execute(places)
        after = dict(cursor.fetchall())

    assert before["indicator-b"] == after["indicator-b"]
    assert before["indicator-a"] != after["indicator-a"]


@pytest.mark.usefixtures("stores")
def test_the_check_finds_a_series_that_is_not_its_rows(capsys):
    loaded(an_observation())
    series.fold()
    call_command("rebuild_series", check=True)
    ObservationSeries.objects.filter(area_code="area-a").update(values=[99.0])

    with pytest.raises(CommandError, match="area-a"):
        call_command("rebuild_series", check=True)
    call_command("rebuild_series")

    assert series.differing() == []


@pytest.mark.usefixtures("stores")
def test_a_series_without_rows_goes():
    loaded(an_observation())
    series.fold()
    Observation.objects.filter(area_code="area-a").delete()

    call_command("rebuild_series")

    assert not ObservationSeries.objects.filter(area_code="area-a").exists()


@pytest.mark.usefixtures("stores")
@pytest.mark.parametrize("folded", [[], ["area-a"], AREAS])
def test_a_profile_is_the_same_however_it_is_read(folded):
    an_indicator()
    an_area("area-b", level="municipality")
    area = an_area(within=("area-b",))
    rows = [an_observation(area_code=code, year=year, value=year / 7) for code in AREAS for year in range(2015, 2025)]
    loaded(*rows)
    plain = profile_of(area).profiles
    series.fold()
    FigureState.objects.exclude(area_code__in=folded).update(folded=None)

    assert profile_of(area).profiles == plain


def test_two_workers_and_a_load_at_once_end_equal(committed):
    rows = [an_observation(area_code=f"race-{number}", year=year) for number in range(120) for year in (2023, 2024)]
    loaded(*rows)
    faults = []

    def work(what):
        try:
            what()
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    corrections = [an_observation(area_code=f"race-{number}", value=12.5) for number in range(120)]
    threads = [
        threading.Thread(target=work, args=[what]) for what in (series.fold, series.fold, lambda: loaded(*corrections))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    series.fold()
    found = ObservationSeries.objects.filter(area_code__startswith="race-")
    newest = {one.values[-1] for one in found}
    wrong = [code for code in series.differing() if code.startswith("race-")]
    Observation.objects.filter(area_code__startswith="race-").delete()
    call_command("rebuild_series")

    assert (faults, wrong, newest) == ([], [], {12.5})
