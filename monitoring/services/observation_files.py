"""Loading a file or a batch of observations: checked as a whole, stored whole or not at all, reported row by row."""

import hashlib
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import orjson
import structlog
from django.db import InterfaceError, OperationalError, connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import public as accounts
from config.errors import Fault, Refusal
from config.ledger import jobs, records
from config.ledger.models import JobStatus
from config.loading import not_json, read_csv
from config.stores import StoreAway
from config.wake import wake_after_commit
from monitoring import statline
from monitoring.figure_files import (
    SPREADSHEET,
    Sheet,
    UnreadableFile,
    csv_sheet,
    json_sheet,
    odata_sheet,
    unreadable,
    written,
    xlsx_sheet,
)
from monitoring.models import Job, ObservationLoad
from monitoring.models.observation_load import LoadStatus
from monitoring.periods import Period
from monitoring.services import staging
from monitoring.services.areas import DATA, STATLINE_MAPPING, STATLINE_SOURCE
from monitoring.services.figures import CBS, statline_observations
from monitoring.services.staging_rules import Known, faults_of
from monitoring.services.storing import OfAnother, TwiceInFile, letters, store_checked
from monitoring.services.vintages import why_not_in

STORE = "monitoring"
TASK = "monitoring.tasks.load_observation_files"
INLINE_BYTES = 2 * 1024 * 1024  # larger files go to a worker
MOST_FAULTS = 1000
TELL_SECONDS = 0.5
ENDS = {
    "cancelled": gettext_lazy("Het laden is gestopt; er is niets bewaard."),
    "interrupted": gettext_lazy("Bij dit bestand vielen steeds werkers uit; er is niets bewaard."),
}
log = structlog.get_logger(__name__)


class RejectedFile(Refusal):
    """Nothing was stored; holds the first 1000 faults."""

    code = "rejected-file"


@dataclass(frozen=True)
class Delivered:
    """A file as received. dialect: `nl`, `rfc4180` or None.

    measures: `CODE:indicator[:statistic]` for OData, with the name of a column as code for StatLine.
    """

    content: bytes
    media_type: str
    sender: str
    municipality_code: str = ""
    source_code: str = ""
    dialect: str | None = None
    table: str = ""
    measures: tuple[str, ...] = ()

    @property
    def options(self) -> dict[str, Any]:
        given = asdict(self)
        return {name: value for name, value in given.items() if name not in {"content", "sender"}}


def new_load(file: Delivered) -> ObservationLoad:
    return ObservationLoad(
        requested_by=file.sender, municipality_code=file.municipality_code, options=file.options,
        digest=hashlib.sha256(file.content).hexdigest(), created_at=timezone.now(),
    )  # fmt: skip


def load_file(file: Delivered, *, dry_run: bool = False) -> ObservationLoad:
    """Load at once. A dry run does all the same, rolls back, and reports faults instead of raising them.

    Raises RejectedFile or UnreadableFile; nothing is stored then.
    """
    return _load(new_load(file), lambda: sheet_of(file), file.dialect, file.source_code, dry_run)


def load_items(
    *, items: Sequence[Any], beside: Iterable[str] = (), sender: str, municipality_code: str = "", dry_run: bool = False
) -> ObservationLoad:
    """The same for a batch of JSON objects. beside: keys next to the items, where none belong."""
    file = Delivered(orjson.dumps(items), "application/json", sender, municipality_code)
    return _load(new_load(file), lambda: json_sheet(items, beside=beside), None, "", dry_run)


def _load(load: ObservationLoad, open_sheet: Callable[[], Sheet], dialect: str | None, source: str,
          dry_run: bool) -> ObservationLoad:  # fmt: skip
    with transaction.atomic(using=STORE):
        _fill(load, open_sheet(), dialect, source)
        if load.status == LoadStatus.REFUSED and not dry_run:
            raise RejectedFile(_refusal(load), [_fault(fault) for fault in load.faults])
        _keep(load)
        if dry_run:
            transaction.set_rollback(True, using=STORE)
    return load


def queue(file: Delivered) -> ObservationLoad:
    """Leave a large file to a worker; its job has the same id."""
    load = new_load(file)
    load.content = zlib.compress(file.content, 1)
    with transaction.atomic(using=STORE):
        load.save(force_insert=True)
        Job.objects.create(
            id=load.id, kind="observation-file", requested_by=file.sender, municipality_code=file.municipality_code,
            total_count=file.content.count(b"\n") or None, result_path=f"/v1/observation-files/{load.id}",
            input={"digest": load.digest},
        )  # fmt: skip
        wake_after_commit(TASK, store=STORE)
    return load


def load_queued() -> int:
    """Load the files that wait, one by one; how many came to an end. A worker that dies leaves its file waiting."""
    waiting = ObservationLoad.objects.filter(status=LoadStatus.QUEUED).order_by("created_at", "id")
    return sum(_load_one(pk) for pk in list(waiting.values_list("pk", flat=True)))


