"""Figures by HTTP only: the published files as they are, every row back, and one profile in every format."""

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree as Xml

import httpx
import openpyxl
import pytest

from tests.monitoring.figures.api.test_formats import cells_of, held_to_the_rules
from tests.story import running

DATA = Path(__file__).parents[2] / "monitoring" / "data"
FILES = {"nplv_observations.csv": ("nplv-monitor", 171), "85163NED_ses_woa_amsterdam_2019.csv": ("cbs", 579 * 6)}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON_STAT = 'application/json; profile="https://json-stat.org/"'


@pytest.fixture
def http(service: running.Service):
    with httpx.Client(base_url=f"{service.url}/v1/", timeout=60) as client:
        yield client


@pytest.mark.parametrize("name", FILES)
def test_the_published_files_load_as_they_are_and_again_change_nothing(http, service, name):
    source, rows = FILES[name]
    headers = service.key("STEWARD_KEY") | {"Content-Type": "text/csv", "Idempotency-Key": f"story-{name}"}
    content = (DATA / name).read_bytes()

    trial = http.post("observation-files", params={"sourceCode": source, "dryRun": "true"}, content=content,
                      headers=headers | {"Idempotency-Key": f"trial-{name}"})  # fmt: skip
    loaded = http.post("observation-files", params={"sourceCode": source}, content=content, headers=headers)

    assert (trial.status_code, loaded.status_code) == (200, 201), (trial.text[:500], loaded.text[:500])
    counts = loaded.json()["counts"]
    assert counts == trial.json()["counts"]
    assert (counts["unchanged"], counts["rejected"], counts["updated"]) == (rows, 0, 0)


def test_every_published_row_comes_back_with_basis_version_and_conflict(http):
    with (DATA / "nplv_observations.csv").open(encoding="utf-8-sig", newline="") as file:
        published = list(csv.DictReader(file))
    shown = {}
    for code in sorted({row["indicator_code"] for row in published}):
        asked = {"indicatorCode": code, "sourceCode": "nplv-monitor", "pageSize": 500}
        for one in http.get("observations", params=asked).json()["results"]:
            key = (one["areaCode"], one["period"], one["definitionVersion"] or "", one["statistic"])
            shown[(code, *key)] = one

    for row in published:
        area = "NL00" if row["area_code"] == "nl" else row["area_code"]
        one = shown[row["indicator_code"], area, row["year"], row["definition_version"], row["statistic"]]
        assert (one["value"], one["qualifier"], one["unit"]) == (
            float(row["value"]), row["value_qualifier"], row["unit"])  # fmt: skip
        assert (one["basis"]["text"] or "", one["conflict"] or "") == (row["basis"], row["conflict"])
        assert str(one["basis"]["areasUsed"] or "") == row["areas_used"]
    assert len(published) == 171


def test_one_profile_in_every_format_holds_the_same_cells(http):
    by_name = {form: http.get("areas/nplv/profile", params={"format": form})
               for form in ("json", "csv", "xlsx", "json-stat2", "geojson", "svg")}  # fmt: skip
    kinds = {"csv": "text/csv", "xlsx": XLSX, "json-stat2": JSON_STAT, "geojson": "application/geo+json",
             "svg": "image/svg+xml", "json": "application/json"}  # fmt: skip
    by_accept = {form: http.get("areas/nplv/profile", headers={"Accept": kind}) for form, kind in kinds.items()}

    for form, answer in by_name.items():
        assert answer.status_code == by_accept[form].status_code == 200
        assert answer.headers["Content-Type"].startswith(kinds[form].partition(";")[0])
        if form != "xlsx":  # a workbook carries the moment it was made
            assert answer.content == by_accept[form].content, form
    profile = by_name["json"].json()
    domains = [domain for pillar in profile["pillars"] for domain in pillar["domains"]]
    shown = [*profile["other"], *(one for domain in domains for one in domain["indicators"])]
    indicators = {one["indicatorCode"]: one for one in shown}
    own = sorted(point["value"] for one in indicators.values() for s in one["series"] for point in s["points"])

    table = list(csv.DictReader(io.StringIO(by_name["csv"].text, newline="")))
    assert sorted(float(row["value"]) for row in table if row["areaCode"] == "nplv") == own
    header, *rows = openpyxl.load_workbook(io.BytesIO(by_name["xlsx"].content))["Gegevens"].iter_rows(values_only=True)
    assert sorted(row[header.index("value")] for row in rows if row[header.index("areaCode")] == "nplv") == own
    dataset = held_to_the_rules(json.loads(by_name["json-stat2"].content))
    place = dataset["id"].index("area")
    assert sorted(value for codes, value in cells_of(dataset).items() if codes[place] == "nplv") == own
    features = {one["id"]: one for one in by_name["geojson"].json()["features"]}
    assert sorted(one["value"] for one in features["nplv"]["properties"]["observations"]) == own
    picture = Xml.fromstring(by_name["svg"].content)
    words = picture.find("{http://www.w3.org/2000/svg}desc").text
    assert picture.get("role") == "img"
    assert all(one["name"] in words for one in indicators.values())
    dutch = http.get("areas/nplv/profile", params={"format": "csv", "csvDialect": "nl"})
    assert dutch.content.startswith(b"\xef\xbb\xbf")
    assert len(list(csv.DictReader(io.StringIO(dutch.content.decode("utf-8-sig")), delimiter=";"))) == len(table)


def test_what_is_known_already_is_not_sent_again(http):
    first = http.get("areas/nplv/profile")

    again = http.get("areas/nplv/profile", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert not first.headers["ETag"].startswith("W/")
