"""Reading the official figures of some areas: from their series, or from the rows of areas not folded yet."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import orjson
from django.db import connections

from monitoring.models import FigureState, Observation
from monitoring.periods import Period
from monitoring.profile import Value
from monitoring.services.series import POINTS

STORE = "monitoring"
States = Mapping[str, tuple[int, bool]]
Wanted = dict[tuple[str, ...], set[tuple[date, date]]]
FIELDS = (
    "indicator_code", "area_code", "area_year", "period_kind", "period_start", "period_end", "definition_version",
    "population", "statistic", "source_code", "value", "unit", "qualifier", "status", "numerator", "denominator",
    "basis", "areas_used", "areas_total", "conflict", "note", "citation", "origin", "demo",
)  # fmt: skip
"""What a profile knows of an observation: the key and values of its series, and its DETAILS."""
_KEY = "area_code, indicator_code, definition_version, statistic, population, source_code"
_OF_AREAS = "area_code = ANY(%(areas)s) AND municipality_code = ''"
_SERIES = f"""
    SELECT {_KEY}, {", ".join(f'"{name}"' for name in POINTS)} FROM monitoring_observationseries WHERE {_OF_AREAS}
"""  # noqa: S608 - names of our own columns
_PICKED = f"""
    SELECT {_KEY}, {", ".join(f'"{name}"[place]' for name in POINTS if name != "details")}, details, place::int
    FROM monitoring_observationseries, unnest(period_starts) WITH ORDINALITY AS point(start, place)
    WHERE {_OF_AREAS} AND start = ANY(%(starts)s)
"""  # noqa: S608 - names of our own columns
period_of = lru_cache(maxsize=10_000)(Period)
_value = Value._make
_details = lru_cache(maxsize=10_000)(orjson.loads)


def states_of(areas: Sequence[str]) -> dict[str, tuple[int, bool]]:
    """Area → its stamp, and whether its series count. An area that never had figures is left out. One query."""
    rows = FigureState.objects.filter(area_code__in=areas).values_list("area_code", "stamp", "folded")
    return {code: (stamp, stamp == folded) for code, stamp, folded in rows}


def stamps_in(states: States, areas: Iterable[str]) -> dict[str, int]:
    """The stamps of these areas; 0 for one that never had figures."""
    return {code: states.get(code, (0, False))[0] for code in areas}


def values_of(areas: Sequence[str], states: States | None = None, *, indicator: str = "",
              beside: Iterable[Value] | None = None) -> list[Value]:  # fmt: skip
    """The official figures of these areas, those of one series by time. At most three queries.

    states: as `states_of` gave them before; a change after that is seen, or not yet, never half. indicator: only of
    this one. beside: only figures of the last period of each series that these form, in any area: all that their
    newest ones can be set beside.
    """
    states = states_of(areas) if states is None else states
    folded = [code for code in areas if states.get(code, (0, False))[1]]
    others = sorted(set(areas) - set(folded))
    wanted = None if beside is None else _last_periods(beside)
    found = list(_from_series(folded, indicator, wanted)) if folded else []
    return found + _from_rows(others, indicator, wanted) if others else found


def _last_periods(values: Iterable[Value]) -> Wanted:
    """What a figure must share with the newest of a series: all but the source, and the days."""
    newest: dict[tuple[str, ...], Period] = {}
    key: tuple[str, ...]
    for value in values:
        key, period = (value.indicator_code, *value.series_key), value.period
        if key not in newest or (period.start, period.end) > (newest[key].start, newest[key].end):
            newest[key] = period
    found: Wanted = defaultdict(set)
    for key, period in newest.items():
        found[key[:-1]].add((period.start, period.end))
    return found


def _from_rows(areas: Sequence[str], indicator: str, wanted: Wanted | None) -> list[Value]:
    rows = Observation.objects.official().filter(area_code__in=areas).matching(indicator_code=indicator or None)
    found = [
        Value(code, area, year, period_of(kind, start, end), *rest)
        for code, area, year, kind, start, end, *rest in rows.order_by("period_kind").values_list(*FIELDS)
    ]
    if wanted is None:
        return found
    return [
        value for value in found
        if (value.period.start, value.period.end) in wanted.get((value.indicator_code, *value.series_key[:3]), ())
    ]  # fmt: skip


def _from_series(areas: Sequence[str], indicator: str, wanted: Wanted | None) -> Iterator[Value]:
    """Whole series; or of each only the figures of some days, picked by the database."""
    starts = None if wanted is None else sorted({start for days in wanted.values() for start, _end in days})
    where = " AND indicator_code = %(indicator)s" if indicator else ""
    connection: Any = connections[STORE]
    with connection.binary_cursor() as cursor:
        cursor.execute((_SERIES if starts is None else _PICKED) + where,
                       {"areas": list(areas), "indicator": indicator, "starts": starts})  # fmt: skip
        rows = cursor.fetchall()
    for row in rows:
        if wanted is None:
            yield from _points(*row)
        elif (row[6], row[7]) in wanted.get(row[1:5], ()):
            yield _picked(*row)


def _points(area: str, indicator: str, version: str, statistic: str, population: str, source: str, starts: list[date],
            ends: list[date], years: list[int], values: list[float | None], numerators: list[float | None] | None,
            denominators: list[float | None] | None, details: str) -> Iterator[Value]:  # fmt: skip
    count, said = len(starts), _details(details)
    unknown = [None] * count
    points = zip(starts, ends, years, values, numerators or unknown, denominators or unknown,
                 said * count if len(said) == 1 else said, strict=True)  # fmt: skip
    for start, end, year, value, numerator, denominator, (kind, unit, qualifier, status, *rest) in points:
        yield _value((indicator, area, year, period_of(kind, start, end), version, population, statistic, source,
                      value, unit, qualifier, status, numerator, denominator, *rest))  # fmt: skip


def _picked(area: str, indicator: str, version: str, statistic: str, population: str, source: str, start: date,
            end: date, year: int, value: float | None, numerator: float | None, denominator: float | None,
            details: str, place: int) -> Value:  # fmt: skip
    """place: of the point in its series, from 1."""
    said = _details(details)
    kind, unit, qualifier, status, *rest = said[0 if len(said) == 1 else place - 1]
    return Value(indicator, area, year, period_of(kind, start, end), version, population, statistic, source,
                 value, unit, qualifier, status, numerator, denominator, *rest)  # fmt: skip
