"""Files with observations over HTTP: loaded whole or not at all, with a report per row."""

import io
import threading

import pytest
import xlsxwriter
from django.db import connections
from django.utils import timezone

from monitoring.models import (
    Area,
    AreaSuccession,
    DataSource,
    Indicator,
    Observation,
    ObservationHistory,
    ObservationLoad,
)
from monitoring.services import observation_files, storing
from tests.factories.figures import an_area, an_indicator
from tests.monitoring.figures.data import DATA

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADER = "indicatorCode,areaCode,period,value,sourceCode"


@pytest.fixture
def steward(stores, client_with):
    an_indicator("indicator-a")
    an_area("area-a", valid_from=2000)
    an_area("area-old", valid_from=2000, valid_until=2020)
    DataSource.objects.create(code="source-a", name_nl="Bron")
    return client_with("data-steward")


def post(client, content, path="/v1/observation-files", media_type="text/csv", **query):
    content = content.encode() if isinstance(content, str) else content
    keys = "&".join(f"{name}={value}" for name, value in query.items())
    return client.generic("POST", f"{path}?{keys}", content, content_type=media_type)


def lines(*rows, header=HEADER):
    return "\r\n".join([header, *rows]) + "\r\n"


def workbook(*rows, number_format=None, header=HEADER):
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet, shown = book.add_worksheet(), book.add_format({"num_format": number_format} if number_format else {})
    for at, row in enumerate([header.split(","), *rows]):
        for column, value in enumerate(row):
            sheet.write(at, column, value, shown if at and column == 3 else None)
    book.close()
    return target.getvalue()


def found():
    return list(Observation.objects.filter(area_code="area-a").order_by("period_start").values_list("value", flat=True))


def faults(answer):
    return [(fault["location"], fault["code"]) for fault in answer.json()["errors"]]


def test_a_file_is_loaded_and_reports_every_row(steward):
    answer = post(steward, lines("indicator-a,area-a,2023,12.5,source-a", "indicator-a,area-a,2024,13,source-a"))

    assert answer.status_code == 201
    report = answer.json()
    assert report["counts"] == {"created": 2, "updated": 0, "unchanged": 0, "rejected": 0, "heldBack": 0}
    assert [(row["row"], row["outcome"]) for row in report["rows"]] == [(2, "created"), (3, "created")]
    assert found() == [12.5, 13.0]
    kept = steward.get(answer["Location"]).json()
    assert kept["digest"] == report["digest"]
    assert [row["row"] for row in steward.get(kept["rowsPath"] + "?outcome=created").json()["results"]] == [2, 3]


def test_the_same_file_again_changes_nothing_and_a_correction_keeps_the_old_value(steward):
    file = lines("indicator-a,area-a,2023,12.5,source-a", "indicator-a,area-a,2024,13,source-a")
    post(steward, file)

    again = post(steward, file).json()
    corrected = post(steward, file.replace("12.5", "12.6")).json()

    assert again["counts"]["unchanged"] == 2
    assert [row["outcome"] for row in corrected["rows"]] == ["updated", "unchanged"]
    assert found() == [12.6, 13.0]
    assert list(ObservationHistory.objects.filter(area_code="area-a").values_list("value", flat=True)) == [12.5]


def test_known_rows_that_no_sample_saw_are_found_all_the_same(steward, monkeypatch):
    monkeypatch.setattr(storing, "SAMPLE", 1)  # of three rows only the last is looked up beforehand
    post(steward, lines("indicator-a,area-a,2022,1,source-a", "indicator-a,area-a,2023,12.5,source-a"))

    answer = post(steward, lines("indicator-a,area-a,2022,1,source-a", "indicator-a,area-a,2023,12.6,source-a",
                                 "indicator-a,area-a,2024,13,source-a"))  # fmt: skip

    assert [row["outcome"] for row in answer.json()["rows"]] == ["unchanged", "updated", "created"]
    assert found() == [1.0, 12.6, 13.0]
    assert list(ObservationHistory.objects.filter(area_code="area-a").values_list("value", flat=True)) == [12.5]


