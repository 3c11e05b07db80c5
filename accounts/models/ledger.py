"""The ledger of the default store."""

from config.ledger import models as ledger


class Outbox(ledger.OutboxBase):
    class Meta(ledger.OutboxBase.Meta):
        db_table = "default_outbox"


class OutboxCursor(ledger.OutboxCursorBase):
    pass


class IdempotencyRecord(ledger.IdempotencyRecordBase):
    pass


class AuditEntry(ledger.AuditEntryBase):
    class Meta(ledger.AuditEntryBase.Meta):
        verbose_name, verbose_name_plural = "regel van het logboek", "logboek"


class Job(ledger.JobBase):
    pass
