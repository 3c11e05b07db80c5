"""Borders over HTTP: written by a steward, asked for by rectangle, and in which coordinates."""

import json

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from monitoring.geometry import CRS84
from tests.factories.figures import an_area, an_indicator, an_observation, loaded
from tests.monitoring.figures.test_geometry import RINGED, square

pytestmark = pytest.mark.usefixtures("stores")
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"


def put(client, code, geometry, **headers):
    return client.put(f"/v1/areas/{code}/geometry", geometry, format="json", **headers)


@pytest.fixture
def bordered(client_with):
    steward = client_with("data-steward")
    for code, geometry in (("west", square(4, 52, 4.4, 53)), ("east", square(5, 52, 6, 53)), ("ring", RINGED)):
        an_area(code)
        assert put(steward, code, geometry).status_code == 200
    an_area("bare")


def test_a_border_that_was_written_is_read_back(client_with, bordered):
    answer = client_with().get("/v1/areas/west/geometry")

    assert answer["Content-Type"] == "application/geo+json"
    assert answer["Content-Crs"] == f"<{CRS84}>"
    (feature,) = answer.json()["features"]
    assert (feature["id"], feature["geometry"]["coordinates"][0][1]) == ("west", [4.4, 52.0])


def test_a_feature_and_geo_json_are_taken_too(client_with, bordered):
    feature = {"type": "Feature", "geometry": square(1, 1, 2, 2), "properties": {}}

    kind, crs = "application/geo+json", f"<{CRS84}>"
    answer = client_with("data-steward").put(
        "/v1/areas/bare/geometry", json.dumps(feature), content_type=kind, HTTP_CONTENT_CRS=crs
    )

    assert answer.status_code == 200, answer.content
    assert answer.json()["features"][0]["geometry"]["coordinates"][0][0] == [1.0, 1.0]


@pytest.mark.parametrize(("geometry", "location"), [
    ({"type": "Point", "coordinates": [4, 52]}, "#"), ([], "#"), ("x", "#"),
    ({"type": "Feature", "geometry": None}, "#/geometry"),
    ({"type": "Polygon", "coordinates": [[[121000, 487000]]]}, "#/coordinates/0/0"),
])  # fmt: skip
def test_what_is_no_border_is_400(client_with, bordered, geometry, location):
    answer = put(client_with("data-steward"), "west", geometry)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["location"] == location


def test_coordinates_in_another_system_are_400(client_with, bordered):
    assert put(client_with("data-steward"), "west", square(), HTTP_CONTENT_CRS=f"<{RD}>").status_code == 400
    for query in (f"crs={RD}", f"bboxCrs={RD}"):
        for path in ("/v1/areas?", "/v1/areas?format=geojson&"):
            problem = client_with().get(path + query)
            assert (problem.status_code, problem.json()["errors"][0]["code"]) == (400, "unknown-crs")
    for path in ("/v1/areas/west", "/v1/areas/west/geometry", "/v1/areas/west/profile", "/v1/observations"):
        assert client_with().get(f"{path}?crs={RD}").status_code == 400
        assert client_with().get(f"{path}?crs=<{CRS84}>").status_code == 200


def test_the_systems_are_listed(client_with):
    (only,) = client_with().get("/v1/crss").json()["results"]

    assert (only["uri"], only["default"]) == (CRS84, True)


@pytest.mark.parametrize(("box", "codes"), [
    ("4.1,52.1,4.2,52.2", ["west"]), ("4.3,52,5.5,52.5", ["east", "west"]), ("3,3,7,7", []), ("1,1,1.5,1.5", ["ring"]),
    ("4.1,52.1,0,4.2,52.2,9", ["west"]), ("-180,-90,180,90", ["east", "ring", "west"]),
])  # fmt: skip
def test_areas_are_found_by_what_they_cover(client_with, bordered, box, codes):
    found = client_with().get(f"/v1/areas?bbox={box}")

    assert [area["code"] for area in found.json()["results"]] == codes
    shapes = client_with().get(f"/v1/areas?bbox={box}", HTTP_ACCEPT="application/geo+json")
    assert [feature["id"] for feature in shapes.json()["features"]] == codes


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "nan,0,1,1", "5,52,4,53", "4,53,5,52", "0,0,1e400,1", "0,0,200,1"])
def test_what_is_no_rectangle_is_400(client_with, box):
    problem = client_with().get(f"/v1/areas?bbox={box}")

    assert (problem.status_code, problem.json()["errors"][0]["location"]) == (400, "bbox")


def test_a_map_has_the_value_on_each_area(client_with, bordered):
    an_indicator()
    loaded(
        an_observation(area_code="west", value=12.5), an_observation(area_code="east", value=None, status="suppressed")
    )

    answer = client_with().get("/v1/observations?indicatorCode=indicator-a&periodFrom=2024&format=geojson")

    shown = {one["id"]: one["properties"] for one in answer.json()["features"]}
    assert (shown["west"]["value"], shown["west"]["unit"], shown["west"]["period"]) == (12.5, "percent", "2024")
    assert (shown["east"]["value"], shown["east"]["status"]) == (None, "suppressed")


def test_borders_stay_behind_where_nobody_asked_for_them(client_with, bordered):
    an_indicator()
    loaded(an_observation(area_code="west"))
    client = client_with()

    with CaptureQueriesContext(connections["monitoring"]) as asked:
        for path in ("/v1/areas/west/profile", "/v1/areas/west/benchmarks?indicatorCode=indicator-a", "/v1/areas/west",
                     "/v1/areas", "/v1/observations?areaCode=west&format=csv"):  # fmt: skip
            assert client.get(path).status_code == 200

    assert not [query["sql"] for query in asked if '"geometry"' in (query["sql"] or "")]


def test_borders_of_many_areas_are_read_at_once(client_with, bordered, django_assert_num_queries):
    with django_assert_num_queries(2, using="monitoring"):  # what meets the rectangle, and all of those
        answer = client_with().get("/v1/areas?bbox=3,51,7,54&year=2024", HTTP_ACCEPT="application/geo+json")

    assert [one["id"] for one in answer.json()["features"] if one["geometry"]] == ["east", "west"]
