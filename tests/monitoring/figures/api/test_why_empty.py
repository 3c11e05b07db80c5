"""An empty answer names its cause and the nearest figure."""

import pytest

from monitoring.models import Area, AreaSuccession, Observation
from tests.factories.figures import an_area, an_indicator, an_observation, loaded

pytestmark = pytest.mark.usefixtures("stores")


def why(client, **asked):
    answer = client.get("/v1/observations", {"indicatorCode": "indicator-a", "areaCode": "area-a"} | asked)
    assert answer.status_code == 200, answer.json()
    return answer.json()["whyEmpty"]


@pytest.fixture
def figure():
    an_area("town", level="municipality")
    an_area(within=("town",))
    an_indicator(next_expected="2026")
    loaded(an_observation(year=2022), an_observation(year=2024))


def test_where_there_is_a_figure_nothing_is_explained(client_with, figure):
    assert why(client_with()) is None


@pytest.mark.parametrize(("asked", "code", "nearest"), [
    ({"indicatorCode": "nope"}, "unknown-indicator", None),
    ({"areaCode": "nope"}, "unknown-area", None),
    ({"periodFrom": "2021", "periodUntil": "2021"}, "not-delivered", "2022"),
    ({"periodFrom": "2023JJ00", "periodUntil": "2023JJ00"}, "not-delivered", "2024"),
    ({"periodFrom": "2025-Q1"}, "not-delivered", "2024"),
    ({"periodFrom": "2026", "periodUntil": "2026"}, "not-yet-due", "2024"),
    ({"statistic": "mean"}, "other-filter", "2024"),
    ({"definitionVersion": "other"}, "other-filter", "2024"),
    ({"asOf": "2001-01-01T00:00:00Z"}, "other-filter", "2024"),
])  # fmt: skip
def test_the_cause_and_the_nearest_period(client_with, figure, asked, code, nearest):
    found = why(client_with(), **asked)

    assert (found["code"], found["nearest"] and found["nearest"]["period"]) == (code, nearest)


@pytest.mark.parametrize("status", ["suppressed", "missing", "not-applicable"])
def test_a_row_without_a_value_is_explained_by_its_status(client_with, figure, status):
    loaded(an_observation(year=2023, value=None, status=status))

    found = why(client_with(), periodFrom="2023", periodUntil="2023")

    assert (found["code"], found["nearest"]["period"]) == (status, "2024")


def test_another_area_is_nearest_when_this_one_has_none(client_with, figure):
    an_area("bare", within=("area-a",))

    found = why(client_with(), areaCode="bare", periodFrom="2022", periodUntil="2022")

    assert (found["code"], found["nearestAreaCode"], found["nearest"]["period"]) == ("not-delivered", "area-a", "2022")
    assert "area-a, 2022" in found["detail"]


def test_an_area_that_was_no_more_names_its_successor(client_with, figure):
    Area.objects.filter(code="area-a").update(valid_until=2024)
    AreaSuccession.objects.create(from_code="area-a", to_code="new-a", year=2024, basis="addresses", weight=1.0)

    found = why(client_with(), periodFrom="2025", periodUntil="2025")

    assert (found["code"], found["successors"]) == ("area-not-in-year", ["new-a"])
    assert "new-a" in found["detail"]


def test_figures_of_a_municipality_are_said_to_be_closed_and_no_more(client_with, figure):
    """A shared indicator with figures of one municipality's own: others learn that, and no value."""
    Observation.objects.filter(indicator_code="indicator-a").update(municipality_code="GM0599")

    outside, inside = why(client_with("area-adviser")), why(client_with("area-adviser", municipality="GM0599"))

    assert (outside["code"], outside["nearest"]) == ("no-access", None)
    assert inside is None


def test_the_picture_says_it_too(client_with, figure):
    url = "/v1/observations?indicatorCode=indicator-a&areaCode=area-a&periodFrom=2023&periodUntil=2023&format=svg"

    picture = client_with().get(url).content.decode()

    assert "Hierover zijn geen cijfers geleverd." in picture.split("<desc")[1].split("</desc>")[0]
    assert picture.count("Hierover zijn geen cijfers geleverd.") == 2
