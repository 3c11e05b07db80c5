"""Rankings that take long: queued as a job, made by a worker, with progress to see and a way to stop.

A worker holds an advisory lock of its session on the ranking it makes: when it dies the lock goes with its connection,
and the next worker that looks takes the job up again. So progress can be committed while the work goes on, and of
however many wake-ups, or jobs for the same ranking, one computes. (A pooler between must pool by session.)
"""

from typing import Any
from uuid import UUID

import orjson
import structlog
from django.db import InterfaceError, OperationalError
from django.db.models.functions import Now

from accounts import public as accounts
from config.ledger import jobs as ledger
from config.ledger import records
from config.ledger.models import JobStatus
from config.stores import StoreAway
from factors.canonical import fingerprint
from factors.ranking.doubt import DoubtCancelled
from factors.services.rankings import snapshot_of
from factors.services.wishes import Wish, inputs_of, wish_from

STORE, KIND, TASK = "default", "ranking", "factors.tasks.make_rankings"
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
    with ledger.held(STORE, f"ranking:{job.input['snapshotId']}") as ours:
        return ours and ledger.begun(STORE, pk) and _carry_out(job)


def _carry_out(job: Any) -> bool:
    try:
        wish = wish_from(job.input["inputs"])
        ledger.require_right(job, _may)
        snapshot, _new = snapshot_of(
            wish=wish, actor=job.requested_by, progress=lambda done, total: _note(job.pk, done, total),
            cancelled=lambda: not _jobs().filter(pk=job.pk, status=JobStatus.RUNNING).exists(),
            before_it_is_kept=lambda: ledger.require_right(job, _may),
        )  # fmt: skip
    except DoubtCancelled:
        log.info("ranking cancelled", job=str(job.pk))
    except (OperationalError, InterfaceError, StoreAway):
        raise
    except Exception as problem:
        log.exception("ranking not made", job=str(job.pk))
        _end(job.pk, JobStatus.FAILED, errors=ledger.faults_of(problem))
    else:
        _end(job.pk, JobStatus.SUCCEEDED, errors=[], result_path=f"/v1/rankings/{snapshot.pk}")
    return True


def _may(job: Any) -> bool:
    return accounts.still_may(actor=job.requested_by, scope="rankings.write")


def _note(pk: UUID, done: int, total: int) -> None:
    _jobs().filter(pk=pk).update(done_count=done, total_count=total)


def _end(pk: UUID, status: JobStatus, **told: Any) -> None:
    """Only what still runs comes to this end: who cancelled in the meantime has the last word."""
    _jobs().filter(pk=pk, status=JobStatus.RUNNING).update(status=status, finished_at=Now(), **told)


def _jobs() -> Any:
    return records.model(STORE, "Job")._default_manager.filter(kind=KIND)
