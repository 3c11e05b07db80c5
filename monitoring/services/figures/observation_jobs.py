"""Files of observations that wait for a worker: loaded one by one, each once, with progress."""

import time
import zlib
from collections.abc import Callable, Iterable
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import public as accounts
from config.errors import Fault, Refusal
from config.ledger import jobs
from config.ledger.models import JobStatus
from config.stores import StoreAway
from monitoring.models import Job, ObservationLoad
from monitoring.models.observation_load import LoadStatus
from monitoring.services.figures.observation_loading import STORE, entry, fill, keep, refuse, row_count
from monitoring.services.figures.observation_sheets import Delivered, sheet_of

TELL_SECONDS = 0.5
ENDS = {
    "cancelled": gettext_lazy("Het laden is gestopt; er is niets bewaard."),
    "interrupted": gettext_lazy("Bij dit bestand vielen steeds werkers uit; er is niets bewaard."),
}
log = structlog.get_logger(__name__)
log = structlog.get_logger(__name__)


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
            fill(load, sheet_of(file), file.dialect, file.source_code, tell)
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
    keep(load)
    if not _end_job(load):
        raise Refusal("", [_ended("cancelled")])


def _end_refused(pk: UUID, faults: Iterable[Fault]) -> None:
    """Nothing of the file was kept, so its report begins anew."""
    load = ObservationLoad.objects.get(pk=pk)
    with transaction.atomic(using=STORE):
        refuse(load, [entry(fault, None) for fault in faults])
        keep(load)
        _end_job(load)


def _end_job(load: ObservationLoad) -> bool:
    """False when it had ended before."""
    refused, rows = load.status == LoadStatus.REFUSED, row_count(load)
    return bool(Job.objects.filter(id=load.id, status=JobStatus.RUNNING).update(
        status=JobStatus.FAILED if refused else JobStatus.SUCCEEDED, done_count=rows, total_count=rows,
        errors=load.faults[:100], finished_at=timezone.now(),
    ))  # fmt: skip
