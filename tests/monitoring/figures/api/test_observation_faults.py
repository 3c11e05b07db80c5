"""What is wrong with a row of figures, told with row, column and what would be right."""

import pytest

from config.days import today
from monitoring.models import AreaSuccession, Observation
from tests.factories.figures import an_area, an_indicator
from tests.monitoring.figures.api.delivering import HEADER, XLSX, faults, found, lines, post, workbook


def test_one_fault_refuses_the_whole_file(steward):
    answer = post(steward, lines("indicator-a,area-a,2023,12.5,source-a", "indicator-a,area-a,2024,1e400,source-a"))

    assert answer.status_code == 400
    assert faults(answer) == [("#/rows/3/value", "not-a-number")]
    assert found() == []


@pytest.mark.parametrize(
    ("row", "column", "code", "words"),
    [
        ("indicator-x,area-a,2023,1,source-a", "indicatorCode", "unknown-indicator", "indicator-x"),
        ("indicator-a,area-x,2023,1,source-a", "areaCode", "unknown-area", "area-x"),
        ("indicator-a,area-old,2023,1,source-a", "areaCode", "area-not-in-year", "Opvolger: area-a"),
        ("indicator-a,area-a,45292,1,source-a", "period", "bad-period", "2024-01-01"),
        ("indicator-a,area-a,lente,1,source-a", "period", "bad-period", "2024-Q1"),
        ("indicator-a,area-a,2023,NaN,source-a", "value", "not-a-number", "geen getal"),
        ("indicator-a,area-a,2023,inf,source-a", "value", "not-a-number", "geen getal"),
        ("indicator-a,area-a,2023,1e400,source-a", "value", "not-a-number", "te groot"),
        ('indicator-a,area-a,2023,"12,5",source-a', "value", "not-a-number", "csvDialect=nl"),
        ("indicator-a,area-a,2023,,source-a", "value", "value-or-reason", "missing"),
        ("indicator-a,area-a,2023,1,source-x", "sourceCode", "unknown-source", "source-x"),
        ("indicator-a,area-a,2023,100.1,source-a", "value", "no-share", "tussen 0 en 100"),
        ("indicator-a,area-a,2023,-1,source-a", "value", "no-share", "tussen 0 en 100"),
    ],
)
def test_a_fault_names_row_and_column_in_plain_dutch(steward, row, column, code, words):
    AreaSuccession.objects.create(from_code="area-old", to_code="area-a", year=2020, basis="addresses")

    answer = post(steward, lines(row))

    assert faults(answer) == [(f"#/rows/2/{column}", code)]
    assert words in answer.json()["errors"][0]["detail"]


COUNTED = f"{HEADER},statistic,numerator,denominator,qualifier"


def counted(steward, value, numerator, denominator, *, statistic="share", qualifier="", indicator="indicator-a"):
    row = f"{indicator},area-a,2024,{value},source-a,{statistic},{numerator},{denominator},{qualifier}"
    return post(steward, lines(row, header=COUNTED))


@pytest.mark.parametrize(
    ("value", "numerator", "denominator", "more"),
    [
        ("75.4", 413, 548, {}),  # 75.36…
        ("75", 413, 548, {}),
        ("75.36496350364963", 413, 548, {}),
        ("12.5", 1, 8, {}),
        ("0.1", 1, 2000, {}),  # 0.05 % is rounded up …
        ("0", 1, 2000, {}),  # … or away
        ("31.4", 12, 382, {"statistic": "rate", "indicator": "absence"}),
        ("0.42", 5, 12, {"statistic": "pooled-ratio", "indicator": "ratio"}),
        ("40", 413, 548, {"qualifier": "about"}),
        ("40", 413, 548, {"statistic": "mean-of-areas"}),  # the counts are not those behind a mean
        ("40", 413, "", {}),
        ("40", 413, 548, {"indicator": "score", "statistic": "rate"}),  # nobody said what a score is a rate of
        ("40", "1e300", "1e-300", {"statistic": "rate"}),  # no counts that anybody could reckon with
    ],
)
def test_a_value_that_follows_from_its_counts_but_for_rounding_is_taken(steward, value, numerator, denominator, more):
    for code, unit in (("absence", "per-1000"), ("ratio", "ratio"), ("score", "score")):
        an_indicator(code, unit=unit)

    answer = counted(steward, value, numerator, denominator, **more)

    assert answer.status_code == 201, answer.json()


