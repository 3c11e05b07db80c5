"""Figures of Statistics Netherlands: StatLine files and OData as they are, and the reference files."""

import pytest

from config.days import today
from monitoring.models import Observation
from tests.monitoring.figures.api.delivering import faults, lines, post, statline
from tests.monitoring.figures.data import DATA


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


RUNNING = f"{today().year}"


@pytest.mark.parametrize(("year", "status_code"), [("2099", 400), (RUNNING, 201)])
def test_what_cbs_files_under_a_year_that_has_begun_may_be_final_but_not_under_one_to_come(steward, year, status_code):
    rows = [{"Id": 1, "Measure": "T001", "Value": 12.5, "WijkenEnBuurten": "WK036300  ", "Perioden": f"{year}JJ00"}]

    odata = steward.post("/v1/observation-files?measure=T001:indicator-a:share", {"value": rows}, format="json")
    table = post(steward, statline(year), measure="Inkomen: laag/Aandeel (%25):indicator-a:share")

    assert (odata.status_code, table.status_code) == (status_code, status_code)
