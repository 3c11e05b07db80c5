"""The statement that compares delivered reports with what is known and stores those that differ.

Reports alike in all but their area (a series) are looked up together: one walk through the index `outcome_report_once`
instead of one per report. Per series go offering, measure and period; per report only what tells it from the others.
"""

# ruff: noqa: S608 - only names of our own tables and columns are put into statements; values are parameters
from collections.abc import Iterable

from monitoring.models.report import ReportBase
from monitoring.outliers import EARLIER_NEEDED, WIDTH
from monitoring.services.aggregation import aggregates
from monitoring.services.aggregation.lines import COUNTED, RELEASABLE

ALIKE = ", ".join(aggregates.ALIKE)
COPIED = ", ".join(f.name for f in ReportBase._meta.get_fields() if hasattr(f, "attname"))
OF_SERIES = "municipality_code, organisation_code, offering_code, measure, period_kind, period_start, period_end, demo"
COLUMNS = ("series", "area_code", "explanation", "external_id", "id", "status", "counts")
WRITTEN = f"{OF_SERIES}, area_code, counts, explanation, external_id, version, status"
SAID = """jsonb_build_object('counts', old.counts, 'explanation', nullif(old.explanation, ''), 'status', old.status,
                             'version', old.version, 'externalId', nullif(old.external_id, ''))"""
USUAL = "avg(report.counts[{0}]::float8) AS mean{0}, var_samp(report.counts[{0}]::float8) AS spread{0}"
UNUSUAL = f"abs(compared.counts[{{0}}] - mean{{0}}) > {WIDTH} * sqrt(greatest(mean{{0}}, spread{{0}}, 1))"
"""Of the component at a place: true wherever outliers.usual_range would say so, and a little more often."""


def _with_areas(reports: str, condition: str = "true") -> str:
    """The series of these reports, each with their areas."""
    return f"""series JOIN (
            SELECT series AS number, array_agg(area_code) AS areas FROM {reports} WHERE {condition} GROUP BY series
        ) AS own USING (number)"""


IN_SERIES = """report.offering_code = series.offering_code AND report.measure = series.measure
              AND report.area_code = ANY (areas) AND report.period_kind = series.period_kind"""
STATEMENT = f"""
    WITH said AS MATERIALIZED (
        SELECT %s::text AS actor, %s::uuid AS receipt, %s::boolean AS decided
    ), series AS MATERIALIZED (
        SELECT * FROM json_to_recordset(%s::json) AS series (number int, municipality_code text, organisation_code text,
            offering_code text, measure text, period_kind text, period_start date, period_end date, demo boolean)
    ), given AS MATERIALIZED (
        SELECT row.number - 1 AS number, series::int AS series, area_code, counts::bigint[] AS counts,
               coalesce(explanation, '') AS explanation, coalesce(external_id, '') AS external_id, id::uuid AS id,
               coalesce(status, 'accepted') AS status
        FROM ROWS FROM ({", ".join(["json_array_elements_text(%s::json)"] * (len(COLUMNS) - 1))},
                        string_to_table(%s, chr(10))) WITH ORDINALITY
          AS row ({", ".join(COLUMNS)}, number)
    ), known AS MATERIALIZED (
        SELECT series.number AS series, report.*
        FROM {_with_areas("given")} CROSS JOIN LATERAL (
            SELECT * FROM monitoring_outcomereport AS report WHERE {IN_SERIES}
              AND report.period_start = series.period_start OFFSET 0  -- each series by itself, however rows are guessed
        ) AS report
    ), compared AS MATERIALIZED (
        SELECT given.number, given.series, given.area_code, given.counts, given.explanation, given.status,
               coalesce(nullif(given.external_id, ''), known.external_id, '') AS external_id,
               coalesce(known.id, given.id) AS id, coalesce(known.version, 0) + 1 AS version,
               coalesce(known.status <> 'withdrawn' AND known.counts = given.counts
                        AND known.explanation = given.explanation
                        AND given.external_id IN ('', known.external_id), false) AS same,
               coalesce(known.status IN {tuple(map(str, RELEASABLE))} AND known.counts = given.counts, false) AS settled
        FROM given LEFT JOIN known ON known.series = given.series AND known.area_code = given.area_code
    ), usual AS MATERIALIZED (
        SELECT series.number AS series, earlier.*
        FROM said CROSS JOIN {_with_areas("compared", "NOT (same OR settled)")} CROSS JOIN LATERAL (
            SELECT report.area_code, [usual] FROM monitoring_outcomereport AS report
            WHERE {IN_SERIES} AND report.period_start < series.period_start
              AND report.period_end <= series.period_start AND report.status IN {tuple(map(str, COUNTED))}
            GROUP BY report.area_code HAVING count(*) >= {EARLIER_NEEDED}
        ) AS earlier WHERE NOT decided
    ), odd AS MATERIALIZED (
        SELECT compared.number FROM compared JOIN usual USING (series, area_code)
        WHERE NOT (same OR settled) AND ([unusual])
    ), moving AS MATERIALIZED (
        SELECT * FROM compared WHERE NOT same AND NOT EXISTS (SELECT FROM odd)
    ), old AS MATERIALIZED (
        SELECT known.* FROM known JOIN moving USING (id)
    ), kept AS (
        INSERT INTO monitoring_outcomereporthistory (report_id, {COPIED}) SELECT id, {COPIED} FROM old
    ), fresh AS (
        INSERT INTO monitoring_outcomereport (id, {WRITTEN}, recorded_by, receipt_id)
        SELECT id, {WRITTEN}, actor, receipt
        FROM moving JOIN series ON series.number = moving.series CROSS JOIN said WHERE version = 1
    ), replaced AS (
        UPDATE monitoring_outcomereport AS report
        SET counts = moving.counts, explanation = moving.explanation, external_id = moving.external_id,
            status = moving.status, version = moving.version, recorded_at = statement_timestamp(),
            recorded_by = said.actor, receipt_id = said.receipt
        FROM moving CROSS JOIN said WHERE report.id = moving.id AND moving.version > 1
    ), marked AS (
        INSERT INTO monitoring_aggregatemark ({ALIKE}, area_codes)
        SELECT {ALIKE}, areas FROM {_with_areas("moving")}
    )
    SELECT number, compared.id::text, compared.version - 1, same, odd.number IS NOT NULL,
           CASE WHEN old.id IS NOT NULL THEN {SAID} END
    FROM compared LEFT JOIN odd USING (number) LEFT JOIN old ON old.id = compared.id
    WHERE compared.version > 1 OR odd.number IS NOT NULL
"""
"""Asks actor, receipt, whether odd or not is decided, the series, and `COLUMNS`. Gives what `report_store.Standing`
holds, of the reports that are known or odd. Where one is odd nothing is stored."""


def statement(components: Iterable[int]) -> str:
    """For reports that deliver the components at these places, from 1."""
    places = tuple(components)
    usual, unusual = (part.join(one.format(place) for place in places) for part, one in
                      ((", ", USUAL), (" OR ", UNUSUAL)))  # fmt: skip
    return STATEMENT.replace("[usual]", usual).replace("[unusual]", unusual)
