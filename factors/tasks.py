"""What workers do for the register; safe to run twice, a lost message costs seconds."""

from celery import shared_task

from config.ledger import outbox
from factors.services import marks, ranking_jobs, rankings


@shared_task(name="factors.tasks.compute_stale_rankings")
def compute_stale_rankings() -> None:
    rankings.recompute_marked()


@shared_task(name="factors.tasks.make_rankings")
def make_rankings() -> None:
    """Make the rankings that were asked for and take long."""
    ranking_jobs.make_asked_rankings()


@shared_task(name="factors.tasks.follow_monitoring")
def follow_monitoring() -> None:
    """Hear what the monitoring store tells and mark the local rankings that it touches."""
    outbox.follow(source="monitoring", target="default", reader="factors", handle=_mark)


@shared_task(name="factors.tasks.follow_default")
def follow_default() -> None:
    """Hear what other apps tell in our own store and mark the local rankings that it touches."""
    reader = outbox.own_reader("factors", "default")
    outbox.follow(source="default", target="default", reader=reader, handle=_mark)


def _mark(event: outbox.Event) -> None:
    marks.mark_local(kind=event.kind, said=event.payload)
