"""How often somebody may ask: counted in Valkey, in one step, so for all web processes together.

Per caller (a client by its id, anyone else by address) and per organisation and municipality that the caller speaks
for, in fixed windows of a minute. It stops a loop that ran away, not an attack: that is the gateway's work. With
Valkey away requests pass and the log says so. Headers: IETF draft ratelimit-headers (conventions.md §3).
"""

import hashlib
import time
from dataclasses import dataclass
from typing import Any

import redis
import structlog
from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import AuthenticationFailed

from config.api.access import Principal
from config.errors import Refusal
from config.valkey import AWAY, valkey

WINDOW_SECONDS = 60
COUNT = """
local found = {}
for i, key in ipairs(KEYS) do
  found[i] = redis.call('INCR', key)
  if found[i] == 1 then redis.call('EXPIRE', key, ARGV[1]) end
end
return found
"""
COUNT_NAME = hashlib.sha1(COUNT.encode(), usedforsecurity=False).hexdigest()
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Bucket:
    """One limit: its name in the headers, whom it counts, and how many a window allows."""

    name: str
    whom: str
    limit: int


@dataclass(frozen=True)
class Usage:
    """What one caller has left: of each bucket, and seconds until the window ends."""

    counted: tuple[tuple[Bucket, int], ...]
    seconds: int

    @property
    def violated(self) -> list[str]:
        return sorted({bucket.name for bucket, count in self.counted if count > bucket.limit})

    def headers(self) -> dict[str, str]:
        """RateLimit and RateLimit-Policy; of several buckets with one name the fullest speaks."""
        left: dict[str, int] = {}
        for bucket, count in self.counted:
            left[bucket.name] = min(left.get(bucket.name, bucket.limit), max(0, bucket.limit - count))
        limits = {bucket.name: bucket.limit for bucket, _count in self.counted}
        shown = {
            "RateLimit": ", ".join(f'"{name}";r={rest};t={self.seconds}' for name, rest in left.items()),
            "RateLimit-Policy": ", ".join(f'"{name}";q={q};w={WINDOW_SECONDS}' for name, q in limits.items()),
        }
        return shown | ({"Retry-After": str(self.seconds)} if self.violated else {})


class QuotaExceeded(Refusal):
    status = 429
    code = "quota-exceeded"

    def __init__(self, usage: Usage) -> None:
        text = _("U vraagt te vaak. Probeer het over %(seconds)d seconden opnieuw.") % {"seconds": usage.seconds}
        super().__init__(text, members={"violated-policies": usage.violated})


def spend(request: Any) -> Usage | None:
    """Count this request. None: the counters are away. A wrong key counts for the address it came from."""
    try:
        principal = request.user
    except AuthenticationFailed:
        count(buckets(Principal(), address(request)))
        raise
    return count(buckets(principal, address(request)))


def buckets(principal: Principal, address: str) -> tuple[Bucket, ...]:
    """The limits that hold for a caller."""
    if not principal.is_authenticated:
        return (Bucket("anonymous", f"address:{address}", settings.QUOTA_ANONYMOUS),)
    shared = {g.organisation_code or g.municipality_code for g in principal.grants}
    own = Bucket("client", principal.id, settings.QUOTA_CLIENT)
    return own, *(Bucket("organisation", f"for:{code}", settings.QUOTA_ORGANISATION) for code in sorted(shared))


def sign_in_buckets(address: str) -> tuple[Bucket, ...]:
    """The limit on attempts to log in, whatever the names."""
    return (Bucket("sign-in", f"sign-in:{address}", settings.QUOTA_SIGN_IN),)


def address(request: Any) -> str:
    """Where the request came from: the peer, or the last hop that the trusted proxy wrote down."""
    named = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    return named.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")


def count(limits: tuple[Bucket, ...]) -> Usage | None:
    now = time.time()
    window = int(now // WINDOW_SECONDS)
    keys = [f"quota:{bucket.whom}:{window}" for bucket in limits]
    try:
        found = _counted(keys)
    except AWAY as problem:
        log.warning("quota not counted", problem=type(problem).__name__)
        return None
    return Usage(tuple(zip(limits, found, strict=True)), WINDOW_SECONDS - int(now % WINDOW_SECONDS))


def _counted(keys: list[str]) -> Any:
    """COUNT by its name; Valkey knows it from the first time on, until it starts anew. Raises AWAY."""
    asked: Any = (len(keys), *keys, 2 * WINDOW_SECONDS)
    try:
        return valkey().evalsha(COUNT_NAME, *asked)
    except redis.exceptions.NoScriptError:
        return valkey().eval(COUNT, *asked)
