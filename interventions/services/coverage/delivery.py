"""Agreed against delivered, per offering. For learning: nothing here sets partners beside each other (DOMAIN.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from config.stores import StoreAway
from interventions.models import Agreement, Offering
from monitoring import public as monitoring


@dataclass(frozen=True)
class Delivered:
    """One offering: what was agreed, and what came of it in a year.

    reach: parts of the reach as reported, empty without a report. plan: kept up to the day; empty without a plan.
    """

    offering: Offering
    agreements: tuple[Agreement, ...]
    year: int
    reach: dict[str, int | None]
    plan: tuple[monitoring.PlannedMeasure, ...]

    @property
    def started_share(self) -> float | None:
        """Started ÷ intended reach; None if either is unknown."""
        started, intended = self.reach.get("started"), self.offering.intended_reach
        return started / intended if started is not None and intended else None

    @property
    def expected(self) -> int:
        return sum(measure.periods_expected for measure in self.plan)

    @property
    def delivered(self) -> int:
        return sum(measure.periods_delivered for measure in self.plan)

    @property
    def completeness(self) -> float | None:
        """Share of the planned reports that is there; None when none was due."""
        return self.delivered / self.expected if self.expected else None


def delivered(
    *, municipality_code: str, organisation_code: str | None = None, offering_code: str | None = None, year: int,
    today: date,
) -> tuple[tuple[Delivered, ...], tuple[str, ...]]:  # fmt: skip
    """Offerings in one municipality, by code, of one organisation or the one asked for; and what is absent.

    The plan is judged over the year, up to today. Six queries, however many offerings.
    """
    asked = {"organisation": organisation_code, "code": offering_code}
    rows = Offering.objects.filter(municipality_code=municipality_code)
    rows = rows.filter(**{key: code for key, code in asked.items() if code})
    offerings = list(
        rows.select_related("intervention", "organisation").prefetch_related("agreements").order_by("code")
    )
    codes = [offering.code for offering in offerings]
    try:
        reach = monitoring.reach_parts(municipality_code=municipality_code, offering_codes=codes, year=year)
        plans = monitoring.plan_kept(
            offering_codes=codes, since=date(year, 1, 1), until=min(today, date(year + 1, 1, 1))
        )
        absent: tuple[str, ...] = ()
    except StoreAway:
        reach, plans, absent = {}, {}, ("monitoring",)
    return tuple(_delivered(one, year, reach.get(one.code), plans.get(one.code, ())) for one in offerings), absent


def _delivered(
    offering: Offering, year: int, reach: monitoring.ReachParts | None, plan: Sequence[monitoring.PlannedMeasure]
) -> Delivered:
    agreements = sorted(offering.agreements.all(), key=lambda one: (one.valid_from, one.code))
    return Delivered(offering, tuple(agreements), year, reach.counts if reach else {}, tuple(plan))
