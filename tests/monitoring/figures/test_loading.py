"""The reference files, loaded twice, in parts, at once, and with what goes wrong."""

import threading

import pytest
from django.db import connections

from monitoring.combination import NotCombinable
from monitoring.models import Area, AreaMembership, Observation
from monitoring.services.figures import reference
from monitoring.services.figures.combinations import over_areas
from monitoring.services.figures.observations import UnknownField
from monitoring.services.geography import areas
from tests.factories.figures import an_indicator, an_observation, loaded


@pytest.mark.usefixtures("stores")
def test_areas_load_twice_without_a_change():
    report = areas.load_areas(*areas.reference_areas())

    assert (report.created, report.updated) == (0, 0)
    assert (
        report.unchanged
        == Area.objects.filter(demo=False).count() + AreaMembership.objects.exclude(source="invented").count()
    )


@pytest.mark.usefixtures("stores")
def test_the_whole_statline_file_loads_twice_without_a_change():
    report = reference.load_reference_observations()

    assert (report.created, report.updated, report.unchanged) == (0, 0, 171 + 579 * 6 + 1)


@pytest.mark.usefixtures("stores")
def test_equal_rows_cost_a_constant_number_of_queries(django_assert_num_queries):
    rows = [an_observation(area_code=f"area-{number}") for number in range(300)]
    loaded(*rows)

    for some in (rows[:1], rows):
        with django_assert_num_queries(4, using="monitoring"):  # savepoint, lock, read, release
            loaded(*some)


def test_a_field_that_does_not_exist_is_refused():
    with pytest.raises(UnknownField):
        an_observation(colour="red")


@pytest.mark.usefixtures("stores")
def test_combining_is_refused_where_the_indicator_says_so():
    an_indicator(combine_areas="none")
    loaded(an_observation())

    with pytest.raises(NotCombinable):
        over_areas(indicator_code="indicator-a", parent_code="area-b", member_codes=["area-a"])


@pytest.mark.usefixtures("stores")
def test_combined_areas_keep_their_definitions_apart():
    an_indicator(combine_areas="pooled-ratio")
    counted = {"numerator": 1, "denominator": 10}
    loaded(an_observation(definition_version="old", **counted), an_observation(definition_version="new", **counted))

    rows = over_areas(indicator_code="indicator-a", parent_code="area-b", member_codes=["area-a", "area-c"])

    assert {row["definition_version"]: (row["value"], row["basis"]) for row in rows} == {
        "old": (10.0, "1 of 2 areas"), "new": (10.0, "1 of 2 areas")}  # fmt: skip


def test_two_loads_at_once_write_each_row_once(committed):
    rows = [an_observation(area_code=f"race-{number}") for number in range(200)]
    reports, faults = [], []

    def load():
        try:
            reports.append(loaded(*rows))
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = Observation.objects.filter(area_code__startswith="race-")
    count = found.count()
    found.delete()

    assert faults == []
    assert count == 200
    assert sorted((r.created, r.unchanged) for r in reports) == [(0, 200), (200, 0)]
