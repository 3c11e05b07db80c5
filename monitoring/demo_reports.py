"""Invented reports for the demo city: deterministic and plausible, never data about anyone. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from random import Random
from typing import Any

from monitoring.aggregation import UNKNOWN
from monitoring.measures import ANSWERS, CHANGES, GOALS, GRADES, REASONS
from monitoring.periods import Period, quarter_of

FIRST_DAY = date(2023, 10, 1)
QUARTERS = 12
LARGE = 400  # participants a year
LATE = 0.08  # share of the deliveries

Counts = dict[str, int]


@dataclass(frozen=True)
class DemoOffering:
    """areas: neighbourhoods where its participants live; reach: participants a year; until: last day to invent for."""

    code: str
    measures: tuple[str, ...]
    areas: tuple[str, ...]
    reach: int
    starts: date
    until: date


@dataclass(frozen=True)
class DemoReport:
    """One report to be invented. mean: participants to expect in it."""

    offering: str
    measure: str
    period: Period
    area: str
    mean: float

    @property
    def key(self) -> tuple[str, str, str, date]:
        return self.offering, self.measure, self.area, self.period.start

    @property
    def delivered_on(self) -> date:
        """When the partner would have sent it: nearly always within the month that plans give (completeness.py)."""
        dice = Random(f"{self.offering} {self.measure} {self.period.iso} delivered")
        return self.period.end + timedelta(days=dice.randint(32, 60) if dice.random() < LATE else dice.randint(4, 26))

    def invented(self) -> dict[str, Any]:
        """What a partner would send."""
        dice = Random(f"{self.offering} {self.measure} {self.period.iso} {self.area}")
        return {
            "offeringCode": self.offering, "measure": self.measure, "period": self.period.iso, "areaCode": self.area,
            "counts": MAKERS[self.measure](dice, self.mean),
        }  # fmt: skip


def reports_of(offering: DemoOffering) -> Iterator[DemoReport]:
    """Reach per neighbourhood, by large offerings satisfaction too; the rest for all participants together."""
    local = {"reach", "satisfaction"} if offering.reach >= LARGE else {"reach"}
    for number, period in enumerate(_quarters(offering)):
        for measure in asked(offering):
            areas = offering.areas if measure in local and offering.areas else (UNKNOWN,)
            mean = offering.reach / 4 / len(areas) * (1 + 0.02 * number)
            for area in areas:
                yield DemoReport(offering.code, measure, period, area, mean)


def _quarters(offering: DemoOffering) -> Iterator[Period]:
    period = quarter_of(FIRST_DAY)
    for _number in range(QUARTERS):
        if offering.starts < period.end <= offering.until:
            yield period
        period = quarter_of(period.end)


def asked(offering: DemoOffering) -> list[str]:
    """What its plans ask. Drop-out is told in one of two ways: no-shows or, for longer services, reasons of ending."""
    short = Random(offering.code).random() < 0.5
    left_out = "reason-of-ending" if short and "no-show" in offering.measures else "no-show"
    return [measure for measure in offering.measures if measure != left_out]


def _about(dice: Random, mean: float) -> int:
    return max(0, round(dice.gauss(mean, sqrt(max(mean, 0)))))


def _spread(dice: Random, total: int, weights: Sequence[float]) -> list[int]:
    """`total` answers over levels with these weights."""
    chosen = dice.choices(range(len(weights)), weights, k=total)
    return [chosen.count(level) for level in range(len(weights))]


def _reach(dice: Random, mean: float) -> Counts:
    started = _about(dice, mean)
    invited = started + _about(dice, mean * 0.6)
    indicated = invited + _about(dice, mean)
    attends = min(started, _about(dice, started * 0.75))
    return {"targetGroup": indicated + round(mean * 6), "indicated": indicated, "invited": invited, "started": started,
            "attendsStructurally": attends, "completed": min(attends, _about(dice, started * 0.6))}  # fmt: skip


def _no_show(dice: Random, mean: float) -> Counts:
    appointments = _about(dice, mean * 2)
    return {"appointments": appointments, "noShows": min(appointments, _about(dice, appointments * 0.15))}


def _distribution(levels: Sequence[str], weights: Sequence[float], share: float) -> Callable[[Random, float], Counts]:
    def make(dice: Random, mean: float) -> Counts:
        participants = _about(dice, mean)
        answers = _spread(dice, round(participants * share), weights)
        return dict(zip(levels, answers, strict=True)) | {"participants": participants}

    return make


def _reasons(dice: Random, mean: float) -> Counts:
    return dict(zip(REASONS, _spread(dice, _about(dice, mean * 0.8), (70, 10, 12, 3, 5)), strict=True))


def _information(dice: Random, mean: float) -> Counts:
    asked = _about(dice, mean * 2)
    knows = sum(dice.random() < 0.6 for _ in range(asked))
    useful = sum(dice.random() < 0.7 for _ in range(knows))
    return {"asked": asked, "knows": knows, "useful": useful, "goalRealised": useful // 2}


MAKERS: dict[str, Callable[[Random, float], Counts]] = {
    "reach": _reach,
    "no-show": _no_show,
    "reason-of-ending": _reasons,
    "satisfaction": _distribution(GRADES, (1, 1, 2, 3, 6, 14, 30, 28, 10, 5), 0.8),
    "goal-realisation": _distribution(GOALS, (5, 15, 35, 45), 0.75),
    "without-help": _distribution(ANSWERS, (8, 17, 45, 30), 0.75),
    "problem-change": _distribution(CHANGES, (25, 35, 25, 10, 5), 0.7),
    "information-questions": _information,
}
