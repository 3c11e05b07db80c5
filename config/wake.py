"""Wake a worker after a commit. A lost wake-up costs seconds, never work: beat sweeps the marks anyway."""

import structlog
from django.db import transaction

from config.celery import app

log = structlog.get_logger(__name__)


def wake_after_commit(task: str, *, store: str) -> None:
    """Send the named task once the transaction on `store` has committed; a broker that is away is only logged."""
    transaction.on_commit(lambda: wake(task), using=store)


def wake(task: str) -> None:
    try:
        app.send_task(task, retry=False, expires=60)
    except Exception as problem:  # any transport error: kombu, redis or the socket below them
        log.warning("wake-up not sent", task=task, problem=type(problem).__name__)
