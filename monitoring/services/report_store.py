"""Writing delivered reports: versions, what they replace, marks and audit in one statement (performance.md §2).

One round trip whatever the number of reports, and no row written but those that are new or different.
"""

# ruff: noqa: S608 - only names of our own tables and columns are put into statements; values are parameters
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import structlog
from django.db import connections
from django.db.models import QuerySet

from monitoring.measures import Counts
from monitoring.models import OutcomeReport
from monitoring.models.report import ReportBase
from monitoring.services.intake import Checked
from monitoring.services.lines import COUNTED

STORE = "monitoring"


class Version(NamedTuple):
    """One version of a report, as it will stand or as it stands."""

    id: UUID
    new: bool
    municipality_code: str
    organisation_code: str
    offering_code: str
    measure: str
    period_kind: str
    period_start: date
    period_end: date
    area_code: str
    counts: Counts
    explanation: str
    external_id: str
    status: str
    version: int
    demo: bool

    @property
    def key(self) -> tuple[object, ...]:
        """The natural key, as the unique constraint has it."""
        return self.offering_code, self.measure, self.period_start, self.period_kind, self.area_code

    @property
    def content(self) -> tuple[object, ...]:
        return tuple(self.counts), self.explanation, self.external_id


TYPES = ("uuid", "boolean", *["text"] * 5, "date", "date", *["text"] * 5, "int", "boolean")
GIVEN = ", ".join(f"%s::{kind}[]" for kind in TYPES)
BOTH = ", ".join(name for name in Version._fields if name not in {"id", "new", "counts"})
COPIED = ", ".join(f.name for f in ReportBase._meta.get_fields() if hasattr(f, "attname"))
SAID = """jsonb_build_object('counts', {0}.counts, 'explanation', nullif({0}.explanation, ''), 'status', {0}.status,
                             'version', {0}.version, 'externalId', nullif({0}.external_id, ''))"""
STATEMENT = f"""
    WITH given AS MATERIALIZED (
        SELECT id, new, {BOTH}, counts::bigint[] AS counts FROM unnest({GIVEN}) AS given ({", ".join(Version._fields)})
    ), old AS MATERIALIZED (
        SELECT report.* FROM monitoring_outcomereport AS report JOIN given USING (id) WHERE NOT given.new
    ), kept AS (
        INSERT INTO monitoring_outcomereporthistory (report_id, {COPIED}) SELECT id, {COPIED} FROM old
    ), fresh AS (
        INSERT INTO monitoring_outcomereport (id, {BOTH}, counts, recorded_by, receipt_id)
        SELECT id, {BOTH}, counts, %s, %s FROM given WHERE new
    ), replaced AS (
        UPDATE monitoring_outcomereport AS report
        SET counts = given.counts, explanation = given.explanation, external_id = given.external_id,
            status = given.status, version = given.version, recorded_at = statement_timestamp(),
            recorded_by = %s, receipt_id = %s
        FROM given WHERE report.id = given.id AND NOT given.new
    ), marked AS (
        INSERT INTO monitoring_aggregatemark (municipality_code, offering_code, measure, area_code, period_kind,
                                              period_start)
        SELECT municipality_code, offering_code, measure, area_code, period_kind, period_start FROM given
    )
    INSERT INTO monitoring_auditentry (actor, municipality_code, organisation_code, action, resource, resource_code,
                                       before, after, request_id)
    SELECT %s, given.municipality_code, given.organisation_code,
           CASE WHEN new THEN 'outcome-report.created' ELSE 'outcome-report.updated' END, 'outcome-reports',
           given.id::text, CASE WHEN old.id IS NOT NULL THEN {SAID.format("old")} END, {SAID.format("given")}, %s
    FROM given LEFT JOIN old USING (id)
"""


def write(versions: Sequence[Version], *, receipt_id: UUID, actor: str) -> None:
    """Store new reports and new versions of known ones. Nothing given, nothing asked."""
    if not versions:
        return
    columns = dict(zip(Version._fields, map(list, zip(*versions, strict=True)), strict=True))
    columns["counts"] = [_array(counts) for counts in columns["counts"]]
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    given = [*columns.values(), actor, receipt_id, actor, receipt_id, actor, request_id]
    with connections[STORE].cursor() as cursor:
        cursor.execute(STATEMENT, given)


def _array(counts: Counts) -> str:
    """As PostgreSQL writes an array."""
    return "{" + ",".join("NULL" if count is None else str(count) for count in counts) + "}"


FIELDS = [name for name in Version._fields if name != "new"]
FEW_AREAS = 100

Key = tuple[object, ...]
Series = dict[Key, list[tuple[date, Counts]]]


def known(checked: Sequence[Checked]) -> dict[Key, Version]:
    """Natural key → the report that has it now, for the periods of the checked reports. One query."""
    rows = _alike(checked).filter(period_start__in={one.period.start for one in checked})
    found = (Version(pk, False, *rest) for pk, *rest in rows.values_list(*FIELDS))
    return {version.key: version for version in found}


def earlier(checked: Sequence[Checked]) -> Series:
    """(offering, measure, kind of period, area) → the counted reports before the last of these. One query."""
    rows = _alike(checked).filter(status__in=COUNTED, period_end__lte=max(one.period.start for one in checked))
    found: Series = {}
    for *series, end, counts in rows.values_list(
        "offering_code", "measure", "period_kind", "area_code", "period_end", "counts"
    ):
        found.setdefault(tuple(series), []).append((end, tuple(counts)))
    return found


def _alike(checked: Sequence[Checked]) -> QuerySet[OutcomeReport]:
    """Reports of the same offerings and measures, and where they are few of the same areas."""
    areas = {one.area_code for one in checked}
    reports = OutcomeReport.objects.filter(
        offering_code__in={one.fact.offering_code for one in checked},
        measure__in={one.measure.code for one in checked},
    )
    return reports.filter(area_code__in=areas) if len(areas) <= FEW_AREAS else reports
