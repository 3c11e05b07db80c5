"""The prevention matrix by ambition, and as CSV, XLSX and SVG."""

import csv
import io
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from monitoring import periods
from monitoring.results import Target
from monitoring.services.results.agreeing import ChosenIndicator, Wish, create_result
from tests.factories import interventions as make

pytestmark = pytest.mark.usefixtures("city")
PATH = "/v1/coverage/matrix?municipalityCode=GM0363&activeOn=2024-05-01"


@pytest.fixture(autouse=True)
def offered(city):
    """One selective offering for work, one for work and crime whose intervention states no level."""
    make.intervention("good", level=3, domain_codes=["work"], prevention_levels=["selective"])
    make.intervention("new", domain_codes=["work", "participation"])
    make.offering("good-here", intervention_id="good", area_codes=["WK036300"], intended_reach=50)
    make.offering("new-everywhere", intervention_id="new", name_nl="=Nieuw & <overal>")


def cells(answer: dict, key: str) -> dict:
    return {
        (row[key], cell["preventionLevel"]): [one["offeringCode"] for one in cell["offerings"]]
        for row in answer["rows"]
        for cell in row["cells"]
        if cell["offerings"]
    }


def test_a_row_per_ambition_follows_its_domain(client_with):
    answer = client_with().get(f"{PATH}&rowsBy=ambition").json()

    assert cells(answer, "ambitionCode") == {
        ("youth-in-work", "selective"): ["good-here"],
        ("youth-in-work", "not-stated"): ["new-everywhere"],
        ("youth-take-part", "not-stated"): ["new-everywhere"],
    }


def test_an_ambition_for_a_whole_pillar_shows_an_offering_once(client_with):
    answer = client_with().get(f"{PATH}&rowsBy=ambition&variant=all-ages").json()

    whole = [row for row in answer["rows"] if row["pillarCode"] == "opportunity" and row["domainCode"] is None]
    assert whole
    assert all([len(cell["offerings"]) for cell in row["cells"]] == [0, 1, 0, 1] for row in whole)


def test_csv_has_a_line_per_offering_and_one_for_each_empty_cell(client_with):
    answer = client_with().get(f"{PATH}&format=csv")

    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert answer["Content-Type"].startswith("text/csv")
    assert len(rows) == 9 * 4
    (good,) = [row for row in rows if row["offeringCode"] == "good-here"]
    assert (good["domainCode"], good["preventionLevel"], good["effectLevel"], good["intendedReach"]) == (
        "work", "selective", "3", "50"
    )  # fmt: skip
    assert {row["offeringName"] for row in rows if row["offeringCode"] == "new-everywhere"} == {"'=Nieuw & <overal>"}


def test_the_workbook_is_the_matrix_as_it_is_laid_on_the_table(client_with):
    answer = client_with().get(PATH, HTTP_ACCEPT="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")

    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Preventiematrix", "Aanbod", "Toelichting"]
    printed = book["Preventiematrix"]
    assert [cell.value for cell in printed[2]][1:] == [
        "Universeel",
        "Selectief",
        "Geïndiceerd",
        "Niveau niet opgegeven",
    ]
    work = next(row for row in printed.iter_rows(min_row=3, values_only=True) if row[0] == "Werk")
    assert work[1] == "(geen aanbod)"
    assert work[2] == (
        "1 aanbod; bereik samen onbekend, beoogd 50 (van 1 bekend):\n"
        "Aanbod good-here (trede 3; bereik onbekend van beoogd 50)"
    )
    assert "=Nieuw & <overal> (niet vermeld" in work[4]
    assert not any(cell.data_type == "f" for row in printed.iter_rows() for cell in row)


