"""What partners deliver: counts, never persons (DOMAIN.md §7)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class ReportStatus(models.TextChoices):
    SUBMITTED = "submitted"  # a question is open
    RETURNED = "returned"
    ACCEPTED = "accepted"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class ReportBase(models.Model):
    """Offering × measure × period × area: counts in the order of the measure's components; null is not zero."""

    municipality_code = models.CharField(max_length=10)
    organisation_code = models.CharField(max_length=100)
    offering_code = models.CharField(max_length=100)
    measure = models.CharField(max_length=40)
    period_kind = models.CharField(max_length=12)
    period_start = models.DateField()
    period_end = models.DateField()  # exclusive
    area_code = models.CharField(max_length=100)  # where the participants live, or "unknown"
    counts = ArrayField(models.BigIntegerField(null=True))
    explanation = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=ReportStatus)
    version = models.PositiveIntegerField(default=1)
    external_id = models.CharField(max_length=200, blank=True)  # the partner's own id
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.CharField(max_length=100)
    receipt_id = models.UUIDField()
    demo = models.BooleanField(default=False)

    class Meta:
        abstract = True


class OutcomeReport(ReportBase):
    """The report as it stands now."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                # in the order in which a cell looks for its reports
                fields=["offering_code", "measure", "area_code", "period_start", "period_kind"],
                name="outcome_report_once",
            ),
            models.UniqueConstraint(
                fields=["organisation_code", "external_id"],
                condition=~models.Q(external_id=""),
                name="outcome_report_external_id_once",
            ),
            models.CheckConstraint(condition=models.Q(period_end__gt=models.F("period_start")), name="report_period"),
        ]
        indexes = [
            # with the offering, so that what came of a plan over a period is found at once, and with the kind, so that
            # a delivery sees for all areas at once that no other kind counts
            models.Index(
                fields=["municipality_code", "measure", "period_start", "offering_code", "period_kind"],
                name="report_cell",
            )
        ]


class OutcomeReportHistory(ReportBase):
    """A version of a report that a correction replaced."""

    ledger_rights = "append-only"

    report_id = models.UUIDField()
    replaced_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report_id", "version"], name="report_history_once")]


class NoteKind(models.TextChoices):
    RETURNED = "returned"
    ACCEPTED = "accepted"
    REPLIED = "replied"
    WITHDRAWN = "withdrawn"


class ReportNote(models.Model):
    """What somebody said or decided about one version of a report, and when."""

    ledger_rights = "append-only"

    report_id = models.UUIDField()
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=NoteKind)
    text = models.TextField(blank=True)
    remarks = models.JSONField(default=list)  # [{"field", "detail"}]
    written_at = models.DateTimeField(db_default=Now())
    written_by = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["report_id", "id"], name="report_note_order")]


class Receipt(models.Model):
    """The answer to one delivery, row by row; kept and re-readable."""

    ledger_rights = "append-only"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    municipality_code = models.CharField(max_length=10)
    organisation_code = models.CharField(max_length=100)
    delivered_by = models.CharField(max_length=100)
    delivered_at = models.DateTimeField(db_default=Now())
    channel = models.CharField(max_length=10)  # single | batch | file
    created_count = models.PositiveIntegerField(default=0)
    updated_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    rejected_count = models.PositiveIntegerField(default=0)
    questioned_count = models.PositiveIntegerField(default=0)
    held_back_count = models.PositiveIntegerField(default=0)
    rows = models.TextField()  # a list in JSON, as it is told
    plan_rate = models.JSONField(default=list)  # [{"period", "asked", "delivered"}] just after it
