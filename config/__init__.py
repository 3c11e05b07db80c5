"""Settings, routing and what every endpoint and both stores share. Imports no app."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
