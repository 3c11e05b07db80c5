"""The profile of an area in one call."""

import pytest
from django.db import connections

from factors.models import RankingDefinition
from factors.services.marks import mark
from factors.tasks import compute_stale_rankings
from tests.factories.figures import an_area, an_indicator, an_observation, loaded

pytestmark = pytest.mark.usefixtures("stores")


def indicators(answer):
    """By code; an indicator of two domains is the same twice."""
    inside = [i for p in answer["pillars"] for d in p["domains"] for i in d["indicators"]]
    return {i["indicatorCode"]: i for i in [*inside, *answer["other"]]}


def profile(client, code):
    answer = client.get(f"/v1/areas/{code}/profile")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_registered_debts_show_two_definitions_and_never_one_line(client_with):
    debts = indicators(profile(client_with(), "nplv"))["households-problematic-debts"]

    lines = {s["definitionVersion"]: {p["period"]: p["value"] for p in s["points"]} for s in debts["series"]}
    assert lines == {
        "revised-2022": {"2021": 12.8, "2022": 13.2, "2023": 14.3, "2024": 14.5},
        "pre-2022": {"2018": 13.3, "2021": 12.1, "2022": 12.5, "2023": 13.7, "2024": 14.0},
    }
    assert [s["current"] for s in debts["series"]] == [True, False]
    assert (debts["latest"]["definitionVersion"], debts["latest"]["value"]) == ("revised-2022", 14.5)
    assert debts["latest"]["conflict"].startswith("Both definitions")
    assert (debts["trend"]["firstPeriod"], debts["trend"]["change"], debts["trend"]["course"]) == (
        "2021", pytest.approx(1.7), "worsening")  # fmt: skip
    (country,) = debts["benchmarks"]
    assert (country["areaCode"], country["value"], country["difference"], country["differenceUnit"]) == (
        "NL00", 7.7, pytest.approx(6.8), "percentage-points")  # fmt: skip
    assert (country["verdict"], country["ground"]) == ("worse", "relevant-difference")
    assert debts["nextExpected"] == "2025"
    assert [f["factorCode"] for f in debts["factors"]] == ["debt"]


def test_preschool_reach_shows_both_ways_of_averaging_apart(client_with):
    reach = indicators(profile(client_with(), "nplv"))["preschool-reach"]

    shown = {s["statistic"]: (round(s["points"][0]["value"], 1), s["points"][0]["origin"]) for s in reach["series"]}
    assert shown["mean-of-areas"] == (80.0, "published")
    assert shown["pooled-ratio"] == (75.4, "computed")
    assert reach["latest"]["statistic"] == "mean-of-areas"
    assert reach["benchmarks"] == []  # the national figure is a share, no mean of areas


def test_the_profile_equals_what_the_separate_call_gives(client_with):
    client = client_with()
    observed = client.get("/v1/observations?areaCode=nplv&pageSize=500").json()["results"]
    shown = [
        (code, s["definitionVersion"], s["statistic"], s["sourceCode"], point)
        for code, i in indicators(profile(client, "nplv")).items() for s in i["series"] for point in s["points"]
    ]  # fmt: skip

    assert len(shown) == len(observed) > 80
    for code, version, statistic, source, point in shown:
        key = {"indicatorCode": code, "areaCode": "nplv", "definitionVersion": version, "population": None,
               "statistic": statistic, "sourceCode": source}  # fmt: skip
        (twin,) = [o for o in observed if o.items() >= (key | {"period": point["period"]}).items()]
        assert twin == twin | point | key


def test_a_neighbourhood_stands_beside_its_city(client_with):
    answer = profile(client_with(), "WK036360")
    score = indicators(answer)["ses-woa-score"]

    assert answer["above"][-2:] == ["GM0363", "NL00"]
    assert score["latest"]["value"] == -0.495
    city = next(b for b in score["benchmarks"] if b["areaCode"] == "GM0363")
    assert (city["difference"], city["ratio"], city["verdict"]) == (-0.395, None, "worse")
    assert (score["comparison"]["step"], score["comparison"]["againstCode"]) == ("area-with-city", "GM0363")
    assert (score["trend"]["measurementCount"], score["trend"]["direction"]) == (1, None)


