"""The factors of a ranking as CSV: the same stored numbers, a row per factor (RFC 4180; conventions.md §4)."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from rest_framework.renderers import BaseRenderer

COLUMNS = (
    "factorCode", "name", "kind", "lifeDomains", "lifePhases", "ranked", "reason", "denseRank", "competitionRank",
    "score", "lever", "connections", "rankMedian", "rankLow", "rankHigh", "probabilityTop5", "sucra", "band", "flags",
)  # fmt: skip


class RankingCsvRenderer(BaseRenderer):
    """Writes the list of factors; a problem is never written as CSV (config/api/problems.py sees to that)."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> str:
        return "".join(_lines(data["results"]))


def _lines(factors: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Each element has a column of points: `points.relevance` and so on, as they come in the first ranked factor."""
    rows = list(factors)
    elements = next(([point["element"] for point in row["points"]] for row in rows if row["points"]), [])
    yield _line([*COLUMNS, *(f"points.{element}" for element in elements)])
    for row in rows:
        points = {point["element"]: point["value"] for point in row["points"]}
        yield _line([*(row[column] for column in COLUMNS), *(points.get(element) for element in elements)])


def _line(cells: Iterable[Any]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow([_cell(cell) for cell in cells])
    return written.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return " ".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"  # a spreadsheet would take it for a formula
    return value
