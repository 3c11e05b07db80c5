"""Realised reach for other apps, by codes."""

from collections.abc import Collection
from datetime import date

from config.stores import front_door
from monitoring.measures import MEASURES
from monitoring.models import Aggregate, Release, ReleasedCell


@front_door("monitoring")
def working_reach(*, municipality_code: str, offering_codes: Collection[str], year: int) -> dict[str, int]:
    """Offering → how many started in the year in the whole municipality; participations, not people.

    For those who may see working figures: asking is the caller's responsibility. No report: no key. One query.
    """
    cells = Aggregate.objects.filter(
        municipality_code=municipality_code, subject_kind="offering", subject_code__in=offering_codes, measure="reach",
        area_code=municipality_code, period_kind="year", period_start=date(year, 1, 1),
    )  # fmt: skip
    position = MEASURES["reach"].names.index("started")
    started = {cell.subject_code: cell.counts[position] for cell in cells}
    return {code: value for code, value in started.items() if value is not None}


@front_door("monitoring")
def released_reach(*, municipality_code: str, intervention_codes: Collection[str], year: int) -> dict[str, int | None]:
    """Intervention → how many started, as the newest release shows it. None: withheld; no key: no figure."""
    newest = Release.objects.filter(municipality_code=municipality_code).order_by("-number").first()
    cells = ReleasedCell.objects.filter(
        release=newest, intervention_code__in=intervention_codes, measure="reach", area_code=municipality_code,
        period_kind="year", period_start=date(year, 1, 1),
    )  # fmt: skip
    position = [name for name, _parts in MEASURES["reach"].shown].index("started")
    return {
        cell.intervention_code: cell.counts[position]
        for cell in (cells if newest else ())
        if cell.withheld[position] or cell.counts[position] is not None
    }
