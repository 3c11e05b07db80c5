"""One indicator of an area beside others: parents, country, chosen, group, similar, its own past."""

import pytest

from monitoring.models import AreaMembership
from tests.factories.figures import an_area, an_indicator, an_observation, loaded

pytestmark = pytest.mark.usefixtures("stores")


def benchmarks(client, area, **asked):
    answer = client.get(f"/v1/areas/{area}/benchmarks", {"indicatorCode": "indicator-a"} | asked)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def beside(answer):
    return {(b["kind"], b["areaCode"]): b for b in answer["benchmarks"]}


def counted(area, yes, of, *, year=2024, **more):
    return an_observation(area_code=area, year=year, value=100 * yes / of, numerator=yes, denominator=of,
                          area_year=2024, **more)  # fmt: skip


@pytest.fixture
def city():
    """Six neighbourhoods of one city, and one far away."""
    an_area("town", level="municipality", within=("NL00",))
    for number in range(6):
        an_area(f"n{number}", within=("town",))
    an_area("far", level="neighbourhood")
    return [f"n{number}" for number in range(6)]


def test_an_area_stands_beside_its_city_without_itself(client_with, city):
    an_indicator(relevant_difference=2.0, relevant_difference_basis="researcher")
    loaded(counted("n0", 300, 1000), counted("town", 1000, 5000))

    answer = benchmarks(client_with(), "n0", against="parents")

    town = beside(answer)["parent", "town"]
    assert (town["verdict"], town["ground"], town["comparedWithRest"]) == ("worse", "counts", True)
    assert town["differenceLow"] < 300 / 10 - 700 / 40 < town["differenceHigh"]  # the rest: 700 of 4,000
    assert [(a["areaCode"], a["whyEmpty"]["code"]) for a in answer["absent"]] == [("NL00", "not-delivered")]


def test_a_chosen_area_apart_is_compared_whole(client_with, city):
    an_indicator()
    loaded(counted("n0", 300, 1000), counted("far", 240, 1000))

    far = beside(benchmarks(client_with(), "n0", against="far"))["area", "far"]

    assert (far["verdict"], far["comparedWithRest"], far["difference"]) == ("worse", False, 6.0)


def test_a_city_is_compared_with_a_neighbourhood_by_its_rest(client_with, city):
    an_indicator()
    loaded(counted("n0", 300, 1000), counted("town", 1000, 5000))

    inside = beside(benchmarks(client_with(), "town", against="n0"))["area", "n0"]

    assert (inside["verdict"], inside["comparedWithRest"], inside["difference"]) == ("better", True, -10.0)


def test_a_group_without_figures_of_its_own_is_pooled_from_its_members(client_with, city):
    an_indicator(combine_areas="pooled-ratio")
    an_area("group-a", level="group")
    for code in ("n1", "n2", "far"):
        AreaMembership.objects.create(hierarchy="group-a", parent_code="group-a", child_code=code)
    loaded(counted("n0", 300, 1000), counted("n1", 10, 100), counted("far", 190, 900),
           an_observation(area_code="n2", value=None, status="suppressed"))  # fmt: skip

    group = beside(benchmarks(client_with(), "n0", against="group-a"))["group", "group-a"]

    assert (group["value"], group["origin"], group["statistic"]) == (20.0, "computed", "share")
    assert group["basis"] == {"text": "2 of 3 areas", "areasUsed": 2, "areasTotal": 3}
    assert (group["verdict"], group["ground"]) == ("worse", "counts")


def test_what_may_not_be_combined_is_not_and_says_so(client_with, city):
    an_indicator(combine_areas="none")
    an_area("group-a", level="group")
    AreaMembership.objects.create(hierarchy="group-a", parent_code="group-a", child_code="n1")
    loaded(counted("n0", 300, 1000), counted("n1", 10, 100))

    answer = benchmarks(client_with(), "n0", against="group-a")

    assert answer["benchmarks"] == []
    assert answer["absent"][0]["whyEmpty"]["code"] == "not-combinable"


