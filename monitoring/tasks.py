"""What the workers of monitoring do. Each task may run twice; what there is to do stands in the database."""

from celery import shared_task
from django.conf import settings

from config.days import today
from monitoring.services import facts
from monitoring.services.aggregation import aggregate_checks, aggregates
from monitoring.services.delivery import corrections
from monitoring.services.figures import observation_jobs, series
from monitoring.services.releasing import releases


@shared_task(name="monitoring.tasks.follow_default", ignore_result=True)
def follow_default() -> None:
    """Take over changed offerings from the default store."""
    facts.follow_default()


@shared_task(name="monitoring.tasks.load_observation_files", ignore_result=True)
def load_observation_files() -> None:
    """Load the files with observations that wait."""
    observation_jobs.load_queued()


@shared_task(name="monitoring.tasks.refresh_aggregates", ignore_result=True)
def refresh_aggregates() -> None:
    """Recompute the working aggregates until none is stale."""
    aggregates.refresh()


@shared_task(name="monitoring.tasks.work_out_corrections", ignore_result=True)
def work_out_corrections() -> None:
    """Work out what corrections changed downstream."""
    corrections.work_out()


@shared_task(name="monitoring.tasks.check_aggregates", ignore_result=True)
def check_aggregates() -> None:
    """Compare the working aggregates with a rebuild and repair what differs."""
    aggregate_checks.check_all()


@shared_task(name="monitoring.tasks.make_releases", ignore_result=True)
def make_releases() -> None:
    """Make the releases that were asked for."""
    releases.make_asked_releases()


@shared_task(name="monitoring.tasks.fold_series", ignore_result=True)
def fold_series() -> None:
    """Make the series of areas whose observations changed."""
    series.fold()


@shared_task(name="monitoring.tasks.ask_for_due_releases", ignore_result=True)
def ask_for_due_releases() -> None:
    """Ask for the releases that the schedule says are due."""
    releases.ask_for_due_releases(
        day=today(), every=settings.RELEASE_EVERY, delay=settings.RELEASE_DELAY_DAYS,
        minimum=settings.DISCLOSURE_MINIMUM,
    )  # fmt: skip
