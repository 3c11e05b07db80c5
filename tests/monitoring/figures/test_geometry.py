"""Borders: what is refused, and which meet a rectangle."""

import io

import orjson
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from monitoring.geometry import BadGeometry, box_of, meets, polygons_of
from monitoring.models import Area
from tests.factories.figures import an_area

DEGREES = st.floats(3, 8)
BOXES = st.tuples(DEGREES, DEGREES, DEGREES, DEGREES).map(
    lambda four: (min(four[0], four[2]), min(four[1], four[3]), max(four[0], four[2]), max(four[1], four[3]))
)


def square(west=4.0, south=52.0, east=5.0, north=53.0):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


RINGED = {"type": "Polygon", "coordinates": [*square(0, 0, 10, 10)["coordinates"], *square(2, 2, 8, 8)["coordinates"]]}
TWO = {"type": "MultiPolygon", "coordinates": [square(0, 0, 1, 1)["coordinates"], square(5, 5, 6, 6)["coordinates"]]}


@pytest.mark.parametrize(("geometry", "code"), [
    (None, "no-polygon"), ({"type": "Point", "coordinates": [4, 52]}, "no-polygon"),
    ({"type": "Polygon", "coordinates": []}, "not-a-list"), ({"type": "Polygon"}, "not-a-list"),
    ({"type": "Polygon", "coordinates": [[[4, 52], [5, 52], [4, 52]]]}, "open-ring"),
    ({"type": "Polygon", "coordinates": [[[4, 52], [5, 52], [5, 53], [4, 53]]]}, "open-ring"),
    ({"type": "Polygon", "coordinates": [[[4, "52"]]]}, "no-position"),
    ({"type": "Polygon", "coordinates": [[[True, 52]]]}, "no-position"),
    ({"type": "Polygon", "coordinates": [[[float("nan"), 52]]]}, "out-of-range"),
    ({"type": "Polygon", "coordinates": [[[10**400, 52]]]}, "out-of-range"),
    ({"type": "Polygon", "coordinates": [[[121000, 487000]]]}, "unknown-crs"),
    (square() | {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}}, "unknown-crs"),
    ({"type": "MultiPolygon", "coordinates": [3]}, "not-a-list"),
    ({"type": "Polygon", "coordinates": [[[4, 52]] * 200_001]}, "too-many-positions"),
])  # fmt: skip
def test_what_is_no_border_is_refused(geometry, code):
    with pytest.raises(BadGeometry) as refused:
        polygons_of(geometry)

    assert code in {fault.code for fault in refused.value.faults}


def test_heights_and_other_members_are_left_out():
    high = {"type": "Polygon", "bbox": [0], "coordinates": [[[4, 52, 3], [5, 52, 3], [5, 53, 3], [4, 52, 3]]]}

    assert polygons_of(high) == {
        "type": "Polygon",
        "coordinates": [[[4.0, 52.0], [5.0, 52.0], [5.0, 53.0], [4.0, 52.0]]],
    }


@pytest.mark.parametrize(("geometry", "box", "expected"), [
    (square(), (4.2, 52.2, 4.3, 52.3), True), (square(), (0, 0, 90, 90), True), (square(), (5, 53, 6, 54), True),
    (square(), (5.1, 52, 6, 53), False), (square(), (4.5, 40, 4.6, 60), True), (RINGED, (4, 4, 5, 5), False),
    (RINGED, (1, 4, 5, 5), True), (TWO, (5.5, 5.5, 9, 9), True), (TWO, (2, 2, 4, 4), False),
])  # fmt: skip
def test_a_border_meets_a_rectangle_by_its_points_and_not_by_its_box(geometry, box, expected):
    assert meets(geometry, box) is expected


@given(BOXES, BOXES)
def test_two_rectangles_meet_when_their_sides_overlap(one, other):
    overlap = one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]

    assert meets(square(*one), other) == overlap
    assert box_of(square(*one)) == one


@pytest.mark.usefixtures("stores")
class TestCommand:
    @pytest.fixture
    def file(self, tmp_path):
        an_area("WK059901")
        an_area("BU05990101", level="sub-neighbourhood")
        return tmp_path / "borders.geojson"

    def run(self, file, *features):
        file.write_bytes(orjson.dumps({"type": "FeatureCollection", "features": features}))
        out = io.StringIO()
        call_command("load_geometries", str(file), stdout=out, stderr=io.StringIO())
        return out.getvalue()

    def test_features_of_pdok_find_their_area(self, file):
        codes = {"gemeentecode": "GM0599", "wijkcode": "WK059901", "buurtcode": "BU05990101"}
        buurt = {"type": "Feature", "geometry": square(), "properties": codes}

        assert "1 updated, 0 unchanged" in self.run(file, buurt)
        assert "0 updated, 1 unchanged" in self.run(file, buurt)
        assert Area.objects.get(code="BU05990101").east == 5.0
        assert Area.objects.get(code="WK059901").geometry is None

    def test_one_bad_feature_stores_none(self, file):
        good = {"type": "Feature", "id": "WK059901", "geometry": square()}

        with pytest.raises(CommandError, match="2 faults"):
            self.run(file, good, {"type": "Feature", "id": "XX", "geometry": square()},
                     {"type": "Feature", "id": "BU05990101", "geometry": {"type": "Point"}})  # fmt: skip

        assert Area.objects.get(code="WK059901").geometry is None
