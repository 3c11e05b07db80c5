"""A sheet of observations checked and stored, whole or not at all, and its report row by row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from config.days import today
from config.errors import Fault
from config.ledger import records
from monitoring.figure_files import Sheet, unreadable
from monitoring.models import ObservationLoad
from monitoring.models.observation_load import LoadStatus
from monitoring.services.figures import staging
from monitoring.services.figures.reference import CBS
from monitoring.services.figures.staging_rules import Known, faults_of
from monitoring.services.figures.storing import OfAnother, TwiceInFile, letters, store_checked
from monitoring.services.geography.vintages import why_not_in

STORE = "monitoring"
MOST_FAULTS = 1000


def fill(load: ObservationLoad, sheet: Sheet, dialect: str | None, source: str,
          tell: Callable[[int], None] = lambda rows: None) -> None:  # fmt: skip
    """Stage, check and store; afterwards `load` says what became of every row."""
    staged = staging.copy_in(sheet, tell=tell)
    decimal = staging.decimal_of(sheet, dialect)
    load.form, load.encoding, load.first_row = sheet.form, sheet.encoding or "", sheet.first
    load.dialect = "nl" if decimal == "," else "rfc4180" if sheet.form == "csv" else ""
    of_cbs = sheet.form in {"statline", "odata"}
    settings = staging.Settings(
        day=today(), decimal=decimal, source_code=source or (CBS if of_cbs else ""),
        municipality_code=load.municipality_code,
        begun_is_enough=of_cbs,  # CBS files what holds on 1 January under that year, final before its end
    )  # fmt: skip
    total, faulty = staging.check(settings, sheet.columns)
    if sheet.faults:
        total, faulty = staging.mark({at + 1 for at, _fault in sheet.faults if at is not None})
    elif not total:
        raise unreadable("no-rows", _("Er staan geen waarnemingen in."))
    if faulty or sheet.faults:
        before = [entry(fault, None if at is None else at + load.first_row) for at, fault in sheet.faults[:MOST_FAULTS]]
        _reject(load, staged, total, faulty, _in_order([*before, *_broken_rows(load, decimal)]))
    else:
        _store(load)
    staging.clear()


def _store(load: ObservationLoad) -> None:
    try:
        stored = store_checked()
    except TwiceInFile as problem:
        text = _("Dit is hetzelfde cijfer als rij %(row)d: indicator, gebied, periode, definitie, maat en bron.")
        return _refuse_rows(load, {
            row: Fault(_place(load, row), "double-row", text % {"row": first - 1 + load.first_row})
            for first, row in problem.pairs})  # fmt: skip
    except OfAnother as problem:
        text = _("Dit cijfer is van een andere eigenaar; u kunt het niet vervangen.")
        return _refuse_rows(load, {row: Fault(_place(load, row), "not-yours", text) for row in problem.rows})
    load.status, load.outcomes = LoadStatus.SUCCEEDED, stored.outcomes
    load.created_count, load.updated_count, load.unchanged_count = stored.created, stored.updated, stored.unchanged
    return None


def _refuse_rows(load: ObservationLoad, faults: Mapping[int, Fault]) -> None:
    rows = list(faults)
    staging.execute("UPDATE checked SET faults = 1 WHERE row_number = ANY(%s)", [rows])
    staged, total = staging.execute("SELECT (SELECT count(*) FROM loading), (SELECT count(*) FROM checked)")[0]
    _reject(load, staged, total, len(rows), [entry(fault, row - 1 + load.first_row) for row, fault in faults.items()])


def _reject(load: ObservationLoad, staged: int, total: int, faulty: int, faults: list[dict[str, Any]]) -> None:
    case = "CASE WHEN c.row_number IS NULL THEN '.' WHEN c.faults <> 0 THEN 'r' ELSE 'h' END"
    load.outcomes = letters(case, "LEFT JOIN checked c USING (row_number)")
    load.rejected_count, load.held_count = faulty, total - faulty
    refuse(load, faults)


def refuse(load: ObservationLoad, faults: list[dict[str, Any]]) -> None:
    load.status, load.faults = LoadStatus.REFUSED, faults


def _in_order(faults: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """First what is in no row, then row by row."""
    return sorted(faults, key=lambda fault: -1 if fault["row"] is None else fault["row"])[:MOST_FAULTS]


def _broken_rows(load: ObservationLoad, decimal: str) -> list[dict[str, Any]]:
    broken = staging.broken_rows(MOST_FAULTS)
    known = Known(
        why_not_in(row.area for row in broken.values()),
        staging.known_versions({row.said("indicatorCode") for row in broken.values()}),
    )
    return [
        entry(fault, number - 1 + load.first_row)
        for number, row in broken.items()
        for fault in faults_of(row, location=_place(load, number), known=known, decimal=decimal)
    ]


def _place(load: ObservationLoad, row: int) -> str:
    """Pointer to a staged row as its sender knows it."""
    name = {"json": "items", "odata": "value"}.get(load.form, "rows")
    return f"#/{name}/{row - 1 + load.first_row}"


def entry(fault: Fault, row: int | None) -> dict[str, Any]:
    return {"row": row, "location": fault.location, "code": fault.code, "detail": str(fault.detail),
            "value": fault.value, "expected": fault.expected}  # fmt: skip


def fault_of(entry: Mapping[str, Any]) -> Fault:
    return Fault(entry["location"], entry["code"], entry["detail"], value=entry["value"], expected=entry["expected"])


def refusal(load: ObservationLoad) -> str:
    if not load.rejected_count:
        return str(load.faults[0]["detail"])
    text = _(
        "Er is niets bewaard. Van %(total)d rijen kloppen er %(rejected)d niet. Verbeter ze en stuur alles opnieuw."
    )
    return text % {"rejected": load.rejected_count, "total": load.rejected_count + load.held_count}


def row_count(load: ObservationLoad) -> int:
    return len(load.outcomes) - load.outcomes.count(".")


def keep(load: ObservationLoad) -> None:
    """The report, and who loaded what, in the transaction of the figures themselves."""
    load.content, load.finished_at = None, timezone.now()
    load.save()
    counts = {"created": load.created_count, "updated": load.updated_count, "unchanged": load.unchanged_count,
              "rejected": load.rejected_count, "digest": load.digest}  # fmt: skip
    records.audit(store=STORE, actor=load.requested_by, action=f"observations.{load.status}",
                  resource="observation-files", resource_code=str(load.id), after=counts,
                  municipality_code=load.municipality_code)  # fmt: skip


OUTCOMES = {"c": "created", "u": "updated", "n": "unchanged", "r": "rejected", "h": "held-back", ".": "empty"}


@dataclass(frozen=True)
class RowReport:
    """What became of one row. row: as the sender counts it."""

    row: int
    outcome: str
    faults: tuple[dict[str, Any], ...]


def row_reports(load: ObservationLoad, positions: Sequence[int]) -> Iterator[RowReport]:
    """Reports of the rows at these positions of `load.outcomes`."""
    faults: dict[int | None, list[dict[str, Any]]] = {}
    for fault in load.faults:
        faults.setdefault(fault["row"], []).append(fault)
    for position in positions:
        row = position + load.first_row
        yield RowReport(row, OUTCOMES[load.outcomes[position]], tuple(faults.get(row, ())))
