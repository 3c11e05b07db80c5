"""Reading the official figures of some areas: from their series, or from the rows of areas not folded yet."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson
from django.db import connections

from monitoring.models import FigureState, Observation
from monitoring.periods import Period
from monitoring.profile import Value
from monitoring.services.series import POINTS

STORE = "monitoring"
FIELDS = (
    "indicator_code", "area_code", "area_year", "period_kind", "period_start", "period_end", "definition_version",
    "population", "statistic", "source_code", "value", "unit", "qualifier", "status", "numerator", "denominator",
    "basis", "areas_used", "areas_total", "conflict", "note", "citation", "origin", "demo",
)  # fmt: skip
"""What a profile knows of an observation: the key and values of its series, and its DETAILS."""
_SERIES = f"""
    SELECT area_code, indicator_code, definition_version, population, statistic, source_code,
           {", ".join(f'"{name}"' for name in POINTS)}
    FROM monitoring_observationseries WHERE area_code = ANY(%s) AND municipality_code = ''
"""  # noqa: S608 - names of our own columns
period_of = lru_cache(maxsize=10_000)(Period)
_details = lru_cache(maxsize=10_000)(orjson.loads)


def states_of(areas: Sequence[str]) -> dict[str, tuple[int, bool]]:
    """Area → its stamp, and whether its series count. An area that never had figures is left out. One query."""
    rows = FigureState.objects.filter(area_code__in=areas).values_list("area_code", "stamp", "folded")
    return {code: (stamp, stamp == folded) for code, stamp, folded in rows}


def values_of(areas: Sequence[str], states: Mapping[str, tuple[int, bool]] | None = None) -> list[Value]:
    """The official figures of these areas, those of one series by time. Two or three queries.

    states: as `states_of` gave them before; a change after that is seen, or not yet, never half.
    """
    states = states_of(areas) if states is None else states
    folded = [code for code in areas if states.get(code, (0, False))[1]]
    others = [code for code in areas if code not in folded]
    found = list(_from_series(folded)) if folded else []
    return found + _from_rows(others) if others else found


def _from_rows(areas: Sequence[str]) -> list[Value]:
    rows = Observation.objects.official().filter(area_code__in=areas).values_list(*FIELDS)
    return [
        Value(indicator, area, year, period_of(kind, start, end), *rest)
        for indicator, area, year, kind, start, end, *rest in rows.order_by("period_kind")
    ]


def _from_series(areas: Sequence[str]) -> Iterator[Value]:
    connection: Any = connections[STORE]
    with connection.binary_cursor() as cursor:
        cursor.execute(_SERIES, [list(areas)])
        for row in cursor.fetchall():
            yield from _points(*row)


def _points(area: str, indicator: str, version: str, population: str, statistic: str, source: str, starts: list[Any],
            ends: list[Any], years: list[int], values: list[float | None], numerators: list[float | None] | None,
            denominators: list[float | None] | None, details: str) -> Iterator[Value]:  # fmt: skip
    count, said = len(starts), _details(details)
    unknown = [None] * count
    points = zip(starts, ends, years, values, numerators or unknown, denominators or unknown,
                 said * count if len(said) == 1 else said, strict=True)  # fmt: skip
    for start, end, year, value, numerator, denominator, (kind, unit, qualifier, status, *rest) in points:
        yield Value(indicator, area, year, period_of(kind, start, end), version, population, statistic, source, value,
                    unit, qualifier, status, numerator, denominator, *rest)  # fmt: skip
