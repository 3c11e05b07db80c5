"""An offering as monitoring knows it, areas to live in, and reports, all boring and fixed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from config.ledger.outbox import Event
from monitoring.models import Area, AreaMembership, Release, ReleasedCell
from monitoring.services.facts import take_over

CITY = "GM9001"
NEIGHBOURHOODS = ("WK900101", "WK900102", "WK900103")
_positions = iter(range(2, 10**9))


def city() -> None:
    """GM9001 with one district over three neighbourhoods; the first has two sub-neighbourhoods."""
    parts = ("BU90010101", "BU90010102")
    tree: dict[str, tuple[str, str | None]] = {
        CITY: ("municipality", None),
        "district-a": ("district", CITY),
        **dict.fromkeys(NEIGHBOURHOODS, ("neighbourhood", "district-a")),
        **dict.fromkeys(parts, ("sub-neighbourhood", NEIGHBOURHOODS[0])),
    }
    Area.objects.bulk_create(
        (Area(code=code, level=level, name_nl=code, municipality_code=CITY) for code, (level, _) in tree.items()),
        ignore_conflicts=True,
    )
    links = [("cbs", parent, child) for child, (_, parent) in tree.items() if parent]
    links += [("cbs", CITY, n) for n in NEIGHBOURHOODS]
    AreaMembership.objects.bulk_create(
        (AreaMembership(hierarchy=h, parent_code=p, child_code=c) for h, p, c in links), ignore_conflicts=True
    )


def offering(code: str = "offering-a", **changes: Any) -> None:
    """An offering of org-a in the city, running from 2024 on, of a type that fits most measures."""
    payload = {
        "offeringCode": code, "municipalityCode": CITY, "organisationCode": "org-a",
        "interventionCode": "intervention-a", "serviceType": "individual-provision-trajectories", "cityWide": True,
        "areaCodes": [], "factorCodes": [], "startsOn": "2024-01-01", "endsOn": None, "agreements": [],
        "intendedReach": 100, "demo": False,
    }  # fmt: skip
    take_over(Event(1, next(_positions), "offering.changed", payload | changes))


def report(**changes: Any) -> dict[str, Any]:
    """A faultless reach report as a partner sends it."""
    return {
        "offeringCode": "offering-a", "measure": "reach", "period": "2024-Q1", "areaCode": "WK900101",
        "counts": {"targetGroup": 400, "invited": 120, "started": 60, "attendsStructurally": 40},
    } | changes  # fmt: skip


def release(
    municipality: str, cells: Iterable[tuple[str, str, str, int, list[int | None]]], *, number: int = 1
) -> Release:
    """A release with whole years of these figures: (intervention, measure, area, year, counts); None is withheld."""
    made = Release.objects.create(
        municipality_code=municipality, number=number, released_by="test", minimum=5, checksum="", cell_count=0,
        withheld_count=0,
    )  # fmt: skip
    for intervention, measure, area, year, counts in cells:
        ReleasedCell.objects.create(
            release=made, intervention_code=intervention, measure=measure, area_code=area, period_kind="year",
            period_start=date(year, 1, 1), period_end=date(year + 1, 1, 1), counts=counts,
            withheld=[count is None for count in counts], deliverer_count=1,
        )  # fmt: skip
    return made