def _load_one(pk: UUID) -> bool:
    with jobs.held(STORE, f"job:{pk}") as ours:
        return ours and (_load_queued(pk) if jobs.begun(STORE, pk) else _give_up(pk))


def _load_queued(pk: UUID) -> bool:
    load, job = ObservationLoad.objects.get(pk=pk), Job.objects.get(pk=pk)
    file = Delivered(content=zlib.decompress(load.content or b""), sender=load.requested_by,
                     **{**load.options, "measures": tuple(load.options["measures"])})  # fmt: skip
    try:
        with _Progress(load) as tell, transaction.atomic(using=STORE):
            jobs.require_right(job, _may)
            _fill(load, sheet_of(file), file.dialect, file.source_code, tell)
            jobs.require_right(job, _may)
            _end(load)
    except StoreAway:
        Job.objects.filter(pk=pk).update(status=JobStatus.QUEUED)
        return False
    except (OperationalError, InterfaceError):
        raise
    except Refusal as problem:
        faults = problem.faults or (Fault("#", problem.code, problem.detail),)
        _end_refused(pk, faults)
    except Exception:  # a fault of ours must not hold up the files behind it
        log.exception("observation file not loaded", load=str(pk))
        _end_refused(pk, [Fault("#", "internal-error", _("Er ging iets mis bij het laden."))])
    return True


def _may(job: Job) -> bool:
    return accounts.still_may(
        actor=job.requested_by, scope="observations.write", municipality_code=job.municipality_code
    )


def _give_up(pk: UUID) -> bool:
    """A file whose job has ended without it: stopped, or the end of too many workers. False: somebody loaded it."""
    if not ObservationLoad.objects.filter(pk=pk, status=LoadStatus.QUEUED).exists():
        return False
    cancelled = Job.objects.get(pk=pk).status == JobStatus.CANCELLED
    _end_refused(pk, [_ended("cancelled" if cancelled else "interrupted")])
    return True


def _ended(code: str) -> Fault:
    return Fault("#", code, str(ENDS[code]))


class _Progress:
    """Tells the job how far its load is, through a connection of its own: the load's transaction is seen by nobody."""

    def __init__(self, load: ObservationLoad) -> None:
        self.load, self.told, self.connection = load, 0.0, connections[STORE].copy()

    def __enter__(self) -> Callable[[int], None]:
        self._write(0)
        return self.tell

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def tell(self, rows: int) -> None:
        if time.monotonic() - self.told > TELL_SECONDS:
            self._write(rows)

    def _write(self, rows: int) -> None:
        self.told = time.monotonic()
        with self.connection.cursor() as cursor:
            sql = "UPDATE monitoring_job SET done_count = %s WHERE id = %s AND status = 'running'"
            cursor.execute(sql, [rows, self.load.id])


def _end(load: ObservationLoad) -> None:
    """In the transaction of the figures. Raises Refusal when the job was stopped meanwhile."""
    _keep(load)
    if not _end_job(load):
        raise Refusal("", [_ended("cancelled")])


def _end_refused(pk: UUID, faults: Iterable[Fault]) -> None:
    """Nothing of the file was kept, so its report begins anew."""
    load = ObservationLoad.objects.get(pk=pk)
    with transaction.atomic(using=STORE):
        _refuse(load, [_entry(fault, None) for fault in faults])
        _keep(load)
        _end_job(load)


def _end_job(load: ObservationLoad) -> bool:
    """False when it had ended before."""
    refused = load.status == LoadStatus.REFUSED
    return bool(Job.objects.filter(id=load.id, status=JobStatus.RUNNING).update(
        status=JobStatus.FAILED if refused else JobStatus.SUCCEEDED, done_count=_rows(load), total_count=_rows(load),
        errors=load.faults[:100], finished_at=timezone.now(),
    ))  # fmt: skip


def sheet_of(file: Delivered) -> Sheet:
    """What is in the file, by its media type and its first line. Raises UnreadableFile, StatlineRefused."""
    if file.media_type == SPREADSHEET:
        return xlsx_sheet(file.content)
    if file.media_type == "application/json":
        return _odata(file)
    if _is_statline(file.content):
        return _statline(file)
    if file.measures:
        text = _("Dit is geen StatLine-bestand en geen OData; in een gewoon bestand zeggen de kolommen wat het is.")
        raise UnreadableFile(text, [Fault("measure", "no-measures", text, "query")])
    return csv_sheet(file.content)


def _is_statline(content: bytes) -> bool:
    first = content[:4096].removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    return b"Perioden" in first and b"(code)" in first


