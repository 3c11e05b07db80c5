"""The ledger of either store, by the store's name."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from django.apps import apps
from django.db import models

FIRST = -(2**62)
"""Before every transaction: what was restored on another server has numbers below zero (config/backup)."""
APPS = {"default": "accounts", "monitoring": "monitoring"}


def model(store: str, name: str) -> type[models.Model]:
    """The concrete class of a ledger model (`Outbox`, `AuditEntry`, …) in one store."""
    return apps.get_model(APPS[store], name)


def claim(*, store: str, scope: str, key: str, fingerprint: str) -> Any:
    """Take an idempotency key. None: it is ours. Else the record of who had it before (waits for its commit)."""
    objects = model(store, "IdempotencyRecord")._default_manager
    objects.bulk_create([objects.model(scope=scope, key=key, fingerprint=fingerprint)], ignore_conflicts=True)
    record: Any = objects.get(scope=scope, key=key)
    # a record without a status can only be our own: others become visible with their answer
    return None if record.status is None else record


def finish(*, store: str, scope: str, key: str, status: int, headers: dict[str, str], body: str) -> None:
    objects = model(store, "IdempotencyRecord")._default_manager
    objects.filter(scope=scope, key=key).update(status=status, headers=headers, body=body)


def audit(
    *,
    store: str,
    actor: str,
    action: str,
    resource: str,
    resource_code: str,
    before: Any = None,
    after: Any = None,
    municipality_code: str = "",
    organisation_code: str = "",
) -> None:
    """Write who did what, in the transaction of the write itself."""
    entry = {
        "action": action,
        "resource": resource,
        "resource_code": resource_code,
        "before": before,
        "after": after,
        "municipality_code": municipality_code,
        "organisation_code": organisation_code,
    }
    audit_all(store=store, actor=actor, entries=[entry])


def audit_all(*, store: str, actor: str, entries: Sequence[Mapping[str, Any]]) -> None:
    """Write many entries at once; each with the columns that `audit` takes."""
    objects = model(store, "AuditEntry")._default_manager
    request = structlog.contextvars.get_contextvars().get("request_id", "")
    objects.bulk_create([objects.model(actor=actor, request_id=request, **entry) for entry in entries], batch_size=1000)