def test_its_own_past_is_a_benchmark_too(client_with, city):
    an_indicator()
    loaded(counted("n0", 300, 1000), counted("n0", 400, 1000, year=2023), counted("n0", 500, 1000, year=2020))

    past = beside(benchmarks(client_with(), "n0", against="own-trend"))["own-earlier", "n0"]

    assert (past["period"], past["difference"], past["verdict"]) == ("2023", -10.0, "better")


def test_two_definitions_are_never_each_others_past(client_with, city):
    an_indicator(versions=("old", "new"))
    loaded(counted("n0", 300, 1000, definition_version="new"),
           counted("n0", 400, 1000, year=2023, definition_version="old"))  # fmt: skip

    answer = benchmarks(client_with(), "n0", against="own-trend")

    assert answer["benchmarks"] == []
    assert answer["absent"][0]["whyEmpty"]["code"] == "no-earlier-figure"


def test_similar_areas_are_like_it_on_all_context_figures(client_with, city):
    """Two context indicators; n1 and far are like n0 on both, n2 on one, the others on none."""
    an_indicator(combine_areas="mean-of-areas", relevant_difference=1.0)
    for code in ("context-a", "context-b"):
        an_indicator(code, kind="context", direction="neutral")
    shape = {"n0": (10, 10), "n1": (11, 10), "far": (10, 12), "n2": (10, 90), "n3": (90, 90), "n4": (80, 80),
             "n5": (10, 10)}  # fmt: skip
    loaded(*(an_observation(area_code=area, indicator_code=code, value=float(value)) for area, pair in shape.items()
             for code, value in zip(("context-a", "context-b"), pair, strict=True)),
           *(an_observation(area_code=area, value=20.0) for area in shape if area != "n5"),
           an_observation(area_code="n0", value=10.0))  # fmt: skip

    answer = benchmarks(client_with(), "n0", against="similar")

    assert answer["similar"]["indicatorCodes"] == ["context-a", "context-b"]
    assert answer["similar"]["candidateCount"] == 5  # n5 has no figure to compare with
    assert [near["areaCode"] for near in answer["similar"]["areas"][:2]] == ["n1", "far"]
    assert [near["sharedCount"] for near in answer["similar"]["areas"]] == [2] * 5
    like = beside(answer)["similar", None]
    assert (like["value"], like["basis"]["areasUsed"], like["verdict"]) == (20.0, 5, "better")


def test_the_distance_is_the_one_that_is_described(client_with, city):
    an_indicator()
    an_indicator("context-a", kind="context", direction="neutral")
    loaded(*(an_observation(area_code=area, indicator_code="context-a", value=value)
             for area, value in (("n0", 0.0), ("n1", 3.0), ("n2", 6.0))),
           *(an_observation(area_code=area) for area in ("n0", "n1", "n2")))  # fmt: skip

    near = benchmarks(client_with(), "n0", against="similar")["similar"]["areas"]

    deviation = 6**0.5  # of 0, 3 and 6
    assert [one["distance"] for one in near] == [pytest.approx(3 / deviation, abs=1e-6),
                                                 pytest.approx(6 / deviation, abs=1e-6)]  # fmt: skip


def test_similar_on_chosen_indicators(client_with, city):
    an_indicator()
    for code in ("context-a", "context-b"):
        an_indicator(code, kind="context", direction="neutral")
    loaded(*(an_observation(area_code=area, indicator_code=code, value=float(value))
             for area, pair in {"n0": (1, 1), "n1": (1, 9), "n2": (9, 1)}.items()
             for code, value in zip(("context-a", "context-b"), pair, strict=True)),
           *(an_observation(area_code=area) for area in ("n0", "n1", "n2")))  # fmt: skip

    on_b = benchmarks(client_with(), "n0", against="similar", similarOn="context-b")["similar"]

    assert (on_b["indicatorCodes"], on_b["areas"][0]["areaCode"]) == (["context-b"], "n2")


def test_the_place_among_siblings_counts_only_those_with_the_figure(client_with, city):
    an_indicator(direction="lower-better")
    values = {"n0": 30.0, "n1": 10.0, "n2": 30.0, "n3": 50.0}
    loaded(*(an_observation(area_code=code, value=value) for code, value in values.items()),
           an_observation(area_code="n4", value=None, status="missing"))  # fmt: skip

    (place, *_) = benchmarks(client_with(), "n0")["positions"]

    assert (place["withinCode"], place["rank"], place["withFigureCount"], place["siblingCount"]) == ("town", 2, 4, 6)
    assert (place["equalCount"], place["order"]) == (1, "lowest-first")