@pytest.mark.parametrize(
    ("value", "numerator", "denominator", "more", "right"),
    [
        ("80", 413, 548, {}, "413 van 548 is 75.365"),
        ("75.3", 413, 548, {}, "75.365"),
        ("12.4", 1, 8, {}, "1 van 8 is 12.5"),
        ("0.754", 413, 548, {}, "75.365"),  # a share of one instead of a percentage
        ("3.14", 12, 382, {"statistic": "rate", "indicator": "absence"}, "12 van 382 is 31.4136"),
    ],
)
def test_a_value_that_its_own_counts_contradict_is_refused_with_what_they_give(
    steward, value, numerator, denominator, more, right
):
    an_indicator("absence", unit="per-1000")

    answer = counted(steward, value, numerator, denominator, **more)

    (fault,) = answer.json()["errors"]
    assert (fault["location"], fault["code"], fault["value"]) == (
        "#/rows/2/value", "value-contradicts-counts", value)  # fmt: skip
    assert right in fault["detail"]
    assert str(fault["expected"]) in right
    assert not Observation.objects.filter(area_code="area-a").exists()


def test_a_part_of_nothing_is_no_zero(steward):
    absent = lines("indicator-a,area-a,2024,,source-a,share,0,0,,not-applicable", header=f"{COUNTED},status")

    assert faults(counted(steward, "0", 0, 0)) == [("#/rows/2/denominator", "part-of-nothing")]
    assert post(steward, absent).status_code == 201


def test_counts_that_contradict_are_told_as_the_sender_writes_numbers(steward):
    row = "indicator-a;area-a;2024;80,0;source-a;share;413;548;"

    (fault,) = post(steward, lines(row, header=COUNTED.replace(",", ";"))).json()["errors"]

    assert "413 van 548 is 75,365." in fault["detail"]


def test_every_intake_sees_the_contradiction(steward):
    item = {"indicatorCode": "indicator-a", "areaCode": "area-a", "period": "2024", "value": 80,
            "sourceCode": "source-a", "numerator": 413, "denominator": 548}  # fmt: skip
    book = workbook(["indicator-a", "area-a", 2024, 0.8, "source-a", "share", 413, 548], number_format="0%",
                    header=COUNTED)  # fmt: skip

    batch = steward.post("/v1/observations/_batch", {"items": [item]}, format="json")
    sheet = post(steward, book, media_type=XLSX)

    assert faults(batch) == [("#/items/0/value", "value-contradicts-counts")]
    assert faults(sheet) == [("#/rows/2/value", "value-contradicts-counts")]


RUNNING = f"{today().year}"


@pytest.mark.parametrize(
    ("period", "status"), [("2099", "final"), ("2099", ""), (RUNNING, "final"), (f"{RUNNING}", "Final")]
)
def test_a_figure_is_final_only_when_its_period_is_over(steward, period, status):
    row = lines(f"indicator-a,area-a,{period},12.5,source-a,{status}", header=f"{HEADER},status")

    answer = post(steward, row)

    assert faults(answer) == [("#/rows/2/status", "final-before-end")]
    assert answer.json()["errors"][0]["expected"] == ["provisional", "estimated"]


def test_without_a_status_a_figure_of_a_running_period_is_provisional(steward):
    rows = lines(f"indicator-a,area-a,{RUNNING},12.5,source-a", "indicator-a,area-a,2024,12.5,source-a")

    assert post(steward, rows).status_code == 201
    assert [row.status for row in Observation.objects.filter(area_code="area-a").order_by("period_start")] == [
        "final",
        "provisional",
    ]


@pytest.mark.parametrize("status", ["provisional", "estimated", "suppressed"])
def test_a_forecast_may_lie_ahead(steward, status):
    value = "" if status == "suppressed" else "12.5"
    row = lines(f"indicator-a,area-a,2099,{value},source-a,{status}", header=f"{HEADER},status")

    assert post(steward, row).status_code == 201


@pytest.mark.parametrize(
    ("area", "year", "words"),
    [
        ("area-new", 1999, "bekend vanaf 2020. Voorganger: area-old."),
        ("area-lone", 1999, "bekend vanaf 2005."),
        ("area-old", 2023, "gold tot 2020. Opvolger: area-new."),
        ("area-back", 2010, "gold tot 2008 en weer vanaf 2012."),
    ],
)
def test_an_area_that_is_not_there_in_a_year_says_when_it_is(steward, area, year, words):
    for code, first, until in (("area-new", 2020, None), ("area-lone", 2005, 2008), ("area-back", 2005, 2008),
                               ("area-back", 2012, None)):  # fmt: skip
        an_area(code, valid_from=first, valid_until=until)
    AreaSuccession.objects.create(from_code="area-old", to_code="area-new", year=2020, basis="addresses")

    answer = post(steward, lines(f"indicator-a,{area},{year},1,source-a"))

    assert faults(answer) == [("#/rows/2/areaCode", "area-not-in-year")]
    assert answer.json()["errors"][0]["detail"].endswith(words)
    assert steward.get(f"/v1/areas/{area}?year={year}").json()["detail"].endswith(words)


def test_all_faults_of_a_row_come_at_once(steward):
    answer = post(steward, lines("indicator-x,area-x,2023,NaN,source-a"))

    assert {code for _place, code in faults(answer)} == {"unknown-indicator", "unknown-area", "not-a-number"}