def test_a_dry_run_says_the_same_and_stores_nothing(steward):
    file = lines("indicator-a,area-a,2023,12.5,source-a", "indicator-a,area-a,2024,?,source-a")

    answer = post(steward, file, dryRun="true")

    report = answer.json()
    assert (answer.status_code, report["id"], report["status"]) == (200, None, "refused")
    assert [row["outcome"] for row in report["rows"]] == ["held-back", "rejected"]
    assert (found(), ObservationLoad.objects.count()) == ([], 0)


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


RUNNING = f"{timezone.localdate().year}"


@pytest.mark.parametrize("period", ["2099", RUNNING, f"{RUNNING}-12"])
@pytest.mark.parametrize("status", ["final", ""])
def test_a_figure_is_final_only_when_its_period_is_over(steward, period, status):
    row = lines(f"indicator-a,area-a,{period},12.5,source-a,{status}", header=f"{HEADER},status")

    answer = post(steward, row)

    assert faults(answer) == [("#/rows/2/status", "final-before-end")]
    assert answer.json()["errors"][0]["expected"] == ["provisional", "estimated"]


@pytest.mark.parametrize("status", ["provisional", "estimated", "suppressed"])
def test_a_forecast_may_lie_ahead(steward, status):
    value = "" if status == "suppressed" else "12.5"
    row = lines(f"indicator-a,area-a,2099,{value},source-a,{status}", header=f"{HEADER},status")

    assert post(steward, row).status_code == 201


@pytest.mark.parametrize(("year", "status_code"), [("2099", 400), (RUNNING, 201)])
def test_what_cbs_files_under_a_year_that_has_begun_may_be_final_but_not_under_one_to_come(steward, year, status_code):
    rows = [{"Id": 1, "Measure": "T001", "Value": 12.5, "WijkenEnBuurten": "WK036300  ", "Perioden": f"{year}JJ00"}]

    odata = steward.post("/v1/observation-files?measure=T001:indicator-a:share", {"value": rows}, format="json")
    table = post(steward, statline(year), measure="Inkomen: laag/Aandeel (%25):indicator-a:share")

    assert (odata.status_code, table.status_code) == (status_code, status_code)


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


@pytest.mark.parametrize(
    "content",
    [
        lines("indicator-a;area-a;2024;12,5;source-a", header=HEADER.replace(",", ";")).encode("utf-8-sig"),
        lines("indicator-a;area-a;2024;12,5;source-a;café", header=HEADER.replace(",", ";") + ";note").encode("cp1252"),
        lines("indicator-a\tarea-a\t2024\t12,5 %\tsource-a", header=HEADER.replace(",", "\t")).encode("utf-16"),
        lines("indicator-a,area-a,2024JJ00,12.5%,source-a").encode(),
    ],
)
def test_both_dialects_and_every_usual_encoding_are_read(steward, content):
    answer = post(steward, content)

    assert answer.status_code == 201, answer.json()
    assert found() == [12.5]


def test_a_number_that_may_be_thousands_or_a_fraction_must_be_explained(steward):
    an_indicator("jobs", unit="jobs-per-area", combine_areas="sum")
    file = lines(
        "jobs;area-a;2024;count;1.234;source-a", header="indicatorCode;areaCode;period;statistic;value;sourceCode"
    )

    assert faults(post(steward, file)) == [("#", "ambiguous-number")]
    assert post(steward, file, csvDialect="nl").status_code == 201
    assert found() == [1234.0]