def test_an_earlier_period_can_be_asked_for(client_with, city):
    an_indicator()
    loaded(*(counted("n0", yes, 1000, year=year) for year, yes in ((2022, 200), (2023, 300), (2024, 400))))

    answer = benchmarks(client_with(), "n0", period="2023JJ00")

    assert (answer["latest"]["period"], answer["latest"]["value"]) == ("2023", 30.0)
    assert beside(answer)["own-earlier", "n0"]["period"] == "2022"


@pytest.mark.parametrize(("period", "cause"), [("2019", "not-delivered"), ("2999", "not-yet-due")])
def test_a_period_without_a_figure_says_why_and_what_is_nearest(client_with, city, period, cause):
    an_indicator()
    loaded(counted("n0", 300, 1000))

    answer = benchmarks(client_with(), "n0", period=period)

    assert answer["latest"] is None
    assert (answer["whyEmpty"]["code"], answer["whyEmpty"]["nearest"]["period"]) == (cause, "2024")


def test_all_words_that_are_no_area_are_named(client_with, city):
    an_indicator()
    an_area("gone", valid_until=2020)

    answer = client_with().get(
        "/v1/areas/n0/benchmarks", {"indicatorCode": "indicator-a", "against": ["x", "parents", "gone"], "year": 2024}
    )

    assert answer.status_code == 400
    assert [(e["code"], e["value"]) for e in answer.json()["errors"]] == [("not-found", "x"),
                                                                          ("area-not-in-year", "gone")]  # fmt: skip


def test_the_profile_takes_the_same_keys_and_says_the_same(client_with, city):
    an_indicator()
    loaded(counted("n0", 300, 1000), counted("far", 240, 1000), counted("n0", 100, 1000, year=2023))
    asked = {"against": ["far", "own-trend"]}

    profile = client_with().get("/v1/areas/n0/profile", asked).json()

    (shown,) = profile["other"]
    assert shown["benchmarks"] == benchmarks(client_with(), "n0", **asked)["benchmarks"]
    assert len(shown["benchmarks"]) == 2


def test_a_trend_says_which_test_found_it(client_with, city):
    an_indicator()
    loaded(*(counted("n0", yes, 1000, year=year) for year, yes in ((2022, 400), (2023, 300), (2024, 200))))

    trend = benchmarks(client_with(), "n0")["trend"]

    assert (trend["finding"], trend["test"], trend["neededMeasurementCount"]) == ("improving", "cochran-armitage", None)
    assert trend["pValue"] < 0.001


@pytest.mark.parametrize(("figures", "siblings"), [(2, 2), (12, 30)])
def test_the_number_of_queries_does_not_grow_with_figures_or_siblings(
    client_with, django_assert_num_queries, figures, siblings
):
    an_indicator(combine_areas="pooled-ratio")
    an_area("town", level="municipality")
    codes = [f"n{number}" for number in range(siblings)]
    for code in codes:
        an_area(code, within=("town",))
    loaded(*(counted(code, 30, 100, year=2024 - ago) for code in ("town", *codes) for ago in range(figures)))
    client = client_with()
    benchmarks(client, "n0")  # what is read once per process

    with django_assert_num_queries(11, using="monitoring"):
        benchmarks(client, "n0", against=["parents", "own-trend", "n1"])


@pytest.mark.parametrize("absent", [0, 1, 3])
def test_each_absent_neighbour_costs_as_many_queries_as_the_next(client_with, django_assert_num_queries, absent):
    an_indicator()
    an_area("n0")
    codes = [f"m{number}" for number in range(4)]
    for code in codes:
        an_area(code)
    loaded(*(counted(code, 30, 100) for code in ("n0", *codes[absent:])))
    client = client_with()
    benchmarks(client, "n0")

    with django_assert_num_queries(20 + 8 * absent, using="monitoring"):
        benchmarks(client, "n0", against=codes)
