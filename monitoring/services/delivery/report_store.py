"""Storing delivered reports: compared with what is known, and written where they differ, in one statement.

One round trip whatever the number of reports, and no row written but those that are new or different (performance.md
§2). Columns travel as JSON, which both sides read and write fastest; a column that says nothing stays empty.
"""

# ruff: noqa: S608 - only names of our own tables and columns are put into statements; values are parameters
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import zip_longest
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from config.stores import ask
from monitoring.measures import Counts
from monitoring.models import OutcomeReport
from monitoring.models.report import ReportBase
from monitoring.outliers import EARLIER_NEEDED, WIDTH
from monitoring.services.aggregation import aggregates
from monitoring.services.aggregation.lines import COUNTED
from monitoring.services.delivery.known import Checked

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


ALIKE = ", ".join(aggregates.ALIKE)
COPIED = ", ".join(f.name for f in ReportBase._meta.get_fields() if hasattr(f, "attname"))
OF_SERIES = "municipality_code, organisation_code, offering_code, measure, period_kind, period_start, period_end, demo"
COLUMNS = ("series", "area_code", "explanation", "external_id", "id", "status", "counts")
UNUSUAL = (
    "abs(given.counts[{0}] - avg(report.counts[{0}]::float8)) > "
    f"{WIDTH} * sqrt(greatest(avg(report.counts[{{0}}]::float8), var_samp(report.counts[{{0}}]::float8), 1))"
)
"""Of the component at a place: true wherever outliers.usual_range would say so, and a little more often."""
SAID = """jsonb_build_object('counts', old.counts, 'explanation', nullif(old.explanation, ''), 'status', old.status,
                             'version', old.version, 'externalId', nullif(old.external_id, ''))"""
WRITTEN = f"{OF_SERIES}, area_code, counts, explanation, external_id, version, status"
STATEMENT = f"""
    WITH said AS MATERIALIZED (
        SELECT %s::text AS actor, %s::uuid AS receipt, %s::boolean AS decided
    ), series AS MATERIALIZED (
        SELECT * FROM json_to_recordset(%s::json) AS series (number int, municipality_code text, organisation_code text,
            offering_code text, measure text, period_kind text, period_start date, period_end date, demo boolean)
    ), given AS MATERIALIZED (
        SELECT row.number - 1 AS number, {OF_SERIES}, area_code, counts::bigint[] AS counts,
               coalesce(explanation, '') AS explanation, coalesce(external_id, '') AS external_id, id::uuid AS id,
               coalesce(status, 'accepted') AS status
        FROM ROWS FROM ({", ".join(["json_array_elements_text(%s::json)"] * (len(COLUMNS) - 1))},
                        string_to_table(%s, chr(10))) WITH ORDINALITY
          AS row ({", ".join(COLUMNS)}, number)
        JOIN series ON series.number = row.series::int
    ), judged AS MATERIALIZED (
        SELECT number, {OF_SERIES}, area_code, counts, explanation,
               coalesce(nullif(external_id, ''), known.own_id, '') AS external_id, given.status,
               coalesce(known.id, given.id) AS id, coalesce(known.version, 0) + 1 AS version,
               coalesce(known.same, false) AS same,
               NOT (said.decided OR coalesce(known.same, false)) AND EXISTS (
                   SELECT FROM monitoring_outcomereport AS report
                   WHERE report.offering_code = given.offering_code AND report.measure = given.measure
                     AND report.area_code = given.area_code AND report.period_start < given.period_start
                     AND report.period_kind = given.period_kind AND report.period_end <= given.period_start
                     AND report.status IN {tuple(map(str, COUNTED))}
                   HAVING count(*) >= {EARLIER_NEEDED} AND (unusual)
               ) AS odd
        FROM given CROSS JOIN said LEFT JOIN LATERAL (
            SELECT report.id, report.version, report.external_id AS own_id,
                   report.status <> 'withdrawn' AND report.counts = given.counts
                   AND report.explanation = given.explanation AND given.external_id IN ('', report.external_id) AS same
            FROM monitoring_outcomereport AS report
            WHERE report.offering_code = given.offering_code AND report.measure = given.measure
              AND report.area_code = given.area_code AND report.period_start = given.period_start
              AND report.period_kind = given.period_kind
            LIMIT 1  -- there is one at most; this has it looked up by the index, however wrongly rows are guessed
        ) AS known ON true
    ), moving AS MATERIALIZED (
        SELECT * FROM judged WHERE NOT same AND NOT EXISTS (SELECT FROM judged WHERE odd)
    ), old AS MATERIALIZED (
        SELECT report.* FROM monitoring_outcomereport AS report JOIN moving USING (id) WHERE moving.version > 1
    ), kept AS (
        INSERT INTO monitoring_outcomereporthistory (report_id, {COPIED}) SELECT id, {COPIED} FROM old
    ), fresh AS (
        INSERT INTO monitoring_outcomereport (id, {WRITTEN}, recorded_by, receipt_id)
        SELECT id, {WRITTEN}, actor, receipt FROM moving CROSS JOIN said WHERE version = 1
    ), replaced AS (
        UPDATE monitoring_outcomereport AS report
        SET counts = moving.counts, explanation = moving.explanation, external_id = moving.external_id,
            status = moving.status, version = moving.version, recorded_at = statement_timestamp(),
            recorded_by = said.actor, receipt_id = said.receipt
        FROM moving CROSS JOIN said WHERE report.id = moving.id AND moving.version > 1
    ), marked AS (
        INSERT INTO monitoring_aggregatemark ({ALIKE}, area_codes)
        SELECT {ALIKE}, array_agg(area_code) FROM moving GROUP BY {ALIKE}
    )
    SELECT number, judged.id::text, judged.version - 1, same, odd, CASE WHEN old.id IS NOT NULL THEN {SAID} END
    FROM judged LEFT JOIN old USING (id) WHERE judged.version > 1 OR odd
"""


def store(
    reports: Sequence[Checked], ids: Sequence[str], statuses: Sequence[str] = (), *, receipt_id: UUID, actor: str
) -> dict[int, Standing]:
    """Store what is new or differs, with marks and what it replaces, unless something is odd.

    ids: for new reports. statuses: what each will be; when given, odd or not is decided. Place in `reports` → what was
    held against it, for those that are known or odd.
    """
    components = enumerate(zip_longest(*(one.counts for one in reports)), 1)
    delivered = [place for place, values in components if set(values) != {None}]
    statement = STATEMENT.replace("unusual", " OR ".join(UNUSUAL.format(place) for place in delivered))
    columns = _columns(reports, id=ids, status=statuses)
    rows = ask(STORE, statement, [actor, receipt_id, bool(statuses), *columns])
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
