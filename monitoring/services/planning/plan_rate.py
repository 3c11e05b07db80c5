"""How much of what the plans ask over some periods has been delivered: told on every receipt, never capped."""

from collections.abc import Collection

import orjson

from monitoring.periods import Period
from monitoring.services.aggregation.lines import COUNTED

RATE = f"""
    SELECT coalesce(jsonb_agg(jsonb_build_object('period', iso, 'asked', wanted, 'delivered', came)
                              ORDER BY first, until), '[]')
    FROM json_to_recordset(%s::json) AS asked (kind text, first date, until date, iso text) CROSS JOIN LATERAL (
        SELECT count(*) AS wanted, count(*) FILTER (WHERE EXISTS (
            SELECT FROM monitoring_outcomereport AS report
            WHERE report.municipality_code = plan.municipality_code AND report.offering_code = plan.offering_code
              AND report.measure = plan.measure AND report.period_start = asked.first
              AND report.period_kind = asked.kind AND report.status IN {tuple(map(str, COUNTED))}
        )) AS came
        FROM json_to_recordset(%s::json) AS own (city text, organisation text)
        JOIN monitoring_measurementplan AS plan
          ON plan.municipality_code = own.city AND plan.organisation_code = own.organisation
         AND plan.period_kind = asked.kind AND plan.valid_from < asked.until
         AND (plan.valid_until IS NULL OR plan.valid_until > asked.first)
        JOIN monitoring_offeringfact AS fact
          ON fact.offering_code = plan.offering_code AND fact.current AND fact.starts_on < asked.until
         AND (fact.ends_on IS NULL OR fact.ends_on > asked.first)
    ) AS rate
    WHERE wanted > 0
"""  # noqa: S608 - our own words only
"""Per period: how many offering x measure the plans ask, and how many came, as `Receipt.plan_rate`. Asks `asked`."""


def asked(*, periods: Collection[Period], owners: Collection[tuple[str, str]]) -> list[str]:
    """The parameters of `RATE`, for the plans of these (municipality, organisation)."""
    told = [{"kind": one.kind, "first": one.start, "until": one.end, "iso": one.iso} for one in periods]
    own = [{"city": city, "organisation": organisation} for city, organisation in owners]
    return [orjson.dumps(told).decode(), orjson.dumps(own).decode()]
