"""Documents of the yearly cycle: area analyses, plans of action, improvement actions (DOMAIN.md §9).

A document has versions that are never changed: what a reader saw can be read again, and two versions compared.
"""

import uuid

from django.db import models
from django.db.models.functions import Now


class CycleDocument(models.Model):
    """One document about one area; `version` is the number of its newest version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    municipality_code = models.CharField(max_length=10)
    area_code = models.CharField(max_length=100)
    title_nl = models.CharField(max_length=300)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())
    demo = models.BooleanField(default=False)

    class Meta:
        abstract = True


class CycleVersion(models.Model):
    """What a document said from one change to the next, and why it was changed. `edition`: frozen and citable."""

    ledger_rights = "append-only"

    number = models.PositiveIntegerField()
    title_nl = models.CharField(max_length=300)
    content = models.JSONField()
    why_nl = models.TextField()
    actor = models.CharField(max_length=100)
    edition = models.CharField(max_length=40, blank=True)
    checksum = models.CharField(max_length=64)  # SHA-256 of the content
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True


class AreaAnalysis(CycleDocument):
    """The analysis of one area: a draft by the service, and what people think of it."""


class AnalysisVersion(CycleVersion):
    """One version of an area analysis."""

    document = models.ForeignKey(AreaAnalysis, on_delete=models.PROTECT, related_name="versions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="analysis_version_once"),
            models.UniqueConstraint(
                fields=["document", "edition"], condition=~models.Q(edition=""), name="analysis_edition_once"
            ),
        ]


class PlanOfAction(CycleDocument):
    """What is going to be done in one area, by whom and how it will be measured."""


class PlanVersion(CycleVersion):
    """One version of a plan of action."""

    document = models.ForeignKey(PlanOfAction, on_delete=models.PROTECT, related_name="versions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["document", "edition"], condition=~models.Q(edition=""), name="plan_edition_once"
            ),
        ]


class DocumentForm(models.TextChoices):
    """A form that people use; the same version as JSON is what it is made of."""

    XLSX = "xlsx"
    HTML = "html"
    PDF = "pdf"


class DocumentFile(models.Model):
    """One version of a document in one form, byte for byte as a worker made it; never changed, so it can be cited."""

    ledger_rights = "append-only"

    resource = models.CharField(max_length=20)  # area-analyses | plans-of-action
    document_id = models.UUIDField()
    number = models.PositiveIntegerField()
    form = models.CharField(max_length=4, choices=DocumentForm)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)  # of these bytes
    size = models.PositiveIntegerField()
    version_checksum = models.CharField(max_length=64)  # of the version it was made of
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document_id", "number", "form"], name="document_file_once"),
        ]


class ActionStatus(models.TextChoices):
    OPEN = "open"
    BUSY = "busy"
    DONE = "done"
    DROPPED = "dropped"


class ImprovementAction(models.Model):
    """Something to do better: who, by when, how far it is and what came of it. The owner is an id, never a name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    municipality_code = models.CharField(max_length=10)
    area_code = models.CharField(max_length=100)
    plan = models.ForeignKey(PlanOfAction, on_delete=models.PROTECT, null=True, related_name="actions")
    offering_code = models.CharField(max_length=100, blank=True)
    description_nl = models.TextField()
    owner = models.CharField(max_length=100)
    due_on = models.DateField()
    status = models.CharField(max_length=8, choices=ActionStatus, default=ActionStatus.OPEN)
    outcome_nl = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())
    demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="done") | ~models.Q(outcome_nl=""), name="action_done_says_what_came_of_it"
            )
        ]
        indexes = [models.Index(fields=["municipality_code", "due_on"], name="action_due")]
