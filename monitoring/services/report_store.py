"""Comparing delivered reports with what is known, and writing what differs: each in one statement (performance.md §2).

One round trip whatever the number of reports, and no row written but those that are new or different. Columns travel as
JSON, which both sides read and write fastest; columns that say nothing (no texts, all versions first) stay empty.
"""

# ruff: noqa: S608 - only names of our own tables and columns are put into statements; values are parameters
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import zip_longest
from typing import Any, NamedTuple
from uuid import UUID

import orjson
import structlog

from config.stores import ask
from monitoring.measures import Counts
from monitoring.models import OutcomeReport
from monitoring.models.report import ReportBase
from monitoring.outliers import EARLIER_NEEDED, WIDTH
from monitoring.services.known import Checked
from monitoring.services.lines import COUNTED

STORE = "monitoring"


class Standing(NamedTuple):
    """What the store holds against a delivered report. id, version: of the report with its key; "" and 0: it is new.
    same: nothing differs. odd: it may be far from what came before (outliers.py decides)."""

    id: str = ""
    version: int = 0
    same: bool = False
    odd: bool = False


class Version(NamedTuple):
    """One version of a report as it will stand; the first one is a new report."""

    id: str
    version: int
    status: str
    report: Checked

    @property
    def new(self) -> bool:
        return self.version == 1


COPIED = ", ".join(f.name for f in ReportBase._meta.get_fields() if hasattr(f, "attname"))
OF_SERIES = "municipality_code, organisation_code, offering_code, measure, period_kind, period_start, period_end, demo"
COLUMNS = ("series", "area_code", "counts", "explanation", "external_id", "id", "version", "status")
GIVEN = f"""
    series AS MATERIALIZED (
        SELECT * FROM json_to_recordset(%s::json) AS series (number int, municipality_code text, organisation_code text,
            offering_code text, measure text, period_kind text, period_start date, period_end date, demo boolean)
    ), given AS MATERIALIZED (
        SELECT row.number - 1 AS number, {OF_SERIES}, area_code, translate(counts, '[]', '{{}}')::bigint[] AS counts,
               coalesce(explanation, '') AS explanation, coalesce(external_id, '') AS external_id, id::uuid AS id,
               coalesce(version::int, 1) AS version, coalesce(status, 'accepted') AS status
        FROM ROWS FROM ({", ".join(["json_array_elements_text(%s::json)"] * len(COLUMNS))}) WITH ORDINALITY
          AS row ({", ".join(COLUMNS)}, number)
        JOIN series ON series.number = row.series::int
    )"""
UNUSUAL = (
    "abs(given.counts[{0}] - avg(report.counts[{0}]::float8)) > "
    f"{WIDTH} * sqrt(greatest(avg(report.counts[{{0}}]::float8), var_samp(report.counts[{{0}}]::float8), 1))"
)
"""Of the component at a place: true wherever outliers.usual_range would say so, and a little more often."""
COMPARE = f"""
    WITH {GIVEN}, found AS (
        SELECT given.number, report.id::text AS id, report.version,
               report.status <> 'withdrawn' AND report.counts = given.counts
               AND report.explanation = given.explanation AND report.external_id = given.external_id AS same,
               EXISTS (
                   SELECT FROM monitoring_outcomereport AS report
                   WHERE report.offering_code = given.offering_code AND report.measure = given.measure
                     AND report.area_code = given.area_code AND report.period_start < given.period_start
                     AND report.period_kind = given.period_kind AND report.period_end <= given.period_start
                     AND report.status = ANY(%s)
                   HAVING count(*) >= {EARLIER_NEEDED} AND (unusual)
               ) AS odd
        FROM given LEFT JOIN monitoring_outcomereport AS report
          ON report.offering_code = given.offering_code AND report.measure = given.measure
         AND report.area_code = given.area_code AND report.period_start = given.period_start
         AND report.period_kind = given.period_kind
    )
    SELECT number, coalesce(id, ''), coalesce(version, 0), coalesce(same, false), odd FROM found
    WHERE id IS NOT NULL OR odd
"""
SAID = """jsonb_build_object('counts', {0}.counts, 'explanation', nullif({0}.explanation, ''), 'status', {0}.status,
                             'version', {0}.version, 'externalId', nullif({0}.external_id, ''))"""
