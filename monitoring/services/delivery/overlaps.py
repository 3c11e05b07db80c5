"""Reports over periods of different kinds that share days: beside each other those days would count twice.

A plan asks for one kind at a time, but there may be none, and it may have been put right after reports came in. So a
report is held to what counts already; who meant the other kind takes back first what is there.
"""

from collections.abc import Collection, Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from monitoring.completeness import CALENDAR, periods_of
from monitoring.periods import BadPeriod, Period, parse
from monitoring.services.aggregation.lines import COUNTED

OVERLAPS, NAMED_AT_MOST = "overlaps-report", 5

Counted = dict[tuple[str, str], dict[Period, frozenset[str]]]
"""(offering, measure) → period → areas with a report that counts."""

ASKED = f"""
    SELECT json_agg(json_build_array(offering_code, asked.measure, other.kind, other.start, other.until, areas))::text
    FROM monitoring_offeringfact AS fact
    CROSS JOIN unnest({{measures}}) AS asked (measure)
    CROSS JOIN json_to_recordset({{others}}) AS other (kind text, start date, until date)
    CROSS JOIN LATERAL (
        SELECT json_agg(area_code) AS areas FROM monitoring_outcomereport AS report
        WHERE report.municipality_code = fact.municipality_code AND report.measure = asked.measure
          AND report.period_start = other.start AND report.offering_code = fact.offering_code
          AND report.period_kind = other.kind AND report.status IN {tuple(map(str, COUNTED))}
    ) AS counted
    WHERE fact.current AND fact.offering_code = ANY({{offerings}}) AND other.until > fact.starts_on
      AND areas IS NOT NULL
"""  # noqa: S608 - our own words only
"""What counts of offerings and measures over the periods of `others_of`; a look-up in the index `report_cell` each."""


@lru_cache(maxsize=1000)  # everybody delivers about the same few periods
def others(period: Period) -> tuple[Period, ...]:
    """The periods of other kinds that share a day with it."""
    kinds = (kind for kind in CALENDAR if kind != period.kind)
    return tuple(one for kind in kinds for one in periods_of(kind, period.start, period.end, period.last))


def others_of(texts: Iterable[str], day: date) -> list[dict[str, Any]]:
    """The same for periods as they were delivered, as `ASKED` wants them; those still to come are refused anyhow."""
    periods = {other for text in texts if (one := _period(text)) and one.start <= day for other in others(one)}
    return [{"kind": one.kind, "start": one.start, "until": one.end} for one in periods if one.start <= day]


def _period(text: str) -> Period | None:
    try:
        return parse(text)
    except BadPeriod:
        return None


def counted_of(told: Iterable[list[Any]]) -> Counted:
    """What `ASKED` gives."""
    found: Counted = {}
    for offering, measure, kind, start, until, areas in told:
        period = Period(kind, date.fromisoformat(start), date.fromisoformat(until))
        found.setdefault((offering, measure), {})[period] = frozenset(areas)
    return found


def named(periods: Collection[Period]) -> str:
    """2024-07, 2024-08 …, as partners write them."""
    names = [one.short for one in sorted(periods, key=lambda one: (one.start, one.end))]
    return ", ".join(names[:NAMED_AT_MOST]) + (" …" if len(names) > NAMED_AT_MOST else "")


def told_already(periods: Collection[Period]) -> str:
    """Why a report is not taken beside those that count over these periods."""
    detail = _(
        "Over dit gebied telt al een rapportage mee voor %(periods)s. Samen zouden dagen dubbel tellen. "
        "Trek die eerst in, of vraag uw gemeente die terug te sturen. Lever deze daarna opnieuw aan."
    )
    return detail % {"periods": named(periods)}


def told_beside(periods: Collection[Period]) -> str:
    """Why neither of two reports in one delivery is taken; periods: of the others."""
    detail = _(
        "In deze levering staat over dit gebied ook een rapportage voor %(periods)s. Samen zouden dagen dubbel "
        "tellen. Lever één soort periode aan."
    )
    return detail % {"periods": named(periods)}
