"""Borders of areas: storing them, and finding the areas that meet a rectangle."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from config.errors import Fault, NotFound
from config.ledger import records
from monitoring.geometry import BadGeometry, Box, box_of, meets, polygons_of
from monitoring.models import Area
from monitoring.services.geography.vintages import area_in

STORE = "monitoring"
SIDES = ("west", "south", "east", "north")
CODES = ("code", "areaCode", "statcode", "buurtcode", "wijkcode", "gemeentecode")
"""Where a feature may say which area it is, besides its id; PDOK's neighbourhoods carry all of the last three."""


@dataclass(frozen=True)
class Borders:
    """How many areas got another border, and how many had it already."""

    updated: int
    unchanged: int


def store(area: Area, geometry: Any, *, actor: str, place: str = "#") -> bool:
    """Give one vintage of an area its border; whether that changed anything. Raises BadGeometry."""
    kept = polygons_of(geometry, place)
    with transaction.atomic(using=STORE):
        known = Area.objects.defer(None).select_for_update().get(pk=area.pk)
        if known.geometry == kept:
            return False
        Area.objects.filter(pk=area.pk).update(geometry=kept, **dict(zip(SIDES, box_of(kept), strict=True)))
        before = dict(zip(SIDES, (getattr(known, side) for side in SIDES), strict=True))
        records.audit(store=STORE, actor=actor, action="updated", resource="area-geometry", resource_code=area.code,
                      before=before, after=dict(zip(SIDES, box_of(kept), strict=True)))  # fmt: skip
    return True


def load(collection: Any, *, year: int | None, actor: str) -> Borders:
    """The borders of a GeoJSON FeatureCollection, all or none. year: of which vintage; without it the newest.

    Raises BadGeometry with every feature that is no area or no border.
    """
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list):
        raise BadGeometry(_("Dit is geen FeatureCollection van GeoJSON."), [
            Fault("#/features", "not-a-list", _("Hier hoort een lijst."))])  # fmt: skip
    if isinstance(collection.get("crs"), dict):
        polygons_of({"type": "Polygon", "coordinates": [[[0, 0]] * 4], "crs": collection["crs"]})
    faults: list[Fault] = []
    done: list[bool] = []
    with transaction.atomic(using=STORE):
        for at, feature in enumerate(features):
            try:
                area = area_in(_code(feature), year)
                done.append(store(area, feature["geometry"], actor=actor, place=f"#/features/{at}/geometry"))
            except BadGeometry as problem:
                faults += problem.faults
            except NotFound as problem:
                faults.append(Fault(f"#/features/{at}/id", problem.code, problem.detail))
        if faults:
            raise BadGeometry(_("Niet alle grenzen kloppen."), faults[:1000])
    return Borders(sum(done), len(done) - sum(done))


def _code(feature: Any) -> str:
    """The area a feature is about; empty when it does not say."""
    if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict):
        return ""
    given = feature.get("properties")
    said: dict[str, Any] = given if isinstance(given, dict) else {}
    named = next((str(said[name]).strip() for name in CODES if said.get(name)), "")
    return named or str(feature.get("id") or "").strip()


def meeting(areas: QuerySet[Area], box: Box) -> QuerySet[Area]:
    """Those whose border meets the rectangle; an area without a known border meets nothing.

    Only borders that stick out of the rectangle are looked at one by one.
    """
    west, south, east, north = box
    near = areas.filter(west__lte=east, east__gte=west, south__lte=north, north__gte=south)
    within = Q(west__gte=west, east__lte=east, south__gte=south, north__lte=north)
    partly = near.exclude(within).order_by().values_list("pk", "geometry").iterator(chunk_size=500)
    found = [pk for pk, geometry in partly if geometry and meets(geometry, box)]
    return near.filter(within | Q(pk__in=found))