def _statline(file: Delivered) -> Sheet:
    """The table we have a mapping of, or any other by the measures that its sender names."""
    if file.measures:
        mapping, citation = statline.measured(statline.header_of(file.content), file.measures), ""
    else:
        mapping, citation = statline.columns(read_csv(DATA / STATLINE_MAPPING)), STATLINE_SOURCE
    table = statline.read(file.content, mapping)
    names = ("indicatorCode", "areaCode", "areaYear", "period", "statistic", "sourceCode", "value", "unit", "status",
             "denominator", "citation", "note")  # fmt: skip
    fields = [staging.snake(name) for name in names]
    found = statline_observations(table, citation or f"CBS StatLine {file.table}".strip())
    rows = ([_cell(row, field) for field in fields] for row in found)
    return Sheet(names, ",", written(rows), "statline", "utf-8-sig")


def _cell(row: Mapping[str, Any], field: str) -> Any:
    if field == "period":
        return Period(row["period_kind"], row["period_start"], row["period_end"]).iso
    return row[field]


def _odata(file: Delivered) -> Sheet:
    try:
        document = orjson.loads(file.content)
    except orjson.JSONDecodeError as problem:
        raise unreadable("syntax", not_json(problem)) from problem
    if not isinstance(document, dict):
        raise unreadable("not-odata", _("Dit is geen antwoord van CBS OData v4: 'value' met een lijst ontbreekt."))
    measures = {}
    for text in file.measures:
        code, _colon, target = text.partition(":")
        indicator, _colon, statistic = target.partition(":")
        measures[code.strip()] = (indicator.strip(), statistic.strip())
    return odata_sheet(document, measures=measures, table=file.table)


def _fill(load: ObservationLoad, sheet: Sheet, dialect: str | None, source: str,
          tell: Callable[[int], None] = lambda rows: None) -> None:  # fmt: skip
    """Stage, check and store; afterwards `load` says what became of every row."""
    staged = staging.copy_in(sheet, tell=tell)
    decimal = staging.decimal_of(sheet, dialect)
    load.form, load.encoding, load.first_row = sheet.form, sheet.encoding or "", sheet.first
    load.dialect = "nl" if decimal == "," else "rfc4180" if sheet.form == "csv" else ""
    of_cbs = sheet.form in {"statline", "odata"}
    settings = staging.Settings(
        day=timezone.localdate(), decimal=decimal, source_code=source or (CBS if of_cbs else ""),
        municipality_code=load.municipality_code,
        begun_is_enough=of_cbs,  # CBS files what holds on 1 January under that year, final before its end
    )  # fmt: skip
    total, faulty = staging.check(settings, sheet.columns)
    if sheet.faults:
        total, faulty = staging.mark({at + 1 for at, _fault in sheet.faults if at is not None})
    elif not total:
        raise unreadable("no-rows", _("Er staan geen waarnemingen in."))
    if faulty or sheet.faults:
        before = [
            _entry(fault, None if at is None else at + load.first_row) for at, fault in sheet.faults[:MOST_FAULTS]
        ]
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
    _reject(load, staged, total, len(rows), [_entry(fault, row - 1 + load.first_row) for row, fault in faults.items()])


def _reject(load: ObservationLoad, staged: int, total: int, faulty: int, faults: list[dict[str, Any]]) -> None:
    case = "CASE WHEN c.row_number IS NULL THEN '.' WHEN c.faults <> 0 THEN 'r' ELSE 'h' END"
    load.outcomes = letters(case, "LEFT JOIN checked c USING (row_number)")
    load.rejected_count, load.held_count = faulty, total - faulty
    _refuse(load, faults)


def _refuse(load: ObservationLoad, faults: list[dict[str, Any]]) -> None:
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
        _entry(fault, number - 1 + load.first_row)
        for number, row in broken.items()
        for fault in faults_of(row, location=_place(load, number), known=known, decimal=decimal)
    ]


def _place(load: ObservationLoad, row: int) -> str:
    """Pointer to a staged row as its sender knows it."""
    name = {"json": "items", "odata": "value"}.get(load.form, "rows")
    return f"#/{name}/{row - 1 + load.first_row}"


def _entry(fault: Fault, row: int | None) -> dict[str, Any]:
    return {"row": row, "location": fault.location, "code": fault.code, "detail": str(fault.detail),
            "value": fault.value, "expected": fault.expected}  # fmt: skip


def _fault(entry: Mapping[str, Any]) -> Fault:
    return Fault(entry["location"], entry["code"], entry["detail"], value=entry["value"], expected=entry["expected"])


def _refusal(load: ObservationLoad) -> str:
    if not load.rejected_count:
        return str(load.faults[0]["detail"])
    text = _(
        "Er is niets bewaard. Van %(total)d rijen kloppen er %(rejected)d niet. Verbeter ze en stuur alles opnieuw."
    )
    return text % {"rejected": load.rejected_count, "total": load.rejected_count + load.held_count}


def _rows(load: ObservationLoad) -> int:
    return len(load.outcomes) - load.outcomes.count(".")


def _keep(load: ObservationLoad) -> None:
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
