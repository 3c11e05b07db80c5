"""Wake a worker after a commit. A lost wake-up costs seconds, never work: beat sweeps the marks anyway."""

import time

import structlog
from django.db import transaction

from config.celery import app

PAUSE_SECONDS = 1.0
"""A worker finds all that was committed before it begins, so one wake-up in so long is enough, however many commits."""

_begins: dict[str, float] = {}  # task → when the last wake-up that this process sent has it begin
log = structlog.get_logger(__name__)


def wake_after_commit(task: str, *, store: str) -> None:
    """Send the named task once the transaction on `store` has committed; a broker that is away is only logged."""
    transaction.on_commit(lambda: wake(task), using=store)


def wake(task: str) -> None:
    """Have the task begin now; soon after an earlier wake-up, a little later, for all who ask until then."""
    now, begins = time.monotonic(), _begins.get(task, float("-inf"))
    if begins > now:
        return
    wait = max(0.0, begins + PAUSE_SECONDS - now)
    try:
        app.send_task(task, retry=False, countdown=wait or None, expires=60)
        _begins[task] = now + wait
    except Exception as problem:  # any transport error: kombu, redis or the socket below them
        log.warning("wake-up not sent", task=task, problem=type(problem).__name__)
