"""Rankings that take long: queued as a job, made by a worker, with progress to see and a way to stop.

A worker holds an advisory lock of its session on the ranking it makes: when it dies the lock goes with its connection,
and the next worker that looks takes the job up again. So progress can be committed while the work goes on, and of
however many wake-ups, or jobs for the same ranking, one computes. (A pooler between must pool by session.)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import orjson
import structlog
from django.db import InterfaceError, OperationalError, connections
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from config.errors import Refusal
from config.ledger import jobs as ledger
from config.ledger import records
from config.ledger.models import JobStatus
from config.stores import StoreAway
from factors.canonical import fingerprint
from factors.ranking.doubt import DoubtCancelled
from factors.services.rankings import snapshot_of
from factors.services.wishes import Wish, inputs_of, wish_from

STORE, KIND, TASK = "default", "ranking", "factors.tasks.make_rankings"
MOST_INTERRUPTIONS = 3
"""So often a job may lose its worker; then it is the job that kills them."""
log = structlog.get_logger(__name__)


def ask_for(*, wish: Wish, requested_by: str) -> Any:
    """The unfinished job of this asker for this ranking, or a new one, queued in the running transaction."""
    inputs = inputs_of(wish)
    identity = fingerprint(inputs)
    known = _jobs().filter(requested_by=requested_by, status__in=ledger.UNFINISHED, input__snapshotId=identity)
    return known.first() or ledger.ask(
        store=STORE, kind=KIND, task=TASK, requested_by=requested_by,
        municipality_code=wish.version.model.municipality_code,
        given={"snapshotId": identity, "inputs": orjson.loads(inputs)},
    )  # fmt: skip


def make_asked_rankings() -> int:
    """Make every ranking that waits for a worker, oldest first; returns how many jobs came to an end."""
    waiting = _jobs().filter(status__in=ledger.UNFINISHED).order_by("created_at", "id")
    return sum(_one(pk) for pk in list(waiting.values_list("pk", flat=True)))


def _one(pk: UUID) -> bool:
    job = _jobs().get(pk=pk)
    with _held(job.input["snapshotId"]) as ours:
        return ours and _begun(pk) and _carry_out(job)


def _begun(pk: UUID) -> bool:
    """Whether the job is ours to carry out: it may have been finished or cancelled since we read it."""
    job = _jobs().get(pk=pk)
    if job.status == JobStatus.QUEUED:
        return bool(_jobs().filter(pk=pk, status=JobStatus.QUEUED).update(status=JobStatus.RUNNING))
    if job.status != JobStatus.RUNNING:
        return False
    # running, and yet its lock was free: the worker that had it is gone
    interruptions = [*job.errors, _error("interrupted", _("Een werker viel uit; de taak is opnieuw opgepakt."))]
    if len(interruptions) >= MOST_INTERRUPTIONS:
        _end(pk, JobStatus.FAILED, errors=interruptions)
        return False
    return bool(_jobs().filter(pk=pk, status=JobStatus.RUNNING).update(errors=interruptions, done_count=0))


def _carry_out(job: Any) -> bool:
    try:
        wish = wish_from(job.input["inputs"])
        snapshot, _new = snapshot_of(
            wish=wish, actor=job.requested_by, progress=lambda done, total: _note(job.pk, done, total),
            cancelled=lambda: not _jobs().filter(pk=job.pk, status=JobStatus.RUNNING).exists(),
        )  # fmt: skip
    except DoubtCancelled:
        log.info("ranking cancelled", job=str(job.pk))
    except (OperationalError, InterfaceError, StoreAway):
        raise
    except Refusal as problem:
        faults = [_error(fault.code, fault.detail, fault.location) for fault in problem.faults]
        _end(job.pk, JobStatus.FAILED, errors=faults or [_error(problem.code, problem.detail)])
    except Exception:
        log.exception("ranking not made", job=str(job.pk))
        detail = _("Er ging iets mis bij ons. Probeer het later opnieuw.")
        _end(job.pk, JobStatus.FAILED, errors=[_error("unexpected", detail)])
    else:
        _end(job.pk, JobStatus.SUCCEEDED, errors=[], result_path=f"/v1/rankings/{snapshot.pk}")
    return True


def _note(pk: UUID, done: int, total: int) -> None:
    _jobs().filter(pk=pk).update(done_count=done, total_count=total)


def _end(pk: UUID, status: JobStatus, **told: Any) -> None:
    """Only what still runs comes to this end: who cancelled in the meantime has the last word."""
    _jobs().filter(pk=pk, status=JobStatus.RUNNING).update(status=status, finished_at=Now(), **told)


def _error(code: str, detail: str, location: str = "") -> dict[str, str]:
    return {"location": location, "code": code, "detail": detail}


def _jobs() -> Any:
    return records.model(STORE, "Job")._default_manager.filter(kind=KIND)


@contextmanager
def _held(name: str) -> Iterator[bool]:
    """Whether nobody else makes this ranking; held until the block ends or the connection does."""
    key = f"ranking:{name}"
    with connections[STORE].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [key])
        ours = bool(cursor.fetchone()[0])
    try:
        yield ours
    finally:
        if ours and not connections[STORE].needs_rollback:
            with connections[STORE].cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])
