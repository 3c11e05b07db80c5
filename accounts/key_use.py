"""When keys and tokens were used, and misused: noted in Valkey, written to the store by a task, so GET writes nothing.

With Valkey away nothing is noted; a minute of "last used" is lost and the log line of the request remains.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q

from accounts import keys
from accounts.models import ApiKey, OutsideIdentity, RoleGrant
from config.ledger import records
from config.valkey import AWAY, valkey

USED, REFUSED = "keys:used", "keys:refused"
TOKENS_USED, TOKENS_REFUSED = "tokens:used", "tokens:refused"
UNKNOWN = "unknown"
MOST_NOTED = 10_000
_noted: dict[str, int] = {}  # key → the second in which this process last noted it
log = structlog.get_logger(__name__)


def note_used(*, text: str, now: datetime) -> None:
    """A key opened a door. Within one second that is noted once."""
    prefix, moment = keys.prefix_of(text) or UNKNOWN, int(now.timestamp())
    if _noted.get(prefix) == moment:
        return
    if len(_noted) > MOST_NOTED:
        _noted.clear()
    _noted[prefix] = moment
    _note(lambda: valkey().hset(USED, prefix, moment))


def note_refused(*, text: str) -> None:
    """A key was refused. Unless its prefix is one of ours it counts as unknown: guesses must not fill the audit."""
    prefix = keys.prefix_of(text)
    known = prefix if prefix and ApiKey.objects.filter(prefix=prefix).exists() else UNKNOWN
    _note(lambda: valkey().hincrby(REFUSED, known, 1))


def note_token_used(*, issuer: str, issuer_client: str, now: datetime) -> None:
    """A token of this outside identity opened a door."""
    name = json.dumps([issuer, issuer_client])
    _note(lambda: valkey().hset(TOKENS_USED, name, int(now.timestamp())))


def note_token_refused(*, client_code: str, reason: str) -> None:
    """A token was refused. Without a client, nobody could be proven to have sent it."""
    _note(lambda: valkey().hincrby(TOKENS_REFUSED, f"{client_code or UNKNOWN} {reason}", 1))


def write_down() -> int:
    """Move what was noted into the store; returns how many keys, identities and kinds of refusal it concerned."""
    return _write_keys() + _write_tokens()


def _write_keys() -> int:
    used, refused = _take(USED), _take(REFUSED)
    for prefix, moment in used.items():
        ApiKey.objects.filter(prefix=prefix).update(last_used_at=datetime.fromtimestamp(moment, UTC))
    for prefix, count in refused.items():
        _audit_refusals(f"key:{prefix}", "key.refused", "keys", prefix, Q(client__keys__prefix=prefix), count)
    return len(used) + len(refused)


def _write_tokens() -> int:
    used, refused = _take(TOKENS_USED), _take(TOKENS_REFUSED)
    for identity, moment in used.items():
        issuer, issuer_client = json.loads(identity)
        whose_token = OutsideIdentity.objects.filter(issuer=issuer, issuer_client=issuer_client)
        whose_token.update(last_used_at=datetime.fromtimestamp(moment, UTC))
    for told, count in refused.items():
        client, _space, reason = told.partition(" ")
        whose = Q(client_id=client)
        _audit_refusals(f"client:{client}", "token.refused", "api-clients", client, whose, count, reason=reason)
    return len(used) + len(refused)


def _audit_refusals(actor: str, action: str, resource: str, code: str, whose: Q, count: int, **told: str) -> None:
    """One entry per municipality that the client works for; a caller nobody knows concerns no municipality."""
    cities = RoleGrant.objects.filter(whose).values_list("municipality_id", flat=True)
    with transaction.atomic(using="default"):
        for city in sorted(set(cities)) or [""]:
            records.audit(
                store="default", actor=actor, action=action, resource=resource, resource_code=code,
                after={"count": count, **told}, municipality_code=city,
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
