"""Removing what was kept long enough, and the proof of it: how many rows, from when until when, and their checksum."""

import hashlib
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.apps import apps
from django.db import transaction
from django.db.models import Q, QuerySet

from config.ledger import records


@dataclass(frozen=True)
class Rule:
    """Rows of one table older than some days go; `moment` names the column that tells their age.

    model: of the ledger by its name (`AuditEntry`), any other with its app (`monitoring.Receipt`). only: which rows.
    unread: columns that the proof leaves out, since another one holds their checksum.
    """

    model: str
    moment: str
    days: int
    only: Q = field(default_factory=Q)
    unread: frozenset[str] = frozenset()

    def old(self, store: str, before: datetime) -> QuerySet[Any]:
        """The rows that go, in order of moment and key."""
        model = apps.get_model(self.model) if "." in self.model else records.model(store, self.model)
        rows = model._default_manager.using(store).filter(self.only, **{f"{self.moment}__lt": before})
        return rows.order_by(self.moment, "pk")


@dataclass(frozen=True)
class Removed:
    """The proof: a copy kept elsewhere gives the same checksum over the same rows in order of moment and key."""

    table: str
    count: int
    oldest: str | None
    newest: str | None
    checksum: str


def remove(*, store: str, rule: Rule, before: datetime, actor: str) -> Removed:
    """Remove the rows older than `before` and write down what went, in one transaction.

    Needs a role that may delete from the table: for what the app can only append to, the owner's.
    """
    with transaction.atomic(using=store):
        old = rule.old(store, before)
        removed = _told(rule, old)
        if removed.count:
            old.delete()
            records.audit(
                store=store, actor=actor, action="retention.removed", resource=removed.table, resource_code=store,
                before=asdict(removed), after={"olderThan": before.isoformat(), "days": rule.days},
            )  # fmt: skip
    return removed


def _told(rule: Rule, old: QuerySet[Any]) -> Removed:
    names = [one.attname for one in old.model._meta.concrete_fields if one.attname not in rule.unread]
    digest, moments = hashlib.sha256(), list[str]()
    for row in old.values(*names).iterator(chunk_size=2000):
        digest.update(orjson.dumps(row, default=str, option=orjson.OPT_SORT_KEYS))
        moments = [*moments[:1], row[rule.moment].isoformat()]
    oldest, newest = (moments[0], moments[-1]) if moments else (None, None)
    return Removed(old.model.__name__, old.count(), oldest, newest, digest.hexdigest())
