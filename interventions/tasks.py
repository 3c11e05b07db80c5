"""What workers do for interventions; safe to run twice, a lost message costs seconds."""

from celery import shared_task

from interventions.services.cycle import document_files


@shared_task(name="interventions.tasks.make_documents", ignore_result=True)
def make_documents() -> None:
    """Make the files of analyses and plans that were asked for."""
    document_files.make_asked_documents()
