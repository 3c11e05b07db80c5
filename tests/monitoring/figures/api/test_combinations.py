"""Combining over areas and periods, as an answer: the rule, the basis, and what may not be joined."""

import pytest

from monitoring import periods
from monitoring.models import AreaMembership
from monitoring.services.figures.observations import observation
from tests.factories.figures import an_area, an_indicator, an_observation, loaded

pytestmark = pytest.mark.usefixtures("stores")


def combined(client, **asked):
    answer = client.get("/v1/combinations", {"indicatorCode": "indicator-a", "period": "2024"} | asked)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def refused(client, status=400, **asked):
    answer = client.get("/v1/combinations", {"indicatorCode": "indicator-a", "period": "2024"} | asked)
    assert answer.status_code == status, answer.content
    return answer.json()


def counted(area, yes, of, **more):
    return an_observation(area_code=area, value=100 * yes / of, numerator=yes, denominator=of, **more)


def monthly(area, month, value, **more):
    return observation(
        period=periods.parse(f"2024-{month:02}"), indicator_code="indicator-a", area_code=area, area_year=2024,
        statistic="count", source_code="source-a", unit="percent", value=value, **more,
    )  # fmt: skip


@pytest.fixture
def group():
    an_area("group-a", level="group")
    for number in range(4):
        an_area(f"n{number}")
        AreaMembership.objects.create(hierarchy="group-a", parent_code="group-a", child_code=f"n{number}")


def test_pooled_and_mean_of_areas_stand_side_by_side_with_their_basis(client_with, group):
    """As preschool reach: a large area weighs more in the pooled ratio, not in the mean of areas."""
    an_indicator(combine_areas="pooled-ratio")
    loaded(counted("n0", 90, 100), counted("n1", 100, 200), counted("n2", 10, 100),
           an_observation(area_code="n3", value=None, status="suppressed"))  # fmt: skip

    (series,) = combined(client_with(), withinCode="group-a")["results"]

    shown = [(f["rule"], f["byIndicator"], f["statistic"], f["value"], f["basis"]["text"]) for f in series["figures"]]
    assert shown == [("pooled-ratio", True, "share", 50.0, "3 of 4"), ("mean-of-areas", False, "mean-of-areas", 50.0,
                                                                       "3 of 4")]  # fmt: skip
    assert {p["areaCode"]: p["status"] for p in series["parts"]}["n3"] == "suppressed"


def test_definitions_are_never_joined(client_with, group):
    an_indicator(combine_areas="mean-of-areas", versions=("old", "new"))
    loaded(counted("n0", 10, 100, definition_version="old"), counted("n1", 30, 100, definition_version="new"))

    results = combined(client_with(), areaCode=["n0", "n1"])["results"]

    assert [(one["definitionVersion"], one["figures"][0]["value"], one["figures"][0]["basis"]["text"])
            for one in results] == [("new", 30.0, "1 of 2"), ("old", 10.0, "1 of 2")]  # fmt: skip
    assert results[0]["parts"][0] == {"areaCode": "n0", "value": None, "status": "not-delivered", "periodsUsed": 0,
                                      "periodsTotal": 1}  # fmt: skip


def test_months_become_a_year_by_the_rule_over_periods(client_with, group):
    an_indicator(combine_areas="sum", combine_periods="sum")
    loaded(*(monthly("n0", month, 10.0) for month in range(1, 12)), monthly("n0", 12, None, status="missing"))

    (series,) = combined(client_with(), areaCode="n0", partKind="month")["results"]

    (figure,) = series["figures"]
    assert (figure["rule"], figure["value"], figure["basis"]["text"]) == ("sum", 110.0, "11 of 12")


def test_a_stock_keeps_its_last_value(client_with, group):
    an_indicator(combine_areas="sum", combine_periods="last")
    loaded(*(monthly("n0", month, float(month)) for month in (1, 2, 3)))

    (series,) = combined(client_with(), areaCode="n0", period="2024KW01", partKind="month")["results"]

    assert (series["figures"][0]["value"], series["figures"][0]["rule"]) == (3.0, "last")


