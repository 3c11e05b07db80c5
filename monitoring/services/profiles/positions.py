"""Where an area stands among the areas of its level within each area it lies in."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connections

from monitoring.models import Area
from monitoring.series import Value

STORE = "monitoring"
STILL = 9999  # later than any end: what holds then has no end


@dataclass(frozen=True)
class Position:
    """Among the siblings within one area: how many there are, how many have the figure, and where this one stands.

    rank: 1 is the most favourable, or the highest when neither way is better; equals share a rank.
    """

    within_code: str
    siblings: int
    with_figure: int
    rank: int
    equals: int


def positions(area: Area, value: Value, *, within: Sequence[str], lower_first: bool, year: int | None = None
              ) -> tuple[Position, ...]:  # fmt: skip
    """In the order of `within`; an area without siblings is left out. One query.

    value: the figure of the area that is compared. year: in which areas lie in each other; without it the last one.
    """
    if value.value is None:
        return ()
    last = STILL if area.valid_until is None else area.valid_until - 1
    with connections[STORE].cursor() as cursor:
        cursor.execute(SIBLINGS, {
            "within": list(within), "level": area.level, "year": year or last, "area": area.code, "value": value.value,
            "indicator": value.indicator_code, "kind": value.period.kind, "start": value.period.start,
            "end": value.period.end, "definition": value.definition_version, "statistic": value.statistic,
            "population": value.population, "source": value.source_code,
        })  # fmt: skip
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    return tuple(_position(code, found[code], lower_first) for code in within if code in found and found[code][0] > 1)


def _position(code: str, row: tuple[int, int, int, int, int], lower_first: bool) -> Position:
    siblings, known, higher, lower, equals = row
    return Position(code, siblings, known, 1 + (lower if lower_first else higher), equals)


SIBLINGS = """
WITH RECURSIVE inside(root, code) AS (
    SELECT parent_code, child_code FROM monitoring_areamembership
    WHERE parent_code = ANY(%(within)s) AND valid_from <= %(year)s AND coalesce(valid_until > %(year)s, true)
    UNION
    SELECT inside.root, m.child_code FROM inside JOIN monitoring_areamembership m ON m.parent_code = inside.code
    WHERE m.valid_from <= %(year)s AND coalesce(m.valid_until > %(year)s, true)
), sibling AS (
    SELECT DISTINCT root, code FROM inside JOIN monitoring_area USING (code)
    WHERE level = %(level)s AND valid_from <= %(year)s AND coalesce(valid_until > %(year)s, true)
), figure AS (
    SELECT DISTINCT ON (area_code) area_code, value FROM monitoring_observation
    WHERE indicator_code = %(indicator)s AND period_start = %(start)s AND period_end = %(end)s
      AND period_kind = %(kind)s AND definition_version = %(definition)s AND statistic = %(statistic)s
      AND population = %(population)s AND source_code = %(source)s AND municipality_code = '' AND value IS NOT NULL
    ORDER BY area_code, area_year DESC
)
SELECT root, count(*), count(value), count(*) FILTER (WHERE value > %(value)s),
       count(*) FILTER (WHERE value < %(value)s),
       count(*) FILTER (WHERE value = %(value)s AND sibling.code <> %(area)s)
FROM sibling LEFT JOIN figure ON figure.area_code = sibling.code
GROUP BY root
"""
