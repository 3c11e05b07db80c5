import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class CorrectionEffect(models.Model):
    """What one delivery or withdrawal changed downstream by replacing reports. Marked with it, filled by a worker."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    municipality_code = models.CharField(max_length=10)
    organisation_code = models.CharField(max_length=100)
    receipt_id = models.UUIDField(null=True)  # of the delivery; null: a withdrawal
    report_ids = ArrayField(models.UUIDField())
    versions = ArrayField(models.PositiveIntegerField())  # that each report got
    made_at = models.DateTimeField(db_default=Now())
    worked_out_at = models.DateTimeField(null=True)
    cell_count = models.PositiveIntegerField(default=0)
    cells = models.JSONField(default=list)  # the largest moves
    released = models.JSONField(default=list)  # editions that still show what it was
    results = models.JSONField(default=list)
    rankings = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["receipt_id"], name="correction_effect_receipt"),
            models.Index(fields=["municipality_code", "organisation_code"], name="correction_effect_owner"),
            models.Index(
                fields=["made_at"], condition=models.Q(worked_out_at__isnull=True), name="correction_effect_waiting"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(report_ids__len=models.F("versions__len")), name="correction_effect_versions"
            )
        ]
