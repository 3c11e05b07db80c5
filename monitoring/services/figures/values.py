"""Reading the official figures of some areas: from their series, or from the rows of areas not folded yet."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import repeat
from typing import Any

import orjson

from config.stores import ask
from monitoring.models import Observation
from monitoring.periods import Period
from monitoring.series import Series, Value, series_in
from monitoring.services.figures.series import POINTS

STORE = "monitoring"
States = Mapping[str, tuple[int, bool]]
Wanted = dict[tuple[str, ...], set[tuple[date, date]]]
FIELDS = (
    "indicator_code", "area_code", "area_year", "period_kind", "period_start", "period_end", "definition_version",
    "population", "statistic", "source_code", "value", "unit", "qualifier", "status", "numerator", "denominator",
    "basis", "areas_used", "areas_total", "conflict", "note", "citation", "origin", "demo",
)  # fmt: skip
"""What a profile knows of an observation: the key and values of its series, and its DETAILS."""
_STATES = "SELECT area_code, stamp, folded FROM monitoring_figurestate WHERE area_code = ANY(%s)"
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
_details = lru_cache(maxsize=10_000)(orjson.loads)


def states_of(areas: Sequence[str]) -> dict[str, tuple[int, bool]]:
    """Area → its stamp, and whether its series count. An area that never had figures is left out. One query."""
    rows = ask(STORE, _STATES, [list(areas)])
    return {code: (stamp, stamp == folded) for code, stamp, folded in rows}


def stamps_in(states: States, areas: Iterable[str]) -> dict[str, int]:
    """The stamps of these areas; 0 for one that never had figures."""
    return {code: states.get(code, (0, False))[0] for code in areas}


def series_of(area: str, states: States, *, indicator: str = "") -> list[Series]:
    """The official figures of one area. One query. states, indicator: as for `values_of`."""
    if not states.get(area, (0, False))[1]:
        return series_in(_from_rows([area], indicator, None))
    return list(_series([area], indicator))


def values_of(areas: Sequence[str], states: States | None = None, *, indicator: str = "",
              beside: Iterable[Series] | None = None) -> list[Value]:  # fmt: skip
    """The official figures of these areas, those of one series by time. At most three queries.

    states: as `states_of` gave them before; a change after that is seen, or not yet, never half. indicator: only of
    this one. beside: only figures of the last period of each of these series: all that their newest ones can be set
    beside.
    """
    states = states_of(areas) if states is None else states
    folded = [code for code in areas if states.get(code, (0, False))[1]]
    others = sorted(set(areas) - set(folded))
    wanted = None if beside is None else _last_periods(beside)
    found = _folded(folded, indicator, wanted) if folded else []
    return found + _from_rows(others, indicator, wanted) if others else found


def _folded(areas: Sequence[str], indicator: str, wanted: Wanted | None) -> list[Value]:
    """Whole series; or of each only the figures of some days, picked by the database."""
    if wanted is None:
        return [value for one in _series(areas, indicator) for value in one.values]
    starts = sorted({start for days in wanted.values() for start, _end in days})
    rows = _asked(_PICKED, areas, indicator, starts)
    return [_picked(*row) for row in rows if (row[6], row[7]) in wanted.get(row[1:5], ())]


def _last_periods(own: Iterable[Series]) -> Wanted:
    """What a figure must share with the newest of a series: all but the source, and the days."""
    found: Wanted = defaultdict(set)
    for one in own:
        last = one.periods[-1]
        found[one.indicator_code, *one.key[:3]].add((last.start, last.end))
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


def _asked(statement: str, areas: Sequence[str], indicator: str, starts: Sequence[date] = ()) -> list[Any]:
    where = " AND indicator_code = %(indicator)s" if indicator else ""
    return ask(STORE, statement + where, {"areas": list(areas), "indicator": indicator, "starts": list(starts)})


def _series(areas: Sequence[str], indicator: str) -> Iterator[Series]:
    """A row is a series, unless its points speak of periods of several kinds."""
    for row in _asked(_SERIES, areas, indicator):
        one = _whole(*row)
        if len({said[0] for said in one.said}) == 1:
            yield one
        else:
            yield from series_in(one.values)


def _whole(area: str, indicator: str, version: str, statistic: str, population: str, source: str, starts: list[date],
           ends: list[date], years: list[int], values: list[float | None], numerators: list[float | None] | None,
           denominators: list[float | None] | None, details: str) -> Series:  # fmt: skip
    said, unknown = _details(details), [None] * len(starts)
    kinds = repeat(said[0][0]) if len(said) == 1 else [one[0] for one in said]
    return Series(indicator, area, version, statistic, population, source, list(map(period_of, kinds, starts, ends)),
                  years, values, numerators or unknown, denominators or unknown, said)  # fmt: skip


def _picked(area: str, indicator: str, version: str, statistic: str, population: str, source: str, start: date,
            end: date, year: int, value: float | None, numerator: float | None, denominator: float | None,
            details: str, place: int) -> Value:  # fmt: skip
    """place: of the point in its series, from 1."""
    said = _details(details)
    kind, unit, qualifier, status, *rest = said[0 if len(said) == 1 else place - 1]
    return Value(indicator, area, year, period_of(kind, start, end), version, population, statistic, source,
                 value, unit, qualifier, status, numerator, denominator, *rest)  # fmt: skip
