"""What a delivery writes into the audit: an entry for the reports of an owner that are new, one for those that changed.

Each holds what its reports said, by field and as text (config/ledger/models.py): an entry per report cost more than
storing it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import structlog

from monitoring.models.report import ReportStatus
from monitoring.services.delivery.known import Checked
from monitoring.services.delivery.report_store import Standing

SUBMITTED, ACCEPTED = ReportStatus.SUBMITTED, ReportStatus.ACCEPTED
COLUMNS = ("actor", "municipality_code", "organisation_code", "action", "resource", "resource_code", "after", "codes",
           "details", "request_id")  # fmt: skip
INSERT = f"INSERT INTO monitoring_auditentry ({', '.join(COLUMNS)}) VALUES"
ONE = """(%s, %s, %s, %s, 'outcome-reports', %s, jsonb_build_object('count', %s::int),
          ARRAY(SELECT json_array_elements_text(%s::json)), %s, %s)"""
FIELDS = ("counts", "explanation", "status", "version", "externalId")

Entry = tuple[Any, ...]
"""Municipality, organisation, action, how many reports, their ids and what they said, both as JSON."""


def entries_of(
    reports: Sequence[Checked], ids: Sequence[str], known: Mapping[int, Standing], asked: Mapping[int, Any]
) -> list[Entry]:
    """Of the reports that were stored. ids: of those that are new. asked: places of reports with a question."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for place, report in enumerate(reports):
        before, fact = known.get(place), report.series.fact
        if before is None or not before.same:
            action = "outcome-report.updated" if before else "outcome-report.created"
            groups.setdefault((fact.municipality_code, fact.organisation_code, action), []).append(place)
    return [(*key, len(at), *_said(at, reports, ids, known, asked)) for key, at in groups.items()]


def _said(
    at: list[int],
    reports: Sequence[Checked],
    ids: Sequence[str],
    known: Mapping[int, Standing],
    asked: Mapping[int, Any],
) -> tuple[str, str]:
    """The ids of the reports at these places, and what they were and became, as JSON."""
    old = [known[place] for place in at if place in known]
    said, own_ids = [one.said or {} for one in old], [reports[place].external_id or None for place in at]
    after = {
        "counts": [reports[place].counts for place in at],
        "explanation": [reports[place].explanation or None for place in at],
        "status": [SUBMITTED if place in asked else ACCEPTED for place in at],
        "version": [one.version + 1 for one in old] or [1] * len(at),
        # who leaves the own id out does not take it away
        "externalId": [own or was["externalId"] for own, was in zip(own_ids, said, strict=True)] if old else own_ids,
    }
    before = {name: [was[name] for was in said] for name in FIELDS} if old else None
    codes = [one.id for one in old] or [ids[place] for place in at]
    return orjson.dumps(codes).decode(), orjson.dumps({"before": before, "after": after}).decode()


def statement(entries: Sequence[Entry]) -> str:
    """Writes them, inside another statement; empty without any."""
    return f"WITH audited AS ({INSERT} {', '.join([ONE] * len(entries))})" if entries else ""


def parameters(entries: Sequence[Entry], *, actor: str, receipt_id: Any) -> list[Any]:
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    return [
        value
        for city, organisation, action, count, codes, details in entries
        for value in (actor, city, organisation, action, str(receipt_id), count, codes, details, request_id)
    ]
