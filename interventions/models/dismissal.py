"""What a steward said about two interventions that look alike."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models


class DuplicateDismissal(models.Model):
    """Somebody looked at two interventions and found them to be two, not one. It holds while their names stay as they
    were then: under another name they are another question."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    first_code = models.CharField(max_length=100)
    second_code = models.CharField(max_length=100)
    names = ArrayField(models.CharField(max_length=300, blank=True))  # of the first and the second, Dutch and English
    reason = models.TextField()
    dismissed_by = models.CharField(max_length=200)
    dismissed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first_code", "second_code"], name="duplicate_dismissal_once"),
            models.CheckConstraint(
                condition=~models.Q(first_code=models.F("second_code")), name="duplicate_dismissal_of_two"
            ),
        ]
