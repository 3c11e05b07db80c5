"""The same figures in every format: the cells agree, and each format keeps its own rules."""

import csv
import io
import json
from math import prod
from xml.etree import ElementTree as Xml

import pytest
from openpyxl import load_workbook

from monitoring import exports
from monitoring.models import Area, DataSource
from tests.factories.figures import an_area, an_indicator, an_observation, loaded

pytestmark = pytest.mark.usefixtures("stores")
DEBTS = "/v1/observations?indicatorCode=households-problematic-debts&areaCode=nplv"
PROFILE = "/v1/areas/nplv/profile"


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def table(content, delimiter=","):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def held_to_the_rules(dataset):
    """The structure of JSON-stat 2.0 (json-stat.org/full) as far as it can be wrong."""
    assert (dataset["version"], dataset["class"]) == ("2.0", "dataset")
    assert len(dataset["id"]) == len(dataset["size"]) == len(dataset["dimension"])
    for name, size in zip(dataset["id"], dataset["size"], strict=True):
        category = dataset["dimension"][name]["category"]
        assert len(category["index"]) == len(set(category["index"])) == size
        assert set(category["label"]) <= set(category["index"])
        assert set(category.get("unit", {})) <= set(category["index"])
    assert {name for names in dataset["role"].values() for name in names} <= set(dataset["id"])
    for sparse in (dataset["value"], dataset["status"]):
        assert all(0 <= int(at) < prod(dataset["size"]) for at in sparse)
    return dataset


def cells_of(dataset):
    """(codes in the order of id) → value."""
    found = {}
    for at, value in dataset["value"].items():
        rest, codes = int(at), []
        for name, size in reversed(list(zip(dataset["id"], dataset["size"], strict=True))):
            rest, place = divmod(rest, size)
            codes.append(dataset["dimension"][name]["category"]["index"][place])
        found[tuple(reversed(codes))] = value
    return found


def test_csv_has_the_cells_of_the_json(client_with):
    rows = client_with().get(DEBTS).json()["results"]

    answer = client_with().get(DEBTS + "&format=csv")

    assert answer["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert [(row["period"], row["definitionVersion"], float(row["value"])) for row in table(body(answer))] == [
        (row["period"], row["definitionVersion"] or "", row["value"]) for row in rows]  # fmt: skip


def test_a_dutch_spreadsheet_gets_semicolons_commas_and_a_bom(client_with):
    content = body(client_with().get(DEBTS + "&format=csv&csvDialect=nl"))

    assert content.startswith("\ufeff".encode())
    assert "14,3" in {row["value"] for row in table(content, ";")}


