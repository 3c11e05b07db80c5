"""How much of what the plans ask over some periods has been delivered: told on every receipt, never capped."""

from collections.abc import Collection
from typing import Any

from config.stores import ask
from monitoring.periods import Period
from monitoring.services.lines import COUNTED

STORE = "monitoring"
SQL = """
    SELECT asked.kind, asked.first, asked.until, count(*), count(*) FILTER (WHERE EXISTS (
        SELECT FROM monitoring_outcomereport AS report
        WHERE report.municipality_code = plan.municipality_code AND report.offering_code = plan.offering_code
          AND report.measure = plan.measure AND report.period_start = asked.first
          AND report.period_kind = asked.kind AND report.status = ANY(%s)
    ))
    FROM unnest(%s::text[], %s::date[], %s::date[]) AS asked (kind, first, until)
    JOIN monitoring_measurementplan AS plan
      ON plan.period_kind = asked.kind AND plan.valid_from < asked.until
     AND (plan.valid_until IS NULL OR plan.valid_until > asked.first)
    JOIN monitoring_offeringfact AS fact
      ON fact.offering_code = plan.offering_code AND fact.current AND fact.starts_on < asked.until
     AND (fact.ends_on IS NULL OR fact.ends_on > asked.first)
    JOIN unnest(%s::text[], %s::text[]) AS own (city, organisation)
      ON plan.municipality_code = own.city AND plan.organisation_code = own.organisation
    GROUP BY 1, 2, 3 ORDER BY 2, 3
"""


def plan_rate(*, periods: Collection[Period], owners: Collection[tuple[str, str]]) -> list[dict[str, Any]]:
    """Per period: how many offering x measure the plans of these (municipality, organisation) ask, and how many came.

    One query, none without periods.
    """
    if not periods:
        return []
    kinds, firsts, untils = zip(*((one.kind, one.start, one.end) for one in set(periods)), strict=True)
    cities, organisations = zip(*owners, strict=True)
    counted = [str(status) for status in COUNTED]
    rows = ask(STORE, SQL, [counted, *map(list, (kinds, firsts, untils, cities, organisations))])
    return [
        {"period": Period(kind, first, until).iso, "asked": wanted, "delivered": came}
        for kind, first, until, wanted, came in rows
    ]