WRITTEN = f"{OF_SERIES}, area_code, counts, explanation, external_id, version, status"
WRITE = f"""
    WITH {GIVEN}, old AS MATERIALIZED (
        SELECT report.* FROM monitoring_outcomereport AS report JOIN given USING (id) WHERE given.version > 1
    ), kept AS (
        INSERT INTO monitoring_outcomereporthistory (report_id, {COPIED}) SELECT id, {COPIED} FROM old
    ), fresh AS (
        INSERT INTO monitoring_outcomereport (id, {WRITTEN}, recorded_by, receipt_id)
        SELECT id, {WRITTEN}, %s, %s FROM given WHERE version = 1
    ), replaced AS (
        UPDATE monitoring_outcomereport AS report
        SET counts = given.counts, explanation = given.explanation, external_id = given.external_id,
            status = given.status, version = given.version, recorded_at = statement_timestamp(),
            recorded_by = %s, receipt_id = %s
        FROM given WHERE report.id = given.id AND given.version > 1
    ), marked AS (
        INSERT INTO monitoring_aggregatemark (municipality_code, offering_code, measure, area_code, period_kind,
                                              period_start)
        SELECT municipality_code, offering_code, measure, area_code, period_kind, period_start FROM given
    )
    INSERT INTO monitoring_auditentry (actor, municipality_code, organisation_code, action, resource, resource_code,
                                       before, after, request_id)
    SELECT %s, given.municipality_code, given.organisation_code,
           CASE WHEN old.id IS NULL THEN 'outcome-report.created' ELSE 'outcome-report.updated' END, 'outcome-reports',
           given.id::text, CASE WHEN old.id IS NOT NULL THEN {SAID.format("old")} END, {SAID.format("given")}, %s
    FROM given LEFT JOIN old USING (id)
"""


def compare(reports: Sequence[Checked]) -> dict[int, Standing]:
    """Place in `reports` → what the store holds against it, for those that are known or odd. One query."""
    components = enumerate(zip_longest(*(one.counts for one in reports)), 1)
    delivered = [place for place, values in components if set(values) != {None}]
    statement = COMPARE.replace("unusual", " OR ".join(UNUSUAL.format(place) for place in delivered) or "false")
    rows = ask(STORE, statement, [*_columns(reports), [str(status) for status in COUNTED]])
    return {number: Standing(*rest) for number, *rest in rows}


def write(versions: Sequence[Version], *, receipt_id: UUID, actor: str) -> None:
    """Store new reports and new versions of known ones. Nothing given, nothing asked."""
    if not versions:
        return
    ids, numbers, statuses, reports = zip(*versions, strict=True)
    columns = _columns(reports, id=ids, version=_unless(numbers, {1}), status=_unless(statuses, {"accepted"}))
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    ask(STORE, WRITE, [*columns, actor, receipt_id, actor, receipt_id, actor, request_id])


def _columns(reports: Iterable[Checked], **more: Sequence[Any]) -> list[str]:
    """The series of the reports and the columns of `GIVEN`, each as JSON."""
    series, areas, counts, own_ids, explanations = zip(*reports, strict=True)
    numbers = {one: number for number, one in enumerate(dict.fromkeys(series))}
    told = [
        {"number": number, "municipality_code": one.fact.municipality_code, "measure": one.measure.code,
         "organisation_code": one.fact.organisation_code, "offering_code": one.fact.offering_code,
         "period_kind": one.period.kind, "period_start": one.period.start, "period_end": one.period.end,
         "demo": one.fact.demo}
        for one, number in numbers.items()
    ]  # fmt: skip
    columns = {"series": list(map(numbers.__getitem__, series)), "area_code": areas, "counts": counts,
               "explanation": _unless(explanations, {""}), "external_id": _unless(own_ids, {""})} | more  # fmt: skip
    return [orjson.dumps(one).decode() for one in (told, *(columns.get(name, ()) for name in COLUMNS))]


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
