"""Areas that go on under another code, and loading vintages of the whole country."""

import pytest

from monitoring.models import Area, AreaSuccession
from monitoring.services.geography.successions import BadSuccession, load_country, load_successions
from tests.factories.figures import an_area

pytestmark = pytest.mark.usefixtures("stores")


def succession(to_code, weight="1", **more):
    given = {"from_code": "WK999900", "to_code": to_code, "year": "2022", "basis": "addresses", "source": "test"}
    return given | {"weight": weight} | more


def vintage(code, first="2020", until=""):
    return {"code": code, "name": code, "valid_from": first, "valid_until": until, "source": "test"}


def test_vintages_load_twice_without_a_change_and_lie_in_what_their_code_says(client_with):
    rows = [
        vintage("GM9999"),
        vintage("WK999900", until="2022"),
        vintage("WK999901", "2022"),
        vintage("BU99990100", "2022"),
    ]

    first, second = load_country(rows), load_country(rows)

    assert (first.created, second.created, second.updated) == (7 + 1, 0, 0)
    assert client_with().get("/v1/areas/BU99990100").json()["parents"][0]["code"] == "WK999901"
    assert Area.objects.get(code="WK999900").valid_until == 2022


def test_an_area_names_its_successors_with_their_weights(client_with):
    load_country([vintage("WK999900", until="2022"), vintage("WK999901", "2022"), vintage("WK999902", "2022")])
    load_successions([succession("WK999901", "0.7"), succession("WK999902", "0.3")])

    old = client_with().get("/v1/areas/WK999900").json()
    new = client_with().get("/v1/areas/WK999902").json()
    gone = client_with().get("/v1/areas/WK999900?year=2023")

    assert [(one["toCode"], one["weight"]) for one in old["successors"]] == [("WK999901", 0.7), ("WK999902", 0.3)]
    assert [(one["fromCode"], one["basis"]) for one in new["predecessors"]] == [("WK999900", "addresses")]
    assert gone.status_code == 404
    assert "WK999901, WK999902" in gone.json()["detail"]


@pytest.mark.parametrize("rows", [[succession("a", "0.7")], [succession("a", "1.5")], [succession("a", year="soon")]])
def test_weights_must_add_up_and_rows_must_be_right(rows):
    with pytest.raises(BadSuccession):
        load_successions(rows)

    assert not AreaSuccession.objects.exists()


def test_a_code_that_is_none_is_refused():
    with pytest.raises(BadSuccession):
        load_country([vintage("XX9999")])


def test_areas_come_with_their_borders_as_geojson(client_with):
    shape = {"type": "Polygon", "coordinates": [[[4, 52], [5, 52], [5, 53], [4, 52]]]}
    an_area("area-a", within=("area-b",), geometry=shape)
    an_area("area-b")

    one = client_with().get("/v1/areas/area-a", HTTP_ACCEPT="application/geo+json")
    several = client_with().get("/v1/areas?parentCode=area-b&format=geojson")

    for answer in (one, several):
        assert answer["Content-Type"] == "application/geo+json"
        assert answer["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
        assert [(f["id"], f["geometry"]) for f in answer.json()["features"]] == [("area-a", shape)]
