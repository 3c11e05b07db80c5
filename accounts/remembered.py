"""Who was known a moment ago, in Valkey: bridges an outage of the default store, and is never the only word.

Names are digests, so that neither keys nor names of clients stand in the cache.
"""

import hashlib
import time

import structlog
from django.core.cache import cache

from accounts.tokens import Bearer
from config.api.access import Principal

SECONDS, FRESH_SECONDS = 300, 30
MOST_WRITTEN = 10_000
_written: dict[str, tuple[Principal | None, float]] = {}
log = structlog.get_logger(__name__)


def of_key(digest: str) -> str:
    """Name of the principal behind a key."""
    return f"principal:{digest}"


def of_bearer(bearer: Bearer) -> str:
    """Name of the principal behind the tokens of an outside identity."""
    told = "\n".join((bearer.issuer, bearer.client, bearer.subject))
    return f"principal:outside:{hashlib.sha256(told.encode()).hexdigest()}"


def keep(name: str, principal: Principal | None) -> None:
    """None: the store knows no such caller, so neither do we. What this process wrote a moment ago still stands."""
    now = time.monotonic()
    known, until = _written.get(name, (None, 0.0))
    if principal and principal == known and now < until:
        return
    if len(_written) > MOST_WRITTEN:
        _written.clear()
    _written[name] = principal, now + FRESH_SECONDS
    try:
        cache.set(name, principal, SECONDS) if principal else cache.delete(name)
    except Exception as problem:  # the cache only bridges an outage; without it the service works
        log.warning("cache away", problem=type(problem).__name__)


def recall(name: str) -> Principal | None:
    try:
        return cache.get(name)
    except Exception:
        return None


def forget(names: list[str]) -> None:
    """These callers are no longer known, also while the store is away."""
    for name in names:
        _written.pop(name, None)
    try:
        cache.delete_many(names)
    except Exception as problem:  # without the cache nothing is remembered either
        log.warning("cache away", problem=type(problem).__name__)
