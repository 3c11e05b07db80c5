"""Long tasks: asked for over HTTP, carried out by a worker, written down from the first moment to the last.

A worker holds the row lock of its job as long as it works, and what it makes commits together with the job's end. So a
job whose worker died is free again at once, and none is carried out twice. Celery only wakes the workers.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from config.errors import Refusal
from config.ledger.models import JobStatus
from config.ledger.records import model
from config.wake import wake_after_commit

UNFINISHED = (JobStatus.QUEUED, JobStatus.RUNNING)
log = structlog.get_logger(__name__)


class NotNow(Exception):
    """The job must wait its turn and stays queued."""


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


def work_off(*, store: str, kind: str, carry_out: Callable[[Any], str]) -> int:
    """Carry out every waiting job of a kind, oldest first; returns how many came to an end.

    carry_out: takes the job, works in the transaction it is called in, and returns the path of the result. It may raise
    NotNow; a Refusal fails the job with its faults, anything else with a fault that tells nothing of the inside. When
    the store goes away the job stays as it is and is taken up again.
    """
    waiting = model(store, "Job")._default_manager.filter(kind=kind, status__in=UNFINISHED).order_by("created_at", "id")
    return sum(_one(store, pk, carry_out) for pk in list(waiting.values_list("pk", flat=True)))


def _one(store: str, pk: UUID, carry_out: Callable[[Any], str]) -> bool:
    job = model(store, "Job")._default_manager.filter(pk=pk)
    job.filter(status=JobStatus.QUEUED).update(status=JobStatus.RUNNING)
    try:
        with transaction.atomic(using=store):
            held = job.filter(status=JobStatus.RUNNING).select_for_update(skip_locked=True).first()
            if held is None:  # somebody else is at it, or it was cancelled
                return False
            job.update(status=JobStatus.SUCCEEDED, result_path=carry_out(held), finished_at=Now())
    except NotNow:
        job.filter(status=JobStatus.RUNNING).update(status=JobStatus.QUEUED)
        return False
    except (OperationalError, InterfaceError):
        raise
    except Exception as problem:
        log.exception("job failed", job=str(pk))
        job.update(status=JobStatus.FAILED, errors=_faults(problem), finished_at=Now())
    return True


def _faults(problem: Exception) -> list[dict[str, Any]]:
    if isinstance(problem, Refusal):
        faults = [{"location": f.location, "code": f.code, "detail": f.detail} for f in problem.faults]
        return faults or [{"location": "", "code": problem.code, "detail": problem.detail}]
    return [{"location": "", "code": "unexpected", "detail": _("Er ging iets mis bij ons. Probeer het later opnieuw.")}]
