"""Realised reach beside coverage: working figures for those entitled, released ones for everyone else."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from config.api.access import Principal
from config.stores import StoreAway
from interventions.access import sees_working_figures
from interventions.models import Offering
from monitoring import public as monitoring


@dataclass(frozen=True)
class Reach:
    """How many started in a year.

    view: working | released. subject: what was counted: offering, or intervention, since figures are released per
    intervention in the city and not per offering.
    status: known | withheld (too few to show safely) | no-figure. value is None unless known: unknown is not zero.
    share: started ÷ target group as reported, where both are known; reported_until: end of the newest period reported
    on. Both for those who may see working figures only.
    """

    value: int | None
    view: str
    subject: str
    period: str
    status: str
    share: float | None = None
    reported_until: date | None = None


def realised_reach(
    *, municipality_code: str, offerings: Collection[Offering], year: int, principal: Principal
) -> tuple[dict[str, Reach], bool]:
    """Reach per offering code; True beside it if monitoring could not be asked. At most three questions to it."""
    inside = {
        one.code
        for one in offerings
        if sees_working_figures(principal, municipality_code=municipality_code, organisation_code=one.organisation_id)
    }
    outside = {one.code: one.intervention_id for one in offerings if one.code not in inside}
    try:
        working = _working(municipality_code, inside, year)
        return working | _released(municipality_code, outside, year), False
    except StoreAway:
        return {}, True


def _working(municipality_code: str, codes: Collection[str], year: int) -> dict[str, Reach]:
    if not codes:
        return {}
    asked = sorted(codes)
    figures = monitoring.reach_parts(municipality_code=municipality_code, offering_codes=asked, year=year)
    until = date(year + 1, 1, 1)
    newest = monitoring.last_reported(municipality_code=municipality_code, offering_codes=asked, until=until)
    return {code: _own(year, figures.get(code), newest.get(code)) for code in codes}


def _own(year: int, parts: monitoring.ReachParts | None, reported_until: date | None) -> Reach:
    started = parts.counts["started"] if parts else None
    reach = _reach("working", "offering", year, started is not None, started)
    return replace(reach, share=parts.started_share if parts else None, reported_until=reported_until)


def _released(municipality_code: str, intervention_of: dict[str, str], year: int) -> dict[str, Reach]:
    if not intervention_of:
        return {}
    codes = sorted(set(intervention_of.values()))
    figures = monitoring.released_reach(municipality_code=municipality_code, intervention_codes=codes, year=year)
    return {
        offering: _reach("released", "intervention", year, code in figures, figures.get(code))
        for offering, code in intervention_of.items()
    }


def _reach(view: str, subject: str, year: int, present: bool, value: int | None) -> Reach:
    status = "no-figure" if not present else "withheld" if value is None else "known"
    return Reach(value=value, view=view, subject=subject, period=str(year), status=status)