def test_a_text_that_looks_like_a_formula_is_made_harmless():
    assert exports.safe("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert exports.safe("gewoon") == "gewoon"


def test_what_we_write_as_csv_can_be_loaded_again(client_with):
    for query in ("format=csv", "format=csv&csvDialect=nl"):
        content = body(client_with().get(f"{DEBTS}&{query}"))

        loading = client_with("data-steward").post("/v1/observation-files", content, content_type="text/csv")

        assert loading.status_code == 201, loading.json()
        assert loading.json()["counts"]["unchanged"] == len(table(content, ";" if "nl" in query else ","))


def test_a_workbook_holds_numbers_as_numbers(client_with):
    book = load_workbook(io.BytesIO(body(client_with().get(DEBTS + "&format=xlsx"))))

    header, *rows = book["Gegevens"].iter_rows(values_only=True)
    assert {type(row[header.index("value")]) for row in rows} <= {float, int}
    assert len(rows) == client_with().get(DEBTS).json()["count"]


@pytest.mark.parametrize("form", ["json-stat2", "geojson"])
def test_a_file_names_the_sources_of_its_own_figures_only(client_with, form):
    document = json.loads(body(client_with().get(f"{DEBTS}&format={form}")))

    assert DataSource.objects.count() > 1
    assert document["source"] == DataSource.objects.get(code="nplv-monitor").name_nl


def test_a_workbook_speaks_the_language_of_its_reader(client_with):
    answer = client_with().get(DEBTS + "&format=xlsx", HTTP_ACCEPT_LANGUAGE="en")

    book = load_workbook(io.BytesIO(body(answer)))
    told = dict(book["About"].iter_rows(max_row=2, max_col=2, values_only=True))
    assert book.sheetnames == ["Data", "About"]
    assert told["Source"] == DataSource.objects.get(code="nplv-monitor").name_en


def test_json_stat_keeps_the_two_definitions_of_debts_apart(client_with):
    dataset = held_to_the_rules(json.loads(body(client_with().get(DEBTS + "&format=json-stat2"))))

    cells = cells_of(dataset)
    at = {name: place for place, name in enumerate(dataset["id"])}
    lines = {version: sorted(codes[at["period"]] for codes in cells if codes[at["definitionVersion"]] == version)
             for version in ("pre-2022", "revised-2022")}  # fmt: skip
    assert set(lines["revised-2022"]) == {"2021", "2022", "2023", "2024"}
    assert set(lines["pre-2022"]) >= {"2021", "2022", "2023", "2024"}


def test_json_stat_is_asked_for_by_its_profile_too(client_with):
    profile = 'application/json; profile="https://json-stat.org/"'

    answer = client_with().get(DEBTS, HTTP_ACCEPT=profile)

    assert answer["Content-Type"] == profile
    held_to_the_rules(json.loads(body(answer)))


def test_missing_cells_say_so_in_json_stat():
    rows = [an_observation(value=None, status="missing"), an_observation(year=2023, value=4.0)]

    dataset = held_to_the_rules(json.loads(exports.json_stat(rows, exports.Labels())))

    assert sorted(dataset["value"].values(), key=str) == [4.0, None]
    assert list(dataset["status"].values()) == ["missing"]


def test_no_figures_is_an_empty_dataset_and_an_empty_table(client_with):
    none = "/v1/observations?indicatorCode=none"

    assert held_to_the_rules(json.loads(body(client_with().get(none + "&format=json-stat2"))))["value"] == {}
    assert table(body(client_with().get(none + "&format=csv"))) == []
    assert client_with().get(none + "&format=svg").status_code == 200


def test_geojson_puts_the_figures_with_the_area(client_with):
    shape = {"type": "Point", "coordinates": [4.9, 52.4]}
    an_indicator()
    an_area(geometry=shape)
    loaded(an_observation())

    answer = client_with().get("/v1/observations?areaCode=area-a", HTTP_ACCEPT="application/geo+json")

    assert answer["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    (feature,) = json.loads(body(answer))["features"]
    assert (feature["id"], feature["geometry"]) == ("area-a", shape)
    assert [one["value"] for one in feature["properties"]["observations"]] == [10.0]


def test_a_series_is_drawn_with_title_source_and_every_figure_in_words(client_with):
    answer = client_with().get(DEBTS + "&statistic=share&format=svg")

    picture = Xml.fromstring(body(answer))
    name = "{http://www.w3.org/2000/svg}"
    assert answer["Content-Type"] == "image/svg+xml"
    assert len(picture.findall(f"{name}polyline")) == 2
    assert "14,3" in picture.find(f"{name}desc").text
    assert "problematische schulden" in picture.find(f"{name}title").text
    assert any("Bron: " in (text.text or "") for text in picture.iter(f"{name}text"))


def test_a_chart_of_several_series_is_refused_with_the_reason(client_with):
    answer = client_with().get("/v1/observations?indicatorCode=households-problematic-debts&format=svg")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "one-series-only")


def test_markup_in_a_name_stays_text(client_with):
    DataSource.objects.create(code="source-a", name_nl="<script>alert(1)</script>")
    an_indicator()
    an_area()
    Area.objects.filter(code="area-a").update(name_nl='"<b>&')
    loaded(an_observation())

    content = body(client_with().get("/v1/observations?areaCode=area-a&format=svg"))

    assert b"<script" not in content
    Xml.fromstring(content)


@pytest.mark.parametrize("form", ["csv", "xlsx", "json-stat2", "geojson", "svg"])
def test_a_profile_comes_in_every_format_with_an_etag(client_with, form):
    answer = client_with().get(f"{PROFILE}?format={form}")

    assert answer.status_code == 200
    assert client_with().get(f"{PROFILE}?format={form}", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304


def test_a_profile_has_the_same_cells_in_csv_and_json_stat(client_with):
    rows = table(body(client_with().get(f"{PROFILE}?format=csv")))
    dataset = held_to_the_rules(json.loads(body(client_with().get(f"{PROFILE}?format=json-stat2"))))

    assert {(row["indicatorCode"], row["areaCode"], row["period"], float(row["value"])) for row in rows} == {
        (*codes[:3], value) for codes, value in cells_of(dataset).items()}  # fmt: skip


def test_only_what_changed_since(client_with):
    an_indicator()
    loaded(an_observation())
    moment = client_with().get("/v1/observations?areaCode=area-a").json()["results"][0]["recordedAt"]

    def changed_after(text):
        return client_with().get(f"/v1/observations?areaCode=area-a&updatedAfter={text}").json()["count"]

    assert (changed_after("2020-01-01T00:00:00Z"), changed_after(moment)) == (1, 0)


@pytest.fixture
def town():
    an_indicator(combine_areas="pooled-ratio")
    DataSource.objects.create(code="source-a", name_nl="Bron")
    an_area("town", level="municipality")
    for code in ("n0", "n1"):
        an_area(code, within=("town",))
    loaded(*(an_observation(area_code=code, value=100 * yes / 200, numerator=yes, denominator=200, year=year)
             for code, yes in (("n0", 50), ("n1", 90), ("town", 80)) for year in (2023, 2024)))  # fmt: skip


BENCHMARKS = "/v1/areas/n0/benchmarks?indicatorCode=indicator-a&against=parents&against=own-trend&against=n1"
COMBINATION = "/v1/combinations?indicatorCode=indicator-a&period=2024"


def test_benchmarks_give_the_figure_and_what_it_stands_beside(client_with, town):
    told = client_with().get(BENCHMARKS).json()
    answers = {form: body(client_with().get(f"{BENCHMARKS}&format={form}"))
               for form in ("csv", "json-stat2", "xlsx", "geojson", "svg")}  # fmt: skip

    shown = [(row["areaCode"], row["period"], float(row["value"])) for row in table(answers["csv"])]
    beside = [(b["areaCode"], b["period"], b["value"]) for b in told["benchmarks"]]
    assert shown == [("n0", "2024", 25.0), *beside]
    assert sorted(cells_of(held_to_the_rules(json.loads(answers["json-stat2"]))).values()) == [25.0, 25.0, 40.0, 45.0]
    assert load_workbook(io.BytesIO(answers["xlsx"]))["Gegevens"].max_row == 5
    assert {one["id"] for one in json.loads(answers["geojson"])["features"]} == {"n0", "n1", "town"}
    texts = [one.text for one in Xml.fromstring(answers["svg"]).iter("{http://www.w3.org/2000/svg}text")]
    assert {"40,0% (2024)", "beter", "Bron: Bron"} <= set(texts)


def test_a_combination_gives_its_figures_and_then_its_parts(client_with, town):
    within = body(client_with().get(f"{COMBINATION}&withinCode=town&format=csv"))
    named = body(client_with().get(f"{COMBINATION}&areaCode=n0&areaCode=n1&format=csv"))

    made = [("pooled-ratio", "share", "35.0", "2 of 2", "computed"), ("mean-of-areas", "mean-of-areas", "35.0",
                                                                       "2 of 2", "computed")]  # fmt: skip
    for content, place in ((within, "town"), (named, "")):
        rows = table(content)
        found = [(row["citation"].split(":")[0], row["statistic"], row["value"], row["basis"], row["origin"])
                 for row in rows[:2]]  # fmt: skip
        assert (found, {row["areaCode"] for row in rows[:2]}) == (made, {place})
        assert [(row["areaCode"], row["value"]) for row in rows[2:]] == [("n0", "25.0"), ("n1", "45.0")]
    cells = cells_of(held_to_the_rules(json.loads(body(client_with().get(
        f"{COMBINATION}&withinCode=town&format=json-stat2")))))  # fmt: skip
    assert sorted(cells.values()) == [25.0, 35.0, 35.0, 45.0]
    assert client_with().get(f"{COMBINATION}&withinCode=town&format=svg").status_code == 400


def test_one_series_can_be_asked_for_as_one_line(client_with):
    an_indicator(versions=("", "new"))
    an_area()
    said = [{}, {"definition_version": "new"}, {"population": "girls"}, {"statistic": "mean"}, {"source_code": "other"}]
    loaded(*(an_observation(year=year, value=10.0 + at, **one)
             for at, one in enumerate(said) for year in (2023, 2024)))  # fmt: skip
    path = "/v1/observations?indicatorCode=indicator-a&areaCode=area-a"
    one = f"{path}&definitionVersion=&population=&statistic=share&sourceCode=source-a"

    lines = {query: body(client_with().get(f"{query}&format=svg")).count(b"<polyline") for query in (path, one)}
    cells = cells_of(held_to_the_rules(json.loads(body(client_with().get(f"{one}&format=json-stat2")))))

    assert lines == {path: 5, one: 1}
    assert list(cells.values()) == [10.0, 10.0]
