"""The areas most like one area, by a distance anyone can work out again (DOMAIN.md §4: a similar area).

Over the context indicators the area has a figure for: per indicator the difference of the newest figure with that of
another area of the same level, for the same period, definition, statistic, population and source, divided by the
standard deviation over all of them; the distance is the root of the mean of the squares over the indicators both have.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connections

from monitoring.models import Area

STORE = "monitoring"
COUNT, FEWEST = 5, 3
"""So many areas are taken; so many indicators must have figures for both, or all of them where there are fewer."""
STILL = 9999  # later than any end: what holds then has no end
MOST_SAYING = ("share", "rate", "mean")


@dataclass(frozen=True)
class Near:
    """An area and its distance in standard deviations, over so many indicators with figures for both."""

    code: str
    distance: float
    shared: int


@dataclass(frozen=True)
class Similar:
    """The most similar areas, nearest first. indicators: what was looked at. candidates: how many areas were."""

    indicators: tuple[str, ...]
    candidates: int
    areas: tuple[Near, ...]


def similar_to(area: Area, year: int | None = None, *, on: Collection[str] = (), indicator: str = "") -> Similar:
    """The areas most similar to this one among those of its level that exist in the year. One query.

    year: without it the last one of this vintage. on: the indicators to look at; without them all official context
    indicators. indicator: what is to be compared; it does not count itself, and only areas with a figure of it do.
    Own figures of municipalities never count.
    """
    last = STILL if area.valid_until is None else area.valid_until - 1
    with connections[STORE].cursor() as cursor:
        cursor.execute(DISTANCES, {
            "area": area.code, "level": area.level, "year": year or last, "on": list(on), "indicator": indicator,
            "first": area.valid_from, "until": area.valid_until, "fewest": FEWEST, "statistics": list(MOST_SAYING),
        })  # fmt: skip
        rows = cursor.fetchall()
    indicators = tuple(sorted(rows[0][3])) if rows else ()
    return Similar(indicators, len(rows), tuple(Near(code, round(far, 6), shared)
                                                for code, far, shared, _looked in rows[:COUNT]))  # fmt: skip


DISTANCES = """
WITH own AS (
    SELECT DISTINCT ON (o.indicator_code) o.* FROM monitoring_observation o
    JOIN monitoring_indicator i ON i.code = o.indicator_code AND i.municipality_code = ''
    LEFT JOIN monitoring_indicatordefinition d ON d.indicator_id = i.code AND d.version = o.definition_version
    WHERE o.area_code = %(area)s AND o.municipality_code = '' AND o.value IS NOT NULL
      AND o.statistic = ANY(%(statistics)s) AND o.indicator_code <> %(indicator)s
      AND CASE WHEN %(on)s::text[] = '{}' THEN i.kind = 'context' ELSE i.code = ANY(%(on)s::text[]) END
      AND o.area_year >= %(first)s AND (%(until)s::int IS NULL OR o.area_year < %(until)s::int)
    ORDER BY o.indicator_code, o.period_end DESC, d."order" DESC NULLS LAST,
             array_position(%(statistics)s::text[], o.statistic::text), o.source_code, o.population, o.area_year DESC
), level AS (
    SELECT DISTINCT code FROM monitoring_area
    WHERE level = %(level)s AND valid_from <= %(year)s AND (valid_until IS NULL OR valid_until > %(year)s)
      AND (%(indicator)s = '' OR EXISTS (
          SELECT FROM monitoring_observation h WHERE h.area_code = code AND h.indicator_code = %(indicator)s
             AND h.municipality_code = '' AND h.value IS NOT NULL))
), figures AS (
    SELECT DISTINCT ON (o.indicator_code, o.area_code) o.indicator_code, o.area_code, o.value, own.value AS mine
    FROM own JOIN monitoring_observation o USING (indicator_code, period_start, period_end, period_kind,
                                                  definition_version, statistic, population, source_code)
    JOIN level ON level.code = o.area_code OR o.area_code = %(area)s
    WHERE o.municipality_code = '' AND o.value IS NOT NULL
    ORDER BY o.indicator_code, o.area_code, o.area_year DESC
), spread AS (
    SELECT indicator_code, stddev_pop(value) AS sd FROM figures
    GROUP BY indicator_code HAVING stddev_pop(value) > 0
), looked AS (SELECT coalesce(array_agg(indicator_code), '{}') AS at FROM spread)
SELECT f.area_code, sqrt(avg(((f.value - f.mine) / s.sd) ^ 2)) AS distance, count(*),
       (SELECT at FROM looked)
FROM figures f JOIN spread s USING (indicator_code)
WHERE f.area_code <> %(area)s
GROUP BY f.area_code
HAVING count(*) >= least(%(fewest)s, (SELECT cardinality(at) FROM looked))
ORDER BY distance, f.area_code
"""
