"""The keys of the allowed issuers, known without asking each time.

Each process holds them; Valkey shares them with the others. They are fetched anew when old, or when a token names a
key that is not there (the issuer rotated), but by all processes together once per OAUTH_REFETCH_SECONDS at most, so
that made-up key ids make no traffic. An issuer that does not answer is forgiven for OAUTH_STALE_SECONDS.
"""

import hashlib
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache

from accounts import issuer_document
from accounts.tokens import PublicKey
from config.issuers import Issuer
from config.stores import StoreAway

BUSY, DONE = "busy", "done"
POLL_SECONDS = 0.05
log = structlog.get_logger(__name__)


class IssuerAway(StoreAway):
    """The issuer never gave us keys, or too long ago: nobody can say whether the token is sound."""


@dataclass(frozen=True)
class Held:
    """A key set and when it was fetched, in seconds since 1970."""

    fetched_at: float
    keys: Mapping[str, PublicKey]

    def within(self, seconds: int) -> bool:
        return time.time() - self.fetched_at < seconds


NEVER = Held(0.0, {})
_held: dict[str, Held] = {}
_tried: dict[str, float] = {}
_one_at_a_time = threading.Lock()


def key_of(issuer_name: str, kid: str) -> PublicKey | None:
    """The key of an issuer; None for an issuer that is not allowed, or a key it does not have. Raises IssuerAway."""
    issuer = settings.OAUTH_ISSUERS.get(issuer_name)
    if issuer is None:
        return None
    held = _held.get(issuer_name, NEVER)
    if not (held.within(settings.OAUTH_KEYS_SECONDS) and kid in held.keys):
        with _one_at_a_time:
            held = _renewed(issuer, kid)
    if not held.within(settings.OAUTH_STALE_SECONDS):
        raise IssuerAway(issuer_name)
    return held.keys.get(kid)


def forget() -> None:
    """Hold nothing any more in this process."""
    _held.clear()
    _tried.clear()


def _renewed(issuer: Issuer, kid: str) -> Held:
    """The newest set: what others fetched meanwhile, else fetched by us if it is our turn."""
    held = _newest(issuer)
    if held.within(settings.OAUTH_KEYS_SECONDS) and kid in held.keys:
        return held
    if _our_turn(issuer):
        _fetch(issuer)
    else:
        _wait_for_another(issuer)
    return _newest(issuer)


def _fetch(issuer: Issuer) -> None:
    try:
        rows = issuer_document.fetch(issuer.keys_url)
        found = {"fetched_at": time.time(), "rows": rows}
        _held[issuer.name] = Held(found["fetched_at"], issuer_document.keys(rows))  # type: ignore[arg-type]
        _share(_name(issuer, "keys"), found, settings.OAUTH_STALE_SECONDS)
        log.info("issuer keys fetched", issuer=issuer.name, keys=len(rows))
    except issuer_document.CannotFetch as problem:
        log.warning("issuer keys not fetched", issuer=issuer.name, problem=str(problem))
    finally:
        _share(_name(issuer, "turn"), DONE, settings.OAUTH_REFETCH_SECONDS)


def _our_turn(issuer: Issuer) -> bool:
    """Whether we may ask the issuer now; without Valkey each process keeps the interval for itself."""
    try:
        return bool(cache.add(_name(issuer, "turn"), BUSY, settings.OAUTH_REFETCH_SECONDS))
    except Exception as problem:
        log.warning("cache away", problem=type(problem).__name__)
        last, now = _tried.get(issuer.name, 0.0), time.monotonic()
        if last and now - last < settings.OAUTH_REFETCH_SECONDS:
            return False
        _tried[issuer.name] = now
        return True


def _wait_for_another(issuer: Issuer) -> None:
    """As long as another process is asking, but no longer than asking may take."""
    deadline = time.monotonic() + issuer_document.MOST_SECONDS
    while _shared(_name(issuer, "turn")) == BUSY and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)


def _newest(issuer: Issuer) -> Held:
    """What this process holds, or what Valkey has if that is newer."""
    held = _held.get(issuer.name, NEVER)
    found = _shared(_name(issuer, "keys"))
    if found and found["fetched_at"] > held.fetched_at:
        held = _held[issuer.name] = Held(found["fetched_at"], issuer_document.keys(found["rows"]))
    return held


def _name(issuer: Issuer, what: str) -> str:
    return f"issuer:{what}:{hashlib.sha256(issuer.name.encode()).hexdigest()}"


def _share(name: str, value: Any, seconds: int) -> None:
    try:
        cache.set(name, value, seconds)
    except Exception as problem:  # each process then fetches for itself
        log.warning("cache away", problem=type(problem).__name__)


def _shared(name: str) -> Any:
    try:
        return cache.get(name)
    except Exception:
        return None
