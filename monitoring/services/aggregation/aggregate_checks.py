"""Whether the working aggregates are what a rebuild gives, and how far they lag behind."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db.models import F, Min, Sum

from monitoring.models import Aggregate, AggregateCheck, AggregateMark, OutcomeReport
from monitoring.services.aggregation import aggregates

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class State:
    """waiting: marks not worked off yet, the oldest since `waiting_since`. differing: at the newest check."""

    municipality_code: str
    waiting: int
    waiting_since: datetime | None
    checked_at: datetime | None
    cells: int | None
    differing: int | None


def check_all() -> int:
    """Compare every municipality's cells with a rebuild, repair and write down what differed; returns how many did."""
    return sum(check(municipality_code=city) for city in municipalities())


def municipalities() -> list[str]:
    """Those with reports or cells."""
    name = "municipality_code"
    reported = OutcomeReport.objects.order_by().values_list(name, flat=True).distinct()
    return sorted({*reported, *Aggregate.objects.order_by().values_list(name, flat=True).distinct()})


def check(*, municipality_code: str) -> int:
    """Work off what is marked, then compare with a rebuild; returns how many cells differed."""
    differing = aggregates.verify(municipality_code=municipality_code)
    count = Aggregate.objects.filter(municipality_code=municipality_code).count()
    AggregateCheck.objects.create(municipality_code=municipality_code, cell_count=count, differing_count=differing)
    tell = log.error if differing else log.info
    tell("aggregates checked", municipality=municipality_code, cells=count, differing=differing)
    return differing


def states_of(municipality_codes: Collection[str]) -> list[State]:
    """How the aggregates of these municipalities stand, in order of code. Two queries."""
    marks = AggregateMark.objects.filter(municipality_code__in=municipality_codes).values("municipality_code")
    waiting = {
        m["municipality_code"]: m
        for m in marks.annotate(count=Sum(F("area_codes__len")), since=Min("marked_at")).order_by()
    }
    checks = AggregateCheck.objects.filter(municipality_code__in=municipality_codes)
    newest = {
        one.municipality_code: one
        for one in checks.order_by("municipality_code", "-checked_at", "-id").distinct("municipality_code")
    }
    return [_state(city, waiting.get(city), newest.get(city)) for city in sorted(municipality_codes)]


def _state(city: str, waiting: Any, newest: AggregateCheck | None) -> State:
    count, since = (waiting["count"], waiting["since"]) if waiting else (0, None)
    checked = (newest.checked_at, newest.cell_count, newest.differing_count) if newest else (None, None, None)
    return State(city, count, since, *checked)
