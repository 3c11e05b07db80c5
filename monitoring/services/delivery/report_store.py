"""Storing delivered reports: compared with what is known, and written where they differ, in one statement.

One round trip whatever the number of reports, and no row written but those that are new or different (performance.md
§2). Columns travel as JSON, which both sides read and write fastest; a column that says nothing stays empty.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import zip_longest
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from config.stores import ask
from monitoring.measures import Counts
from monitoring.models import OutcomeReport
from monitoring.services.aggregation.lines import COUNTED
from monitoring.services.delivery.known import Checked
from monitoring.services.delivery.report_statement import COLUMNS, statement

STORE = "monitoring"


class Standing(NamedTuple):
    """What the store held against a delivered report. id, version: of the report with its key; 0: there was none.
    same: nothing differed. odd: it may be far from what came before (outliers.py decides), so nothing was stored.
    said: what was replaced, by field."""

    id: str
    version: int
    same: bool
    odd: bool
    said: dict[str, Any] | None


def store(
    reports: Sequence[Checked], ids: Sequence[str], statuses: Sequence[str] = (), *, receipt_id: UUID, actor: str
) -> dict[int, Standing]:
    """Store what is new or differs, with marks and what it replaces, unless something is odd.

    ids: for new reports. statuses: what each will be; when given, odd or not is decided. Place in `reports` → what was
    held against it, for those that are known or odd.
    """
    components = enumerate(zip_longest(*(one.counts for one in reports)), 1)
    delivered = (place for place, values in components if set(values) != {None})
    columns = _columns(reports, id=ids, status=statuses)
    rows = ask(STORE, statement(delivered), [actor, receipt_id, bool(statuses), *columns])
    return {number: Standing(*rest) for number, *rest in rows}


def _columns(reports: Iterable[Checked], **more: Sequence[Any]) -> list[str]:
    """The series of the reports and the columns of `COLUMNS`, each as JSON; counts as PostgreSQL writes arrays, a line
    each: nested JSON is read more slowly."""
    series, areas, counts, own_ids, explanations = zip(*reports, strict=True)
    numbers = {one: number for number, one in enumerate(dict.fromkeys(series))}
    told = [
        {"number": number, "municipality_code": one.fact.municipality_code, "measure": one.measure.code,
         "organisation_code": one.fact.organisation_code, "offering_code": one.fact.offering_code,
         "period_kind": one.period.kind, "period_start": one.period.start, "period_end": one.period.end,
         "demo": one.fact.demo}
        for one, number in numbers.items()
    ]  # fmt: skip
    columns = {"series": list(map(numbers.__getitem__, series)), "area_code": areas,
               "explanation": _unless(explanations, {""}), "external_id": _unless(own_ids, {""})} | more  # fmt: skip
    texts = [orjson.dumps(one).decode() for one in (told, *(columns[name] for name in COLUMNS[:-1]))]
    return [*texts, orjson.dumps(counts).decode()[2:-2].join("{}").replace("],[", "}\n{")]


def _unless(column: Sequence[Any], silent: set[Any]) -> Sequence[Any]:
    """The column, or an empty one when all of it is what the statement takes for granted."""
    return () if set(column) <= silent else column


Earlier = dict[tuple[Any, ...], list[tuple[date, Counts]]]


def earlier(reports: Sequence[Checked]) -> Earlier:
    """(offering, measure, kind of period, area) → the counted reports before the last of these. One query."""
    rows = OutcomeReport.objects.filter(
        offering_code__in={one.series.fact.offering_code for one in reports},
        measure__in={one.series.measure.code for one in reports}, area_code__in={one.area_code for one in reports},
        status__in=COUNTED, period_end__lte=max(one.series.period.start for one in reports),
    )  # fmt: skip
    found: Earlier = {}
    for *key, end, counts in rows.values_list(
        "offering_code", "measure", "period_kind", "area_code", "period_end", "counts"
    ):
        found.setdefault(tuple(key), []).append((end, tuple(counts)))
    return found
