"""Long tasks: asked for over HTTP, carried out by a worker, written down from the first moment to the last.

A worker holds an advisory lock of its session as long as it works, and what it makes commits together with the job's
end. So a job whose worker died is free again at once, and none is carried out twice; one that loses its worker too
often is given up. It ends with the rights of whoever asked: what these no longer allow is not kept. Celery only wakes
the workers.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, connections, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from config.errors import Refusal
from config.ledger.models import JobStatus
from config.ledger.records import model
from config.stores import StoreAway
from config.wake import wake_after_commit

UNFINISHED = (JobStatus.QUEUED, JobStatus.RUNNING)
MOST_INTERRUPTIONS = 3
"""So often a job may lose its worker; then it is the job that kills them."""
May = Callable[[Any], bool]
"""Whether who asked for a job may still have it made. Raises StoreAway."""
log = structlog.get_logger(__name__)


class NotNow(Exception):
    """The job must wait its turn and stays queued."""


class RightsTaken(Refusal):
    """Whoever asked lost the role meanwhile."""

    status = 403
    code = "rights-taken"

    def __init__(self) -> None:
        super().__init__(_("Wie hierom vroeg, mag dit niet meer. Er is niets bewaard."))


def ask(
    *, store: str, kind: str, task: str, requested_by: str, municipality_code: str = "", given: dict[str, Any]
) -> Any:
    """Queue a job in the running transaction and wake a worker after it. given: what the job needs, as plain JSON."""
    jobs = model(store, "Job")._default_manager
    job = jobs.create(kind=kind, requested_by=requested_by, municipality_code=municipality_code, input=given)
    wake_after_commit(task, store=store)
    return job


def cancel(job: Any) -> bool:
    """Stop a job that has not ended: it is not begun, or its result is not kept. False when it had ended before."""
    unfinished = type(job)._default_manager.filter(pk=job.pk, status__in=UNFINISHED)
    return bool(unfinished.update(status=JobStatus.CANCELLED, finished_at=Now()))


def work_off(*, store: str, kind: str, carry_out: Callable[[Any], str], may: May) -> int:
    """Carry out every waiting job of a kind, oldest first; returns how many came to an end.

    carry_out: takes the job, works in the transaction it is called in, and returns the path of the result. It may raise
    NotNow; a Refusal fails the job with its faults, anything else with a fault that tells nothing of the inside. may:
    asked before the work and again before its end. When the store goes away the job stays as it is and is taken up
    again.
    """
    waiting = model(store, "Job")._default_manager.filter(kind=kind, status__in=UNFINISHED).order_by("created_at", "id")
    return sum(_one(store, pk, carry_out, may) for pk in list(waiting.values_list("pk", flat=True)))


@contextmanager
def held(store: str, name: str) -> Iterator[bool]:
    """Whether nobody else works on this; held until the block ends or the connection does."""
    with connections[store].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        ours = bool(cursor.fetchone()[0])
    try:
        yield ours
    finally:
        if ours and not connections[store].needs_rollback:
            with connections[store].cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def begun(store: str, pk: UUID) -> bool:
    """For whoever holds its lock: whether the job is ours to carry out. It may have ended since we read it.

    A job that runs though its lock was free lost its worker: that is counted, and ends it when it comes too often.
    """
    known = model(store, "Job")._default_manager.filter(pk=pk)
    if known.filter(status=JobStatus.QUEUED).update(status=JobStatus.RUNNING):
        return True
    running = known.filter(status=JobStatus.RUNNING)
    job: Any = running.first()
    if job is None:
        return False
    interruptions = [*job.errors, error("interrupted", _("Een werker viel uit; de taak is opnieuw opgepakt."))]
    if len(interruptions) < MOST_INTERRUPTIONS:
        return bool(running.update(errors=interruptions, done_count=0))
    running.update(status=JobStatus.FAILED, errors=interruptions, finished_at=Now())
    log.error("job given up", job=str(pk), interruptions=len(interruptions))
    return False


def require_right(job: Any, may: May) -> None:
    """Raises RightsTaken, StoreAway."""
    if not may(job):
        raise RightsTaken()


def _one(store: str, pk: UUID, carry_out: Callable[[Any], str], may: May) -> bool:
    with held(store, f"job:{pk}") as ours:
        return ours and begun(store, pk) and _carried_out(store, pk, carry_out, may)


def _carried_out(store: str, pk: UUID, carry_out: Callable[[Any], str], may: May) -> bool:
    job = model(store, "Job")._default_manager.filter(pk=pk, status=JobStatus.RUNNING)
    try:
        with transaction.atomic(using=store):
            ours = job.select_for_update().first()
            if ours is None:  # cancelled
                return False
            require_right(ours, may)
            path = carry_out(ours)
            require_right(ours, may)
            job.update(status=JobStatus.SUCCEEDED, result_path=path, errors=[], finished_at=Now())
    except (NotNow, StoreAway):
        job.update(status=JobStatus.QUEUED)
        return False
    except (OperationalError, InterfaceError):
        raise
    except Exception as problem:
        log.exception("job failed", job=str(pk))
        job.update(status=JobStatus.FAILED, errors=faults_of(problem), finished_at=Now())
    return True


def error(code: str, detail: str, location: str = "") -> dict[str, str]:
    """One entry of the errors of a job."""
    return {"location": location, "code": code, "detail": str(detail)}


def faults_of(problem: Exception) -> list[dict[str, str]]:
    """What a job says of why it failed; nothing of the inside."""
    if not isinstance(problem, Refusal):
        return [error("unexpected", _("Er ging iets mis bij ons. Probeer het later opnieuw."))]
    faults = [error(fault.code, fault.detail, fault.location) for fault in problem.faults]
    return faults or [error(problem.code, problem.detail)]
