"""How often a factor occurs in an area: official shares only, the newest, with what they rest on."""

import pytest

from monitoring.models import IndicatorLink, Observation
from monitoring.public import local_values
from tests.factories import figures as factory

pytestmark = pytest.mark.usefixtures("stores")


def linked(indicator="indicator-a", factor="loneliness-x", *, inverse=False, role="prevalence"):
    IndicatorLink.objects.create(
        indicator_id=indicator, target_kind="factor", target_code=factor, role=role, inverse=inverse, basis="test"
    )


@pytest.fixture
def indicator():
    factory.an_indicator()
    linked()


def shares(**asked):
    return {value.factor_code: value.share for value in local_values(area_code="area-a", **asked)}


def test_the_newest_figure_counts_and_is_cited(indicator):
    factory.loaded(factory.an_observation(year=2022, value=10.0), factory.an_observation(year=2024, value=12.5))

    (value,) = local_values(area_code="area-a")

    assert value.share == 0.125
    assert (value.observation.indicator_code, value.observation.period) == ("indicator-a", "2024")
    assert (value.observation.value, value.observation.unit) == (12.5, "percent")
    assert (value.reference_share, value.reference) == (None, None)


def test_a_year_asks_back_what_was_measured_until_its_end(indicator):
    factory.loaded(factory.an_observation(year=2022, value=10.0), factory.an_observation(year=2024, value=12.5))

    assert shares(year=2023) == {"loneliness-x": 0.1}
    assert shares(year=2021) == {}


def test_an_inverse_indicator_is_turned_round():
    factory.an_indicator()
    linked(inverse=True)
    factory.loaded(factory.an_observation(value=80.0))

    assert shares() == {"loneliness-x": pytest.approx(0.2)}


@pytest.mark.parametrize(
    "unfit",
    [
        {"value": None, "status": "suppressed"}, {"value": None, "status": "missing"},
        {"statistic": "rate", "unit": "per-1000"}, {"unit": "score"}, {"statistic": "max"},
        {"qualifier": "at-least"}, {"municipality_code": "GM0363"}, {"value": 140.0},
    ],
)  # fmt: skip
def test_what_is_no_official_share_is_not_read(indicator, unfit):
    fields = {key: value for key, value in unfit.items() if key != "municipality_code"}
    factory.loaded(factory.an_observation(year=2020, value=10.0), factory.an_observation(year=2024, **fields))
    if "municipality_code" in unfit:
        Observation.objects.filter(indicator_code="indicator-a", period_start__year=2024).update(**unfit)

    assert shares() == {"loneliness-x": 0.1}


def test_only_the_role_prevalence_counts():
    factory.an_indicator()
    linked(role="context")
    factory.loaded(factory.an_observation())

    assert shares() == {}


def test_of_two_indicators_of_one_period_the_first_by_code_is_read(indicator):
    factory.an_indicator("indicator-b")
    linked("indicator-b")
    factory.loaded(factory.an_observation(indicator_code="indicator-b", value=30.0), factory.an_observation(value=10.0))

    assert shares() == {"loneliness-x": 0.1}


def test_the_current_definition_is_read_before_older_ones():
    factory.an_indicator(versions=("old", "new"))
    linked()
    factory.loaded(
        factory.an_observation(definition_version="old", value=10.0),
        factory.an_observation(definition_version="new", value=15.0),
    )

    assert shares() == {"loneliness-x": 0.15}


def test_the_reference_is_the_same_indicator_period_and_definition(indicator):
    factory.loaded(
        factory.an_observation(year=2023, value=12.0),
        factory.an_observation(year=2023, area_code="city", value=8.0, statistic="pooled-ratio"),
        factory.an_observation(year=2024, area_code="city", value=9.0),
    )

    (value,) = local_values(area_code="area-a", reference_code="city")

    assert value.reference_share == 0.08
    assert (value.reference.area_code, value.reference.period) == ("city", "2023")


def test_only_the_factors_asked_for(indicator):
    factory.loaded(factory.an_observation())

    assert shares(factor_codes=["another"]) == {}
    assert shares(factor_codes=["loneliness-x"]) == {"loneliness-x": 0.1}


def test_three_queries_however_many_figures(indicator, django_assert_num_queries):
    factory.loaded(*(factory.an_observation(year=year) for year in range(2000, 2024)))

    with django_assert_num_queries(3, using="monitoring"):
        shares()