def test_a_sub_neighbourhood_says_what_is_unknown(client_with):
    score = indicators(profile(client_with(), "BU03630100"))["ses-woa-score"]

    assert (score["latest"]["value"], score["latest"]["status"]) == (None, "missing")
    assert score["benchmarks"] == []
    assert score["trend"]["measurementCount"] == 0


def test_the_country_has_nothing_above_it(client_with):
    answer = profile(client_with(), "NL00")

    assert answer["above"] == []
    assert indicators(answer)["labour-participation"]["latest"]["value"] == 71.0
    assert "ve-referral-via-jgz" in {i["indicatorCode"] for i in answer["other"]}


def test_an_area_without_figures_says_why_and_where_there_are_some(client_with):
    answer = profile(client_with(), "zaandam-oost")

    assert indicators(answer) == {}
    assert (answer["whyEmpty"]["code"], answer["whyEmpty"]["nearestAreaCode"]) == ("not-delivered", "nplv")
    assert [p["name"] for p in answer["pillars"]] == ["Kansrijk", "Veilig", "Gezond"]
    assert sum(len(p["domains"]) for p in answer["pillars"]) == 9


def test_names_follow_the_language(client_with):
    answer = client_with().get("/v1/areas/nplv/profile?lang=en").json()

    assert answer["area"]["name"] == "The twenty NPLV focus areas"
    assert answer["pillars"][0]["name"] == "Opportunity"


def test_figures_of_another_vintage_are_not_mixed_in(client_with):
    an_indicator()
    an_area(valid_from=2010, valid_until=2020)
    an_area(valid_from=2020)
    loaded(an_observation(year=2019), an_observation(year=2021, value=12.0))

    old = client_with().get("/v1/areas/area-a/profile?year=2015").json()
    new = profile(client_with(), "area-a")

    assert indicators(old)["indicator-a"]["latest"]["value"] == 10.0
    assert [p["value"] for p in indicators(new)["indicator-a"]["series"][0]["points"]] == [12.0]
    assert client_with().get("/v1/areas/area-a/profile?year=2005").status_code == 404


def test_a_figure_of_one_municipality_is_no_part_of_it(client_with):
    an_indicator()
    an_area()
    loaded(an_observation(municipality_code="GM0363"))

    assert indicators(profile(client_with(), "area-a")) == {}


def test_the_same_profile_is_not_sent_twice(client_with):
    client = client_with()
    first = client.get("/v1/areas/nplv/profile")

    again = client.get("/v1/areas/nplv/profile", HTTP_IF_NONE_MATCH=first["ETag"])
    loaded(an_observation(indicator_code="labour-participation", area_code="nplv"))
    changed = client.get("/v1/areas/nplv/profile", HTTP_IF_NONE_MATCH=first["ETag"])

    assert (first["Cache-Control"], again.status_code, again.content) == ("no-cache", 304, b"")
    assert changed.status_code == 200


def test_without_the_register_the_codes_remain(client_with, monkeypatch):
    """The other store does not answer: its connection is broken for real."""
    settings = connections["default"].settings_dict
    connections["default"].close()
    monkeypatch.setitem(settings, "HOST", "/nowhere")

    answer = profile(client_with(), "nplv")

    assert answer["absent"] == ["factors"]
    assert answer["ranking"] is None
    debts = indicators(answer)["households-problematic-debts"]
    assert (debts["factors"][0]["factorCode"], debts["factors"][0]["name"]) == ("debt", None)
    assert {d["code"] for d in answer["pillars"][0]["domains"]} >= {"work", "school-performance"}


def test_linked_factors_carry_their_rank(client_with):
    mark(RankingDefinition.objects.filter(newest_snapshot=None), reason="test")
    compute_stale_rankings()
    client = client_with()

    answer = profile(client, "nplv")
    ranked = client.get(f"/v1/rankings/{answer['ranking']['snapshotId']}/factors?pageSize=500").json()["results"]

    ranks = {factor["factorCode"]: factor["denseRank"] for factor in ranked}
    shown = {f["factorCode"]: f["denseRank"] for i in indicators(answer).values() for f in i["factors"]}
    assert answer["ranking"]["method"] == "five-elements-2023"
    assert len(shown) > 5
    assert shown == {code: ranks[code] for code in shown}
    assert any(rank is not None for rank in shown.values())
