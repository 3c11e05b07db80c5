"""Societal results over HTTP: agreed on, changed under If-Match, and how they stand."""

import pytest
from django.db import IntegrityError, transaction

from monitoring.models import AuditEntry, SocietalResult
from tests.factories.figures import an_area, an_indicator, an_observation, loaded
from tests.monitoring.figures.data import worked_example

pytestmark = pytest.mark.usefixtures("stores")


@pytest.fixture(autouse=True)
def area(stores):
    an_area("area-a", municipality_code="GM0363")


def example(code):
    """The published example as observations of area-a, and the body of its result."""
    given = worked_example(code)
    for part in (given["baseline"], given["follow_up"]):
        for row in part["indicators"]:
            counts = {"numerator": row["count"], "denominator": part["population"]}
            value = 100 * row["count"] / part["population"]
            loaded(an_observation(year=part["year"], indicator_code=row["indicator"], value=value, **counts))
    codes = [row["indicator"] for row in given["baseline"]["indicators"]]
    for code in codes:
        an_indicator(code, direction="higher-better")
    return body(rule=given["rule"], indicators=[{"indicatorCode": code} for code in codes],
                targetAmount=given["target"]["improvement"], baselinePeriod="2014", targetPeriod="2018")  # fmt: skip


def body(**given):
    usual = {
        "areaCode": "area-a", "ambitionCode": "youth-take-part", "statement": "In 2018 sport 5% meer jongeren",
        "rule": "each", "targetKind": "improvement", "targetAmount": 5, "baselinePeriod": "2014",
        "targetPeriod": "2018", "indicators": [{"indicatorCode": "indicator-a"}],
    }  # fmt: skip
    return usual | given


def made(client, wish):
    answer = client.post("/v1/societal-results", wish, format="json")
    assert answer.status_code == 201, answer.content
    return answer


def codes_of(answer):
    return {(error["location"], error["code"]) for error in answer.json()["errors"]}


@pytest.mark.parametrize("code", ["example-1-each", "example-2-combination"])
def test_a_published_example_is_reached_over_http(client_with, code):
    result = made(client_with("area-adviser"), example(code)).json()

    found = client_with().get(f"/v1/societal-results/{result['id']}/progress").json()

    assert (found["state"], found["rule"], found["counts"]) == ("reached", worked_example(code)["rule"], True)
    changes = {one["indicatorCode"]: one["standing"]["improvement"] for one in found["indicators"]}
    assert changes == worked_example(code)["expected"]["change_percentage_points"]
    first = found["indicators"][0]
    assert [point["period"] for point in first["points"]] == ["2014", "2018"]
    assert first["standing"]["baseline"]["denominator"] == 1000
    assert first["standing"]["marginLow"] < 0 < first["standing"]["marginHigh"]
    assert (first["standing"]["certainty"], first["standing"]["ground"]) == ("cannot-tell-yet", "counts")


def test_everyone_sees_what_was_agreed(client_with):
    an_indicator()
    answer = made(client_with("account-holder"), body(motivation="Samen gekozen", indicators=[
        {"indicatorCode": "indicator-a", "condition": "elke week", "direction": "higher-better"}]))  # fmt: skip

    shown = client_with().get(answer["Location"])

    assert shown.json() == answer.json()
    assert shown["ETag"] == answer["ETag"]
    assert shown.json()["indicators"] == [
        {"indicatorCode": "indicator-a", "condition": "elke week", "direction": "higher-better"}]  # fmt: skip
    assert client_with().get("/v1/societal-results?areaCode=area-a").json()["count"] == 1
    assert client_with().get("/v1/societal-results?areaCode=area-b").json()["count"] == 0


def test_two_advisers_lose_no_update(client_with):
    an_indicator()
    client = client_with("area-adviser")
    first = made(client, body())
    path = first["Location"]

    def put(tag, **given):
        headers = {"HTTP_IF_MATCH": tag} if tag else {}
        return client.put(path, body(**given), format="json", **headers)

    mine = put(first["ETag"], statement="Van mij")
    theirs = put(first["ETag"], statement="Van hen")

    assert (mine.status_code, theirs.status_code, put(None).status_code) == (200, 412, 428)
    assert theirs["Content-Type"] == "application/problem+json"
    assert client.get(path).json()["statement"] == "Van mij"
    assert put(mine["ETag"], statement="Van ons").json()["version"] == 3
    entry = AuditEntry.objects.filter(resource="societal-results", action="updated").latest("id")
    assert (entry.before["statement_nl"], entry.after["statement_nl"]) == ("Van mij", "Van ons")


def test_a_result_of_another_municipality_is_not_there_to_change(client_with):
    an_indicator()
    first = made(client_with("area-adviser"), body())

    foreign = client_with("area-adviser", municipality="GM0599")

    assert foreign.put(first["Location"], body(), format="json", HTTP_IF_MATCH=first["ETag"]).status_code == 404
    assert foreign.post("/v1/societal-results", body(municipalityCode="GM0363"), format="json").status_code == 404
    assert codes_of(foreign.post("/v1/societal-results", body(), format="json")) == {("#/areaCode", "unknown-area")}


def test_every_fault_is_told_at_once(client_with):
    wrong = body(areaCode="nowhere", ambitionCode="none", partnerCodes=["nobody"], targetPeriod="2013",
                 indicators=[{"indicatorCode": "unknown"}])  # fmt: skip

    answer = client_with("area-adviser").post("/v1/societal-results", wrong, format="json")

    assert codes_of(answer) == {
        ("#/areaCode", "unknown-area"), ("#/ambitionCode", "unknown-ambition"),
        ("#/partnerCodes/0", "unknown-organisation"), ("#/targetPeriod", "target-before-baseline"),
        ("#/indicators/0/indicatorCode", "unknown-indicator"),
    }  # fmt: skip


