"""Borders of areas: GeoJSON in CRS84, what may be wrong with them, and which meet a rectangle (RFC 7946)."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from config.errors import Fault, Refusal

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CRS84_NAMES = {CRS84, "urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84"}
MOST_POSITIONS = 200_000
Box = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""
Position = Sequence[float]


class BadGeometry(Refusal):
    """The object is no border of an area; says why."""

    code = "bad-geometry"


def polygons_of(geometry: Any, place: str = "#") -> dict[str, Any]:
    """The geometry with only what we keep: type and coordinates, two numbers a position.

    geometry: a GeoJSON Polygon or MultiPolygon in CRS84. Raises BadGeometry with the place of the first fault of each
    ring.
    """
    if not isinstance(geometry, dict) or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        raise _bad(place, "no-polygon", _("Hier hoort een Polygon of MultiPolygon van GeoJSON."))
    if (crs := geometry.get("crs")) is not None and not _is_crs84(crs):
        raise _bad(f"{place}/crs", "unknown-crs", _("Alleen CRS84 (lengte, breedte in graden) wordt gelezen."))
    reading = _Reading()
    given = geometry.get("coordinates")
    if geometry["type"] == "Polygon":
        made: Any = reading.polygon(given, f"{place}/coordinates")
    else:
        made = [reading.polygon(one, f"{place}/coordinates/{at}")
                for at, one in enumerate(reading.listed(given, f"{place}/coordinates"))]  # fmt: skip
    if reading.faults:
        raise BadGeometry(_("Deze grens klopt niet."), reading.faults)
    return {"type": geometry["type"], "coordinates": made}


def _is_crs84(crs: Any) -> bool:
    named = crs.get("properties") if isinstance(crs, dict) else None
    return isinstance(named, dict) and named.get("name") in CRS84_NAMES


def _bad(place: str, code: str, detail: str) -> BadGeometry:
    return BadGeometry(detail, [Fault(place, code, detail)])


class _Reading:
    """Reads coordinates; at most one fault a ring."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.positions = 0

    def fault(self, place: str, code: str, detail: str) -> None:
        self.faults.append(Fault(place, code, detail))

    def listed(self, value: Any, place: str) -> list[Any]:
        if isinstance(value, list) and value:
            return value
        self.fault(place, "not-a-list", _("Hier hoort een lijst."))
        return []

    def polygon(self, value: Any, place: str) -> list[list[list[float]]]:
        return [self.ring(one, f"{place}/{at}") for at, one in enumerate(self.listed(value, place))]

    def ring(self, value: Any, place: str) -> list[list[float]]:
        given = self.listed(value, place)
        self.positions += len(given)
        if self.positions > MOST_POSITIONS:
            raise _bad(place, "too-many-positions", _("Een grens heeft hoogstens %(most)d punten. Vereenvoudig haar.")
                       % {"most": MOST_POSITIONS})  # fmt: skip
        for at, one in enumerate(given):
            if problem := _wrong_position(one):
                self.fault(f"{place}/{at}", *problem)
                return []
        ring = [[float(one[0]), float(one[1])] for one in given]
        if ring and (len(ring) < 4 or ring[0] != ring[-1]):
            self.fault(place, "open-ring", _("Een ring heeft minstens vier punten, en het laatste is het eerste."))
        return ring


def _wrong_position(one: Any) -> tuple[str, str] | None:
    numbers = isinstance(one, list) and len(one) in {2, 3} and all(
        isinstance(x, int | float) and not isinstance(x, bool) for x in one)  # fmt: skip
    if not numbers:
        return "no-position", _("Een punt is een lijst van twee getallen: lengte en breedte.")
    if -180 <= one[0] <= 180 and -90 <= one[1] <= 90:
        return None
    if 0 <= one[0] <= 300_000 and 300_000 <= one[1] <= 620_000:
        return "unknown-crs", _("Dit lijken RD-coördinaten (EPSG:28992). Stuur lengte en breedte in graden (CRS84).")
    return "out-of-range", _("De lengte ligt tussen -180 en 180, de breedte tussen -90 en 90.")


def _polygons(geometry: dict[str, Any]) -> list[list[list[Position]]]:
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]


def box_of(geometry: dict[str, Any]) -> Box:
    """The smallest rectangle round a geometry that `polygons_of` gave."""
    positions = [one for polygon in _polygons(geometry) for ring in polygon for one in ring]
    across, up = [one[0] for one in positions], [one[1] for one in positions]
    return min(across), min(up), max(across), max(up)


def meets(geometry: dict[str, Any], box: Box) -> bool:
    """Whether any point of the geometry lies in the rectangle, its sides included."""
    for polygon in _polygons(geometry):
        if any(_crosses(a, b, box) for ring in polygon for a, b in _edges(ring)):
            return True
        if _holds(polygon, (box[0], box[1])):
            return True  # no border inside, so the rectangle lies inside or outside as a whole
    return False


def _edges(ring: Sequence[Position]) -> Iterator[tuple[Position, Position]]:
    yield from pairwise(ring)


def _crosses(a: Position, b: Position, box: Box) -> bool:
    """Whether the segment meets the rectangle (Liang & Barsky 1984)."""
    first, last = 0.0, 1.0
    west, south, east, north = box
    for step, low, high in ((b[0] - a[0], west - a[0], east - a[0]), (b[1] - a[1], south - a[1], north - a[1])):
        if step == 0:
            if low > 0 or high < 0:
                return False
            continue
        enter, leave = sorted((low / step, high / step))
        first, last = max(first, enter), min(last, leave)
        if first > last:
            return False
    return True


def _holds(polygon: Sequence[Sequence[Position]], point: Position) -> bool:
    """Whether the point lies inside: an odd number of edges to its right, holes counted too."""
    x, y = point
    inside = False
    for ring in polygon:
        for a, b in _edges(ring):
            if (a[1] > y) != (b[1] > y) and x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]):
                inside = not inside
    return inside
