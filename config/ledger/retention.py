"""Removing what was kept long enough, and the proof of it: how many rows, from when until when, and their checksum."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from config.ledger import records


@dataclass(frozen=True)
class Rule:
    """Rows of one ledger table older than some days go; `moment` names the column that tells their age."""

    table: str
    moment: str
    days: int


@dataclass(frozen=True)
class Removed:
    """The proof: a copy kept elsewhere gives the same checksum over the same rows in order of id or key."""

    table: str
    count: int
    oldest: str | None
    newest: str | None
    checksum: str


def remove(*, store: str, rule: Rule, before: datetime, actor: str) -> Removed:
    """Remove the rows older than `before` and write down what went, in one transaction.

    Needs a role that may delete from the table: for the audit only the owner's.
    """
    with transaction.atomic(using=store):
        old = records.model(store, rule.table)._default_manager.filter(**{f"{rule.moment}__lt": before})
        rows: list[dict[str, Any]] = list(old.order_by(rule.moment, "pk").values())
        removed = _told(rule, rows)
        if rows:
            old.delete()
            records.audit(
                store=store, actor=actor, action="retention.removed", resource=rule.table, resource_code=store,
                before=asdict(removed), after={"olderThan": before.isoformat(), "days": rule.days},
            )  # fmt: skip
    return removed


def _told(rule: Rule, rows: list[dict[str, Any]]) -> Removed:
    moments = [row[rule.moment].isoformat() for row in rows]
    digest = hashlib.sha256()
    for row in rows:
        digest.update(orjson.dumps(row, default=str, option=orjson.OPT_SORT_KEYS))
    return Removed(rule.table, len(rows), min(moments, default=None), max(moments, default=None), digest.hexdigest())
