"""One file or post with observations, and what became of each of its rows."""

import uuid

from django.db import models
from django.db.models.functions import Now


class LoadStatus(models.TextChoices):
    QUEUED = "queued"
    SUCCEEDED = "succeeded"
    REFUSED = "refused"


class ObservationLoad(models.Model):
    """A delivery of observations: stored whole, or not at all.

    outcomes: one letter per row in the order of the file (c created, u updated, n unchanged, r rejected, h held back
    because another row was rejected). content: the file, compressed, until a worker has read it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    requested_by = models.CharField(max_length=100)
    municipality_code = models.CharField(max_length=10, blank=True)  # empty: official figures, shared by all
    status = models.CharField(max_length=12, choices=LoadStatus, default=LoadStatus.QUEUED)
    form = models.CharField(max_length=12, blank=True)  # csv | statline | xlsx | odata | json
    encoding = models.CharField(max_length=20, blank=True)
    dialect = models.CharField(max_length=10, blank=True)
    digest = models.CharField(max_length=64)  # SHA-256 of the bytes received
    options = models.JSONField(default=dict)
    content = models.BinaryField(null=True)
    first_row = models.PositiveSmallIntegerField(default=2)
    created_count = models.PositiveIntegerField(default=0)
    updated_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    rejected_count = models.PositiveIntegerField(default=0)
    held_count = models.PositiveIntegerField(default=0)
    outcomes = models.TextField(blank=True)
    faults = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
