"""Boring areas, indicators and observations."""

from typing import Any

from config.loading import LoadReport
from monitoring import periods
from monitoring.models import Area, AreaMembership, Indicator, IndicatorDefinition
from monitoring.services.figures.observations import load_observations, observation


def an_area(code: str = "area-a", *, level: str = "neighbourhood", within: tuple[str, ...] = (),
            until: int | None = None, **more: Any) -> Area:  # fmt: skip
    """An area, lying in the areas `within` by the hierarchy `cbs`, from its own first year."""
    for parent in within:
        AreaMembership.objects.create(hierarchy="cbs", parent_code=parent, child_code=code, valid_until=until,
                                      valid_from=more.get("valid_from", 0))  # fmt: skip
    return Area.objects.create(code=code, level=level, name_nl=code, **more)


def an_indicator(code: str = "indicator-a", *, versions: tuple[str, ...] = ("",), **more: Any) -> Indicator:
    """An indicator in percent of which lower is better; the last definition version is the current one."""
    given = {"name_nl": code, "name_en": code, "kind": "effect", "unit": "percent", "direction": "lower-better"} | more
    made = Indicator.objects.create(code=code, **given)
    for order, version in enumerate(versions):
        IndicatorDefinition.objects.create(indicator=made, version=version, order=order)
    return made


def an_observation(*, year: int = 2024, **more: Any) -> dict[str, Any]:
    """A row for `loaded`: a share of 10 % in `area-a`."""
    given = {"indicator_code": "indicator-a", "area_code": "area-a", "area_year": year, "statistic": "share",
             "source_code": "source-a", "unit": "percent", "value": 10.0} | more  # fmt: skip
    return observation(period=periods.year(year), **given)


def loaded(*rows: dict[str, Any]) -> LoadReport:
    return load_observations(rows)
