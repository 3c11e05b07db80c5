"""Strength in effect, not on paper: ladder level, reach, dose and recency of an offering, side by side."""

from dataclasses import dataclass
from datetime import date

from interventions import coverage
from interventions.models import Offering
from interventions.services.coverage.reach import Reach


@dataclass(frozen=True)
class Strength:
    """Each of the four may be unknown (None), and none of them is made to stand for another.

    reach_share: started ÷ target group as reported, or else ÷ intended reach; may pass 1. reach_against says which.
    Only for an offering's own figures: released ones are about the intervention in the whole city.
    """

    level: int | None
    reach_share: float | None
    reach_against: str | None
    dose: str | None
    reported_until: date | None
    recognised_from: date | None


def strength_of(active: coverage.Active, offering: Offering, reach: Reach | None) -> Strength:
    """What is known of an active offering on the day it was looked at."""
    share, against = _share(offering, reach)
    return Strength(
        level=active.level,
        reach_share=share,
        reach_against=against,
        dose=offering.dose or None,
        reported_until=reach.reported_until if reach else None,
        recognised_from=active.since,
    )


def _share(offering: Offering, reach: Reach | None) -> tuple[float | None, str | None]:
    if reach is None or reach.value is None or reach.subject != "offering":
        return None, None
    if reach.share is not None:
        return reach.share, "target-group"
    if offering.intended_reach:
        return reach.value / offering.intended_reach, "intended-reach"
    return None, None
