from accounts.models.client import ApiKey, Client, OutsideIdentity
from accounts.models.grant import RoleGrant
from accounts.models.ledger import AuditEntry, IdempotencyRecord, Job, Outbox, OutboxCursor
from accounts.models.municipality import Municipality
from accounts.models.user import User

__all__ = ["ApiKey", "AuditEntry", "Client", "IdempotencyRecord", "Job", "Municipality", "Outbox", "OutboxCursor",
           "OutsideIdentity", "RoleGrant", "User"]  # fmt: skip