def test_the_heat_map_says_in_words_what_it_shows(client_with):
    answer = client_with().get(f"{PATH}&format=svg")

    picture = ElementTree.fromstring(answer.content)
    space = "{http://www.w3.org/2000/svg}"
    assert picture.get("role") == "img"
    assert (
        "Werk: universeel 0, selectief 1, geïndiceerd 0, niveau niet opgegeven 1." in picture.find(f"{space}desc").text
    )
    assert len(picture.findall(f"{space}rect[@stroke]")) == 9 * 4
    assert picture.find(f"{space}title").text == "Preventiematrix Amsterdam op 1 mei 2024: aantal aanbod per vak"


def test_in_english_every_word_of_the_files_is_english(client_with):
    english = {"headers": {"Accept-Language": "en"}}
    picture = client_with().get(f"{PATH}&format=svg", **english).content.decode()
    book = load_workbook(io.BytesIO(client_with().get(f"{PATH}&format=xlsx", **english).content))

    assert "Prevention matrix Amsterdam on 1 May 2024: offerings per cell" in picture
    assert book.sheetnames == ["Prevention matrix", "Offerings", "Explanation"]
    assert [cell.value for cell in book["Prevention matrix"][2]][1:3] == ["Universal", "Selective"]
    work = next(row for row in book["Prevention matrix"].iter_rows(min_row=3, values_only=True) if row[0] == "Work")
    assert work[1] == "(no offering)"
    assert "(level 3; reach unknown of intended 50)" in work[2]


def test_a_problem_is_never_written_as_a_file(client_with):
    answer = client_with().get("/v1/coverage/matrix?municipalityCode=GM9999&format=csv")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


@pytest.fixture
def result(city):
    """A result about work for one neighbourhood."""
    return create_result(wish=Wish(
        area_code="WK036300", ambition_code="youth-in-work", kind="content", rule="each", benchmark_code="",
        statement="In 2027 werkt 5% meer jongeren", motivation="", partner_codes=(),
        target=Target("improvement", 5.0, periods.year(2022), periods.year(2027)),
        indicators=(ChosenIndicator("school-advice-havo", direction="higher-better"),),
    ), municipality_code="GM0363", actor="x")  # fmt: skip


def test_a_row_per_result_counts_what_reaches_its_area(client_with, result):
    make.offering("elsewhere", intervention_id="good", area_codes=["WK036301"])

    city = client_with().get(f"{PATH}&rowsBy=result").json()
    other = client_with().get(f"{PATH}&rowsBy=result&areaCode=WK036301").json()

    assert cells(city, "resultId") == {
        (str(result.id), "selective"): ["good-here"], (str(result.id), "not-stated"): ["new-everywhere"]
    }  # fmt: skip
    (row,) = city["rows"]
    assert (row["areaCode"], row["ambitionCode"], row["domainCode"]) == ("WK036300", "youth-in-work", "work")
    assert (row["name"], row["targetPeriod"]) == ("In 2027 werkt 5% meer jongeren", "2027")
    assert row["cells"][1]["reach"] == {"intended": 50, "intendedKnown": 1, "realised": None, "realisedKnown": 0}
    assert other["rows"] == []


def test_rows_per_result_are_in_every_format(client_with, result):
    line = next(csv.DictReader(io.StringIO(client_with().get(f"{PATH}&rowsBy=result&format=csv").content.decode())))
    book = load_workbook(io.BytesIO(client_with().get(f"{PATH}&rowsBy=result&format=xlsx").content))
    picture = client_with().get(f"{PATH}&rowsBy=result&format=svg").content.decode()

    assert (line["resultId"], line["areaCode"]) == (str(result.id), "WK036300")
    assert book["Preventiematrix"]["A3"].value == ("In 2027 werkt 5% meer jongeren\nWK036300 · 2027 · nog geen meting")
    assert "In 2027 werkt 5% meer jongeren: universeel 0, selectief 1" in picture


def test_without_monitoring_there_are_no_results_and_it_says_so(client_with, monitoring_away):
    answer = client_with().get(f"{PATH}&rowsBy=result").json()

    assert (answer["rows"], answer["absent"]) == ([], ["monitoring"])