def test_an_indicator_of_another_municipality_is_not_known_here(client_with):
    an_indicator("indicator-theirs", direction="higher-better", municipality_code="GM0599")
    an_indicator("indicator-own", direction="higher-better", municipality_code="GM0363")
    client = client_with("area-adviser")

    def asked(code):
        return client.post("/v1/societal-results", body(indicators=[{"indicatorCode": code}]), format="json")

    assert codes_of(asked("indicator-theirs")) == {("#/indicators/0/indicatorCode", "unknown-indicator")}
    assert asked("indicator-own").status_code == 201


def test_a_mean_over_mixed_directions_is_refused(client_with):
    an_indicator("sport", direction="higher-better")
    an_indicator("truancy", direction="lower-better")
    mixed = [{"indicatorCode": "sport"}, {"indicatorCode": "truancy"}]

    answer = client_with("area-adviser").post("/v1/societal-results", body(rule="average", indicators=mixed),
                                              format="json")  # fmt: skip

    assert codes_of(answer) == {("#/rule", "mixed-directions")}


def test_an_indicator_without_a_better_side_needs_one(client_with):
    an_indicator(direction="neutral")

    answer = client_with("area-adviser").post("/v1/societal-results", body(), format="json")

    assert codes_of(answer) == {("#/indicators/0/direction", "direction-needed")}


def test_a_target_says_how_much_or_against_whom(client_with):
    client = client_with("area-adviser")

    def refused(**given):
        return codes_of(client.post("/v1/societal-results", body(**given), format="json"))

    assert refused(targetAmount=None) == {("#/targetAmount", "required")}
    assert refused(targetAmount=-5) == refused(targetAmount=0) == {("#/targetAmount", "min-value")}
    assert refused(targetKind="benchmark") == {("#/benchmarkAreaCode", "required"), ("#/targetAmount", "not-used")}


def test_a_result_holds_no_personal_data_but_may_name_a_day(client_with):
    client = client_with("area-adviser")
    told = body(statement="Bel 06-12345678", motivation="Zie jan@school.example", indicators=[
        {"indicatorCode": "indicator-a", "condition": "Burger 111222333"}])  # fmt: skip

    answer = client.post("/v1/societal-results", told, format="json")

    assert codes_of(answer) == {("#/statement", "personal-data"), ("#/motivation", "personal-data"),
                                ("#/indicators/0/condition", "personal-data")}  # fmt: skip
    assert "111222333" not in answer.content.decode()
    an_indicator(direction="higher-better")
    dated = body(statement="Op 1 september 2018 sporten meer jongeren")
    assert client.post("/v1/societal-results", dated, format="json").status_code == 201


def test_warnings_advise_and_do_not_refuse(client_with):
    an_indicator(direction="lower-better", next_expected="2020")
    loaded(an_observation(year=2014, numerator=8, denominator=80), an_observation(year=2016))

    result = made(client_with("area-adviser"), body(statement="Minder verzuim", targetPeriod="2019")).json()

    assert [one["code"] for one in result["warnings"]] == [
        "phrased-negatively", "not-measurable-in-target-period", "too-small-to-notice"]  # fmt: skip
    assert result["warnings"][1]["expectedYears"] == [2020, 2022, 2024]
    assert result["warnings"][2]["neededCount"] > 80


def test_the_national_average_as_target_moves_with_it(client_with):
    an_indicator(direction="higher-better")
    for area, year, value in [("area-a", 2014, 70), ("NL00", 2014, 80), ("area-a", 2016, 77), ("NL00", 2016, 82)]:
        loaded(an_observation(area_code=area, year=year, value=value))
    wish = body(targetKind="benchmark", targetAmount=None, benchmarkAreaCode="NL00")

    result = made(client_with("area-adviser"), wish).json()
    found = client_with().get(f"/v1/societal-results/{result['id']}/progress").json()

    standing = found["indicators"][0]["standing"]
    assert (found["state"], standing["expected"], standing["goal"]) == ("on-course", 77, 82)
    assert [point["value"] for point in found["indicators"][0]["benchmarkPoints"]] == [80, 82]


def test_series_of_two_definitions_are_never_joined(client_with):
    an_indicator(versions=("old", "new"), direction="higher-better")
    loaded(an_observation(year=2014, definition_version="old", value=50),
           an_observation(year=2018, definition_version="new", value=90))  # fmt: skip

    result = made(client_with("area-adviser"), body()).json()
    found = client_with().get(f"/v1/societal-results/{result['id']}/progress").json()

    assert (found["state"], found["indicators"][0]["definitionVersion"]) == ("no-measurement-yet", "old")


def test_a_process_result_is_noted_but_does_not_count(client_with):
    an_indicator()
    result = made(client_with("area-adviser"), body(kind="process")).json()

    found = client_with().get(f"/v1/societal-results/{result['id']}/progress").json()

    assert (result["counts"], found["counts"]) == (False, False)
    assert any("telt niet mee" in line for line in found["explanation"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"target_start": "2014-06-01"},
        {"target_amount": None},
        {"benchmark_code": "NL00"},
        {"target_kind": "benchmark"},
    ],
)
def test_the_store_itself_refuses_a_result_that_cannot_be(client_with, wrong):
    an_indicator()
    result = made(client_with("area-adviser"), body()).json()

    with pytest.raises(IntegrityError), transaction.atomic(using="monitoring"):
        SocietalResult.objects.filter(id=result["id"]).update(**wrong)
