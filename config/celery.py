"""Celery wakes the workers; what there is to do stands in the database (docs/adr/0002)."""

import os
from typing import Any

import structlog
from celery import Celery
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("factorenmodel")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _use_django_logging(**kwargs: Any) -> None:
    """Keep the JSON log format of settings.LOGGING in the worker."""
    from logging.config import dictConfig

    from django.conf import settings

    dictConfig(settings.LOGGING)


@before_task_publish.connect
def _send_request_id(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    bound = structlog.contextvars.get_contextvars().get("request_id")
    if headers is not None and bound:
        headers["request_id"] = bound


@task_prerun.connect
def _bind_request_id(task: Any = None, **kwargs: Any) -> None:
    structlog.contextvars.bind_contextvars(
        request_id=getattr(task.request, "request_id", None) or task.request.id, task=task.name
    )


@task_postrun.connect
def _clear_request_id(**kwargs: Any) -> None:
    structlog.contextvars.clear_contextvars()
