"""Abstract models that stand in both stores; concrete in `accounts` (default) and `monitoring`."""

import uuid
from copy import copy
from typing import Any, Self

import orjson
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models


def writing_transaction() -> models.BigIntegerField:
    """The transaction that wrote the row; bigint holds xid8 for the next 290 000 years at a million a second."""
    return models.BigIntegerField(db_default=models.expressions.RawSQL("pg_current_xact_id()::text::bigint", []))


class OutboxBase(models.Model):
    """One thing that happened in this store and that the other must hear. Written with the change, never changed.

    Readers go by (xid, id) and only below the oldest running transaction, so a late commit is never skipped.
    """

    ledger_rights = "append-only"

    id = models.BigAutoField(primary_key=True)
    xid = writing_transaction()
    kind = models.CharField(max_length=60)
    payload = models.JSONField()
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["xid", "id"], name="%(app_label)s_outbox_order")]


class OutboxCursorBase(models.Model):
    """How far one reader of this store has read the other store's outbox."""

    reader = models.CharField(max_length=60, primary_key=True)
    xid = models.BigIntegerField(default=0)
    position = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class IdempotencyRecordBase(models.Model):
    """The answer given to one Idempotency-Key of one caller on one path."""

    scope = models.CharField(max_length=400)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(default="")
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="%(app_label)s_idempotency_once")]


class AuditEntryBase(models.Model):
    """One write: who (an id, never a name), for whom, what, before and after.

    A write of many things at once says in `codes` which; `resource_code` is then what they came with, and `details`
    holds {"before", "after"} as JSON text, each null or by field a list in the order of `codes`.
    In order of (xid, id) it is also the feed of changes, read as an outbox is (config/ledger/changes.py).
    """

    ledger_rights = "append-only"

    id = models.BigAutoField(primary_key=True)
    xid = writing_transaction()
    at = models.DateTimeField(db_default=models.functions.Now())
    actor = models.CharField(max_length=100)
    municipality_code = models.CharField(max_length=10, blank=True)
    organisation_code = models.CharField(max_length=100, blank=True)
    action = models.CharField(max_length=60)
    resource = models.CharField(max_length=60)
    resource_code = models.CharField(max_length=200)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    codes = ArrayField(models.TextField(), null=True)
    details = models.TextField(null=True)  # as text and uncompressed: both cost more than space
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        abstract = True
        indexes = [
            # no GIN on the codes: every ninth delivery of thousands would wait for it to take in what came before
            models.Index(
                fields=["municipality_code", "resource"],
                condition=models.Q(codes__isnull=False),
                name="%(app_label)s_audit_of_many",
            ),
            models.Index(fields=["resource", "resource_code"], name="%(app_label)s_audit_resource"),
            models.Index(fields=["xid", "id"], name="%(app_label)s_audit_order"),
            BrinIndex(fields=["at"], name="%(app_label)s_audit_at"),
        ]

    def about(self, code: str) -> Self:
        """The entry as it is of one thing: itself, unless it is of many."""
        codes = self.codes or []
        if code not in codes:
            return self
        place, entry, details = codes.index(code), copy(self), orjson.loads(self.details or "{}")
        entry.resource_code = code
        entry.before, entry.after = (_at(place, details.get(side)) for side in ("before", "after"))
        return entry


def _at(place: int, columns: dict[str, list[Any]] | None) -> dict[str, Any] | None:
    return columns and {name: column[place] for name, column in columns.items()}


class JobStatus(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobBase(models.Model):
    """One long task and how far it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=60)
    status = models.CharField(max_length=12, choices=JobStatus, default=JobStatus.QUEUED)
    requested_by = models.CharField(max_length=100)
    municipality_code = models.CharField(max_length=10, blank=True)
    input = models.JSONField(default=dict)
    done_count = models.PositiveBigIntegerField(default=0)
    total_count = models.PositiveBigIntegerField(null=True)
    result_path = models.CharField(max_length=300, blank=True)
    errors = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=models.functions.Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
