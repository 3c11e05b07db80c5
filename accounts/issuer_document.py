"""The public keys of an issuer as it publishes them (JWKS, RFC 7517): fetched within bounds, read with care.

The address comes from the settings alone. No redirect is followed, the answer is bounded in bytes, keys and time.
"""

import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

import orjson
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from accounts.tokens import MOST_NAME, PublicKey

SOCKET_SECONDS, MOST_SECONDS = 3.0, 5.0
MOST_BYTES, MOST_KEYS = 256 * 1024, 50
SMALLEST_RSA = 2048
PUBLIC_MEMBERS = frozenset({"kty", "kid", "use", "alg", "n", "e", "crv", "x", "y"})


class CannotFetch(Exception):
    """The issuer gave no readable key set."""


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(_StayHere)


def fetch(url: str) -> list[dict[str, Any]]:
    """The members of each key that can check a signature. Raises CannotFetch."""
    try:
        request = urllib.request.Request(url, headers={"Accept": "application/json"})
        with _opener.open(request, timeout=SOCKET_SECONDS) as answer:
            found = orjson.loads(_bounded(answer))["keys"]
        usable = [kept for row in found[:MOST_KEYS] if (kept := _public(row))]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise CannotFetch(type(problem).__name__) from problem
    if not usable:
        raise CannotFetch("no usable key")
    return usable


def _bounded(answer: Any) -> bytes:
    """The body, unless it is too long or drips in too slowly."""
    content, deadline = b"", time.monotonic() + MOST_SECONDS
    while part := answer.read1(MOST_BYTES):
        content += part
        if len(content) > MOST_BYTES or time.monotonic() > deadline:
            raise ValueError("too long or too slow")
    return content


def _public(row: Any) -> dict[str, Any] | None:
    """The public members of a signing key with a name; None for anything else."""
    if not isinstance(row, dict) or row.get("use", "sig") != "sig":
        return None
    kept = {name: value for name, value in row.items() if name in PUBLIC_MEMBERS and isinstance(value, str)}
    return kept if 0 < len(kept.get("kid", "")) <= MOST_NAME and _key(kept) else None


def keys(rows: list[dict[str, Any]]) -> Mapping[str, PublicKey]:
    """The keys by their id."""
    return {row["kid"]: key for row in rows if (key := _key(row))}


def _key(row: dict[str, Any]) -> PublicKey | None:
    """RSA of 2048 bits or more, or P-256; nothing else checks a signature here."""
    try:
        if row.get("kty") == "RSA":
            rsa = RSAKey.import_key(row)
            return rsa if rsa.public_key.key_size >= SMALLEST_RSA else None
        if row.get("kty") == "EC" and row.get("crv") == "P-256":
            return ECKey.import_key(row)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return None