def test_areas_and_periods_together(client_with, group):
    an_indicator(combine_areas="sum", combine_periods="sum")
    loaded(*(monthly(area, month, 1.0) for area in ("n0", "n1") for month in (1, 2, 3)), monthly("n2", 1, 5.0))

    (series,) = combined(client_with(), withinCode="group-a", period="2024-Q1", partKind="month")["results"]

    assert (series["figures"][0]["value"], series["figures"][0]["basis"]["text"]) == (11.0, "3 of 4")
    assert [(p["periodsUsed"], p["periodsTotal"]) for p in series["parts"]] == [(3, 3), (3, 3), (1, 3), (0, 3)]


def test_what_may_not_be_combined_is_refused(client_with, group):
    an_indicator(combine_areas="none", combine_periods="none")
    loaded(counted("n0", 10, 100), counted("n1", 30, 100), monthly("n0", 1, 3.0))

    assert refused(client_with(), 409, areaCode=["n0", "n1"])["type"].endswith("/not-combinable")
    assert refused(client_with(), 409, areaCode="n0", partKind="month")["type"].endswith("/not-combinable")
    assert combined(client_with(), areaCode="n0")["results"][0]["figures"][0]["value"] == 10.0


def test_people_are_not_counted_twice(client_with, group):
    an_indicator(combine_areas="sum")
    an_area("part", within=("n0",))

    problem = refused(client_with(), 409, areaCode=["n0", "n1", "part"])

    assert problem["type"].endswith("/overlapping-areas")
    assert "part" in problem["detail"]


def test_every_unknown_area_is_named(client_with, group):
    an_indicator(combine_areas="sum")
    an_area("gone", valid_until=2020)

    errors = refused(client_with(), areaCode=["n0", "x", "gone"])["errors"]

    assert [(e["value"], e["code"]) for e in errors] == [("x", "not-found"), ("gone", "area-not-in-year")]


@pytest.mark.parametrize(("asked", "code"), [
    ({"areaCode": "n0", "withinCode": "group-a"}, "one-of"), ({}, "one-of"),
    ({"areaCode": "n0", "period": "2024HJ01"}, "bad-period"), ({"areaCode": "n0", "partKind": "year"}, "no-such-parts"),
    ({"areaCode": "n0", "period": "2024MM03", "partKind": "quarter"}, "no-such-parts"),
    ({"withinCode": "group-a", "level": "country"}, "no-areas"),
])  # fmt: skip
def test_questions_that_cannot_be_answered(client_with, group, asked, code):
    an_indicator(combine_areas="sum")

    assert [e["code"] for e in refused(client_with(), **asked)["errors"]] == [code]


def test_nothing_delivered_says_so(client_with, group):
    an_indicator(combine_areas="sum")
    loaded(counted("n0", 10, 100, year=2022))

    answer = combined(client_with(), areaCode="n0")

    assert answer["results"] == []
    assert (answer["whyEmpty"]["code"], answer["whyEmpty"]["nearest"]["period"]) == ("not-delivered", "2022")


def test_all_neighbourhoods_of_a_city_by_level(client_with):
    """The StatLine file: households of the neighbourhoods add up to the city within the rounding to hundreds."""
    answer = combined(client_with(), indicatorCode="private-households", period="2019JJ00", withinCode="GM0363",
                      level="neighbourhood")  # fmt: skip

    (series,) = [one for one in answer["results"] if one["sourceCode"] == "cbs"]
    total = next(f for f in series["figures"] if f["byIndicator"])
    assert answer["areaCount"] == 99
    assert abs(total["value"] - 457400) < 99 * 50
    assert total["basis"]["used"] <= 99


@pytest.mark.parametrize("areas", [2, 40])
def test_the_number_of_queries_does_not_grow_with_the_areas(client_with, django_assert_num_queries, areas):
    an_indicator(combine_areas="sum", combine_periods="sum")
    an_area("group-a", level="group")
    codes = [f"n{number}" for number in range(areas)]
    for code in codes:
        an_area(code)
        AreaMembership.objects.create(hierarchy="group-a", parent_code="group-a", child_code=code)
    loaded(*(monthly(code, month, 1.0) for code in codes for month in range(1, 13)))
    client = client_with()

    with django_assert_num_queries(6, using="monitoring"):
        within = combined(client, withinCode="group-a", partKind="month")
    with django_assert_num_queries(4, using="monitoring"):
        named = combined(client, areaCode=codes, partKind="month")

    assert [one["results"][0]["figures"][0]["value"] for one in (within, named)] == [12.0 * areas] * 2
