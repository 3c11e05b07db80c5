"""When keys were used, and misused: noted in Valkey by readers, written to the store by a task, so GET writes nothing.

With Valkey away nothing is noted; a minute of "last used" is lost and the log line of the request remains.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from django.db import transaction

from accounts import keys
from accounts.models import ApiKey, RoleGrant
from config.ledger import records
from config.valkey import AWAY, valkey

USED, REFUSED = "keys:used", "keys:refused"
UNKNOWN = "unknown"
log = structlog.get_logger(__name__)


def note_used(*, text: str, now: datetime) -> None:
    """A key opened a door."""
    _note(lambda: valkey().hset(USED, keys.prefix_of(text) or UNKNOWN, int(now.timestamp())))


def note_refused(*, text: str) -> None:
    """A key was refused. Unless its prefix is one of ours it counts as unknown: guesses must not fill the audit."""
    prefix = keys.prefix_of(text)
    known = prefix if prefix and ApiKey.objects.filter(prefix=prefix).exists() else UNKNOWN
    _note(lambda: valkey().hincrby(REFUSED, known, 1))


def write_down() -> int:
    """Move what was noted into the store; returns how many keys it concerned."""
    used, refused = _take(USED), _take(REFUSED)
    for prefix, moment in used.items():
        ApiKey.objects.filter(prefix=prefix).update(last_used_at=datetime.fromtimestamp(moment, UTC))
    for prefix, count in refused.items():
        _audit_refusals(prefix, count)
    return len(used) + len(refused)


def _audit_refusals(prefix: str, count: int) -> None:
    """One entry per municipality that the key's client works for; a key nobody knows concerns no municipality."""
    cities = RoleGrant.objects.filter(client__keys__prefix=prefix).values_list("municipality_id", flat=True)
    with transaction.atomic(using="default"):
        for city in sorted(set(cities)) or [""]:
            records.audit(
                store="default", actor=f"key:{prefix}", action="key.refused", resource="keys", resource_code=prefix,
                after={"count": count}, municipality_code=city,
            )  # fmt: skip


def _note(write: Callable[[], object]) -> None:
    try:
        write()
    except AWAY as problem:
        log.warning("key use not noted", problem=type(problem).__name__)


def _take(name: str) -> dict[str, int]:
    """Read and empty one hash in one step."""
    try:
        both = valkey().pipeline(transaction=True)
        both.hgetall(name)
        both.delete(name)
        found: Any = both.execute()[0]
    except AWAY as problem:
        log.warning("key use not read", problem=type(problem).__name__)
        return {}
    return {key.decode(): int(value) for key, value in found.items()}