def test_a_workbook_is_read_with_its_percentages(steward):
    plain = workbook(["indicator-a", "area-a", 2023, 12.5, "source-a"])
    percent = workbook(["indicator-a", "area-a", 2024, 0.131, "source-a"], number_format="0.0%")

    assert [post(steward, file, media_type=XLSX).status_code for file in (plain, percent)] == [201, 201]
    assert found() == [12.5, 13.1]


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (b"", "text/csv", "empty-file"),
        (b"\x00\x01\x02", "text/csv", "not-text"),
        (b"PK\x03\x04broken", XLSX, "no-spreadsheet"),
        (b"{", "application/json", "syntax"),
        (b"[]", "application/json", "not-odata"),
        (b"a,b\n1,2\n", "text/csv", "unknown-column"),
        (f"{HEADER}\nindicator-a,area-a,2024\n".encode(), "text/csv", "irregular-row"),
        (f'{HEADER}\n"indicator-a,area-a,2024,1,source-a\n'.encode(), "text/csv", "irregular-row"),
        (f"{HEADER}\n,,,,\n".encode(), "text/csv", "no-rows"),
        (f"{HEADER}\n".encode(), "text/csv", "no-rows"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(steward, content, media_type, code):
    answer = post(steward, content, media_type=media_type)

    assert answer.status_code == 400
    assert code in {found for _place, found in faults(answer)}


def test_two_rows_with_the_same_key_are_a_fault_new_or_known(steward):
    twice = lines("indicator-a,area-a,2024,1,source-a", "indicator-a,area-a,2024,2,source-a")

    assert faults(post(steward, twice)) == [("#/rows/3", "double-row")]
    assert post(steward, lines("indicator-a,area-a,2024,1,source-a")).status_code == 201
    assert faults(post(steward, twice)) == [("#/rows/3", "double-row")]


def test_the_reference_figures_and_the_statline_file_load_as_they_are(steward):
    reference = post(steward, (DATA / "nplv_observations.csv").read_bytes(), sourceCode="nplv-monitor")
    statline = post(steward, (DATA / "85163NED_ses_woa_amsterdam_2019.csv").read_bytes())

    assert (reference.status_code, reference.json()["counts"]["unchanged"]) == (201, 171)
    assert (statline.json()["format"], statline.json()["counts"]["unchanged"]) == ("statline", 579 * 6)


def test_observations_of_the_odata_service_are_read_by_their_measures(steward):
    rows = [{"Id": 1, "Measure": "T001", "ValueAttribute": "None", "Value": 12.5, "WijkenEnBuurten": "WK036300  ",
             "Perioden": "2024JJ00"},
            {"Id": 2, "Measure": "T001", "ValueAttribute": "Impossible", "Value": None, "WijkenEnBuurten": "GM0363    ",
             "Perioden": "2024JJ00"}]  # fmt: skip
    send = {"path": "/v1/observation-files", "data": {"value": rows}, "format": "json"}

    unmapped = steward.post(**send)
    answer = steward.post(**send | {"path": "/v1/observation-files?measure=T001:indicator-a:share&table=85163NED"})

    assert faults(unmapped) == [("measure", "unknown-measure")]
    assert answer.json()["counts"]["created"] == 2
    values = Observation.objects.filter(indicator_code="indicator-a").order_by("area_code")
    assert [(v.area_code, v.value, v.status, v.citation) for v in values] == [
        ("GM0363", None, "missing", "CBS 85163NED"), ("WK036300", 12.5, "final", "CBS 85163NED")]  # fmt: skip


def test_a_part_of_the_people_in_odata_is_not_taken_for_all_of_them(steward):
    rows = [{"Id": 1, "Measure": "T001", "Value": 12.5, "WijkenEnBuurten": "WK036300  ", "Perioden": "2024JJ00",
             "Geslacht": "3000   "}]  # fmt: skip

    answer = steward.post("/v1/observation-files?measure=T001:indicator-a:share", {"value": rows}, format="json")

    assert answer.status_code == 400
    assert [(one["code"], one["value"]) for one in answer.json()["errors"]] == [("unknown-dimension", "Geslacht")]
    assert not Observation.objects.filter(indicator_code="indicator-a").exists()


def statline(period="2021", code="GM0363    ", number="   12.5"):
    header = '"Perioden";"Regio\'s";"Regiocode (code)";"Inkomen: laag/Aandeel (%)"'
    return f'\ufeff{header}\r\n"{period}";"Amsterdam";"{code}";"{number}"\r\n'


@pytest.mark.parametrize(
    ("label", "period", "status"),
    [
        ("2021", "2021", "final"),
        ("2023*", "2023", "provisional"),
        ("2023 3e kwartaal*", "2023-07-01/2023-09-30", "provisional"),
        ("2023 mei", "2023-05", "final"),
        ("2023/'24", "2023-08-01/2024-07-31", "final"),
    ],
)
def test_another_statline_table_is_read_by_the_measures_of_its_sender(steward, label, period, status):
    answer = post(steward, statline(label), measure="Inkomen: laag/Aandeel (%25):indicator-a:share", table="86161NED")

    assert (answer.status_code, answer.json()["counts"]["created"]) == (201, 1)
    (row,) = steward.get("/v1/observations?indicatorCode=indicator-a").json()["results"]
    assert (row["areaCode"], row["period"], row["value"], row["status"]) == ("GM0363", period, 12.5, status)
    assert (row["areaYear"], row["citation"]) == (int(label[:4]), "CBS StatLine 86161NED")


def test_the_areas_of_a_statline_file_are_those_of_its_own_year(steward):
    file = (DATA / "85163NED_ses_woa_amsterdam_2019.csv").read_bytes().replace(b'"2019"', b'"2021"')

    assert post(steward, file).json()["counts"]["created"] == 579 * 6
    assert set(Observation.objects.filter(period_start__year=2021, indicator_code="ses-woa-score")
               .values_list("area_year", flat=True)) == {2021}  # fmt: skip


def test_a_statline_file_is_refused_in_the_language_of_its_sender(steward):
    answer = steward.post("/v1/observation-files?measure=Inkomen: laag/Aandeel (%25):indicator-a:share",
                          statline(number="12,5"), content_type="text/csv", HTTP_ACCEPT_LANGUAGE="nl")  # fmt: skip
    english = steward.post("/v1/observation-files", statline(), content_type="text/csv", HTTP_ACCEPT_LANGUAGE="en")

    assert faults(answer) == [("#/rows/2/Inkomen: laag~1Aandeel (%)", "number")]
    assert "geen getal" in answer.json()["errors"][0]["detail"]
    assert {fault["code"] for fault in english.json()["errors"]} == {"missing-column"}
    assert all("is missing" in fault["detail"] for fault in english.json()["errors"])


def test_measures_of_a_column_or_file_that_has_none_are_refused(steward):
    other = post(steward, statline(), measure="Leeftijd:indicator-a:share")
    plain = post(steward, lines("indicator-a,area-a,2023,1,source-a"), measure="Leeftijd:indicator-a:share")
    shapeless = post(steward, statline(), measure="indicator-a")

    assert faults(other) == [("measure", "unknown-measure")]
    assert faults(plain) == [("measure", "no-measures")]
    assert (shapeless.status_code, shapeless.json()["errors"][0]["location"]) == (400, "measure")


def test_who_names_no_definition_means_the_only_one_there_is(steward):
    an_indicator("indicator-b", versions=("2022",))
    an_indicator("indicator-c", versions=("2015", "2022"))

    one = post(steward, lines("indicator-b,area-a,2023,12,source-a"))
    several = post(steward, lines("indicator-c,area-a,2023,12,source-a"))

    assert one.status_code == 201
    assert Observation.objects.get(indicator_code="indicator-b").definition_version == "2022"
    assert faults(several) == [("#/rows/2/definitionVersion", "unknown-definition")]
    assert several.json()["errors"][0]["expected"] == ["2015", "2022"]


def test_what_spreadsheets_leave_round_a_file_does_no_harm(steward):
    file = lines("\u00a0indicator-a,area-a\u00a0,2023,\u00a012.5 ,source-a", "", "  ", "")

    assert post(steward, file).json()["counts"]["created"] == 1
    assert found() == [12.5]


def test_the_country_is_known_by_both_its_codes(steward):
    assert post(steward, lines("indicator-a,NL01,2023,12,source-a")).status_code == 201
    assert Observation.objects.get(indicator_code="indicator-a").area_code == "NL00"


def test_a_batch_points_at_its_items(steward):
    good = {
        "indicatorCode": "indicator-a",
        "areaCode": "area-a",
        "period": "2024",
        "value": 12.5,
        "sourceCode": "source-a",
    }

    wrong = steward.post(
        "/v1/observations/_batch", {"items": [good, good | {"period": "2023", "value": "veel"}]}, format="json"
    )
    stored = steward.post("/v1/observations/_batch", {"items": [good]}, format="json")

    assert faults(wrong) == [("#/items/1/value", "not-a-number")]
    assert (stored.status_code, found()) == (201, [12.5])


def test_a_batch_tells_all_its_faults_at_once(steward):
    good = {"indicatorCode": "indicator-a", "areaCode": "area-a", "period": "2024", "value": 12.5,
            "sourceCode": "source-a"}  # fmt: skip
    body = {"items": [good, good | {"period": "2023", "value": "veel", "waarde": 3}, 3, good | {"areaCode": "area-x"}],
            "comment": "hallo"}  # fmt: skip

    refused = steward.post("/v1/observations/_batch", body, format="json")
    tried = steward.post("/v1/observations/_batch?dryRun=true", body, format="json").json()

    assert refused.status_code == 400
    assert faults(refused) == [
        ("#/comment", "unknown-key"), ("#/items/1/waarde", "unknown-field"), ("#/items/1/value", "not-a-number"),
        ("#/items/2", "not-an-object"), ("#/items/3/areaCode", "unknown-area")]  # fmt: skip
    assert "Van 4 rijen kloppen er 3 niet." in refused.json()["detail"]
    assert [row["outcome"] for row in tried["rows"]] == ["held-back", "rejected", "rejected", "rejected"]
    assert [fault["code"] for fault in tried["rows"][1]["faults"]] == ["unknown-field", "not-a-number"]
    assert not Observation.objects.filter(area_code="area-a").exists()


def test_a_key_beside_good_items_refuses_them(steward):
    good = {"indicatorCode": "indicator-a", "areaCode": "area-a", "period": "2024", "value": 12.5,
            "sourceCode": "source-a"}  # fmt: skip

    refused = steward.post("/v1/observations/_batch", {"items": [good], "comment": "hallo"}, format="json")

    assert (refused.status_code, faults(refused), found()) == (400, [("#/comment", "unknown-key")], [])


def test_what_we_hand_out_can_be_handed_in(steward):
    post(steward, lines("indicator-a,area-a,2024,12.5,source-a"))

    results = steward.get("/v1/observations?areaCode=area-a").json()["results"]

    assert steward.post("/v1/observations/_batch", {"items": results}, format="json").json()["counts"]["unchanged"] == 1


def test_a_steward_loads_for_the_own_municipality_and_for_no_other(steward):
    file = lines("indicator-a,area-a,2024,12.5,source-a")

    assert post(steward, file, municipalityCode="GM0599").status_code == 404
    assert post(steward, file, municipalityCode="GM0363").status_code == 201
    assert faults(post(steward, file)) == [("#/rows/2", "not-yours")]


def test_an_indicator_of_another_municipality_is_not_there_and_an_own_one_takes_own_figures_only(steward):
    an_indicator("indicator-own", municipality_code="GM0363")
    an_indicator("indicator-theirs", municipality_code="GM0599")
    own, theirs = (lines(f"indicator-{whose},area-a,2024,12.5,source-a") for whose in ("own", "theirs"))

    unknown = [("#/rows/2/indicatorCode", "unknown-indicator")]
    assert faults(post(steward, theirs, municipalityCode="GM0363")) == unknown
    assert faults(post(steward, theirs)) == unknown
    assert faults(post(steward, own)) == unknown
    assert post(steward, own, municipalityCode="GM0363").status_code == 201


def test_the_same_key_gives_the_same_answer(steward):
    file = lines("indicator-a,area-a,2024,12.5,source-a").encode()
    send = {"data": file, "content_type": "text/csv", "HTTP_IDEMPOTENCY_KEY": "once"}

    first, second = (steward.post("/v1/observation-files", **send) for _ in range(2))
    other = steward.post("/v1/observation-files", **send | {"data": file.replace(b"12.5", b"13")})

    assert first.json() == second.json()
    assert (second["Idempotent-Replayed"], other.status_code) == ("true", 422)


def test_a_large_file_goes_to_a_worker_and_tells_how_far_it_is(steward, monkeypatch):
    monkeypatch.setattr(observation_files, "INLINE_BYTES", 50)
    good = lines("indicator-a,area-a,2024,12.5,source-a")

    accepted, bad = post(steward, good), post(steward, good.replace("12.5", "veel").replace("2024", "2023"))
    waiting = steward.get(accepted["Location"]).json()
    assert observation_files.load_queued() == 2
    done, failed = (steward.get(answer["Location"]).json() for answer in (accepted, bad))

    assert (accepted.status_code, waiting["status"]) == (202, "queued")
    assert (done["status"], done["doneCount"], failed["status"]) == ("succeeded", 1, "failed")
    assert failed["errors"][0]["code"] == "not-a-number"
    assert steward.get(done["resultUrl"]).json()["counts"]["created"] == 1
    assert found() == [12.5]
    assert ObservationLoad.objects.filter(content__isnull=False).count() == 0


def test_a_load_is_announced_and_written_in_the_audit(steward):
    load = post(steward, lines("indicator-a,area-a,2024,12.5,source-a")).json()

    with connections["monitoring"].cursor() as cursor:
        cursor.execute("SELECT payload->'areaCodes' FROM monitoring_outbox ORDER BY id DESC LIMIT 1")
        assert "area-a" in str(cursor.fetchone()[0])
        cursor.execute("SELECT action FROM monitoring_auditentry WHERE resource_code = %s", [load["id"]])
        assert cursor.fetchone() == ("observations.succeeded",)


def test_nobody_reads_the_report_of_another(steward, client_with):
    location = post(steward, lines("indicator-a,area-a,2024,12.5,source-a"))["Location"]

    assert client_with("data-steward", municipality="GM0599").get(location).status_code == 404


def test_two_loads_of_one_file_at_once_write_each_row_once(committed):
    an_indicator("race-indicator")
    an_area("race-area")
    DataSource.objects.create(code="race-source", name_nl="Bron")
    rows = [f"race-indicator,race-area,{year},1,race-source" for year in range(1900, 2000)]
    file = observation_files.Delivered(lines(*rows).encode(), "text/csv", "tester")
    found, faults_seen = [], []

    def load():
        try:
            found.append(observation_files.load_file(file))
        except Exception as fault:
            faults_seen.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    count = Observation.objects.filter(indicator_code="race-indicator").count()
    Observation.objects.filter(indicator_code="race-indicator").delete()
    for model, code in ((Area, "race-area"), (Indicator, "race-indicator"), (DataSource, "race-source")):
        model.objects.filter(code=code).delete()

    assert (faults_seen, count) == ([], 100)
    assert sorted((load.created_count, load.unchanged_count) for load in found) == [(0, 100), (100, 0)]


@pytest.mark.proof
def test_one_fault_in_the_last_of_a_million_rows_leaves_nothing_behind(steward):
    file = lines() + "indicator-a,area-a,2024,1,source-a\r\n" * 999_999 + "indicator-a,area-a,2024,veel,source-a\r\n"

    answer = post(steward, file, dryRun="true").json()

    assert (answer["status"], answer["counts"]["rejected"], answer["counts"]["heldBack"]) == ("refused", 1, 999_999)
    assert [(fault["row"], fault["code"]) for fault in answer["faults"]] == [(1_000_001, "not-a-number")]
    assert found() == []
