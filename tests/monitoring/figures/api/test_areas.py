"""Areas over HTTP: levels, vintages, hierarchies, groups."""

import pytest

from monitoring import public
from tests.factories.figures import an_area

pytestmark = pytest.mark.usefixtures("stores")


def test_a_sub_neighbourhood_names_its_parent_and_first_year(client_with):
    answer = client_with().get("/v1/areas/BU03630000").json()

    assert (answer["name"], answer["level"], answer["validFrom"]) == ("Kop Zeedijk", "sub-neighbourhood", 2019)
    assert answer["parents"] == [
        {"hierarchy": "cbs", "code": "WK036300", "name": "Burgwallen-Oude Zijde", "level": "neighbourhood"}
    ]
    assert (answer["municipalityCode"], answer["validUntil"]) == ("GM0363", None)


def test_a_focus_area_lies_in_several_hierarchies(client_with):
    answer = client_with().get("/v1/areas/amsterdam-nieuw-west").json()

    assert {p["hierarchy"]: p["code"] for p in answer["parents"]} == {
        "focus-area": "GM0363", "nplv": "nplv", "nplv-reintegration-study": "nplv-reintegration-study"}  # fmt: skip
    assert answer["aliases"] == "Amsterdam West"


def test_the_city_has_99_neighbourhoods_and_rotterdam_15_districts(client_with):
    count = client_with().get("/v1/areas?level=neighbourhood&parentCode=GM0363&pageSize=1").json()["count"]
    districts = client_with().get("/v1/areas?level=district&municipalityCode=GM0599").json()

    assert count == 99
    assert districts["count"] == 15
    assert districts["results"][0]["parents"][0]["name"] == "Rotterdam"


def test_the_list_asks_a_constant_number_of_queries(client_with, django_assert_num_queries):
    client = client_with()

    for size in (2, 200):
        with django_assert_num_queries(4, using="monitoring"):
            client.get(f"/v1/areas?pageSize={size}")


@pytest.mark.parametrize("code", ["GM9999", "%00", "wk036300"])
def test_an_unknown_area_is_404(client_with, code):
    for path in (f"/v1/areas/{code}", f"/v1/areas/{code}/profile"):
        assert client_with().get(path).status_code == 404


def test_a_year_before_the_code_says_from_when_it_is_known(client_with):
    answer = client_with().get("/v1/areas/WK036300?year=2015")

    assert answer.status_code == 404
    assert answer.json()["type"].endswith("/area-not-in-year")
    assert "2019" in answer.json()["detail"]


def test_an_expired_code_says_until_when_it_held(client_with):
    an_area("area-x", valid_from=2010, valid_until=2014)
    an_area("area-x", valid_from=2014, valid_until=2020, name_en="later")

    assert client_with().get("/v1/areas/area-x?year=2013").json()["validUntil"] == 2014
    assert client_with().get("/v1/areas/area-x?year=2014").json()["validUntil"] == 2020
    expired = client_with().get("/v1/areas/area-x?year=2020")
    assert expired.status_code == 404
    assert "2020" in expired.json()["detail"]
    assert client_with().get("/v1/areas?year=2014&pageSize=500&level=neighbourhood").json()["count"] == 1


def test_a_vintage_lies_in_what_held_in_its_years(client_with):
    an_area("area-p")
    an_area("area-q")
    an_area("area-x", valid_from=2010, valid_until=2014, within=("area-p",), until=2014)
    an_area("area-x", valid_from=2014, within=("area-q",))

    def shown(path):
        answer = client_with().get(path).json()
        return [p["code"] for p in answer["parents"]] if "parents" in answer else answer["above"]

    assert shown("/v1/areas/area-x?year=2012") == shown("/v1/areas/area-x/profile?year=2012") == ["area-p"]
    assert shown("/v1/areas/area-x") == shown("/v1/areas/area-x/profile") == ["area-q"]


def test_the_twenty_focus_areas_are_a_group(client_with):
    groups = client_with().get("/v1/area-groups").json()["results"]
    nplv = client_with().get("/v1/area-groups/nplv").json()
    study = client_with().get("/v1/area-groups/nplv-reintegration-study").json()

    assert [group["code"] for group in groups] == ["nplv", "nplv-reintegration-study"]
    assert (len(nplv["members"]), len(study["members"])) == (20, 9)
    assert client_with().get("/v1/area-groups/GM0363").status_code == 404


def test_other_apps_ask_at_the_front_door():
    area = public.area(code="WK036360")

    assert (area.name, area.level, area.municipality_code, area.valid_from) == (
        "Volewijck", "neighbourhood", "GM0363", 2019)  # fmt: skip
    assert public.area(code="WK036360", year=2018) is None
    assert public.areas_above(code="BU03630000") == ("WK036300", "GM0363", "NL00")
    below = public.areas_below(code="GM0363", year=2019)
    assert len([code for code in below if code.startswith(("WK", "BU"))]) == 578
    assert below.index("WK036398") < below.index("BU03630000")


def test_a_circle_of_areas_ends():
    an_area("area-x", within=("area-y",))
    an_area("area-y", within=("area-x",))

    assert public.areas_above(code="area-x") == ("area-y",)
