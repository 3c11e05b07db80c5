"""Access tokens of an outside issuer: JWT by client credentials (RFC 9068; NL GOV OAuth profile). Knows no Django.

Signed by a key of an issuer we allow, meant for us, of the kind that is an access token, valid now and not for long.
What a header says of where keys may be found (jku, x5u, jwk, x5c) is never read.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

ALGORITHMS = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}
"""Allowed signatures with the kind of key each takes; no `none`, no shared secrets."""
MOST_CHARACTERS = 8192
MOST_NAME = 255

PublicKey = RSAKey | ECKey


@dataclass(frozen=True)
class Policy:
    """What a token must say. types: `typ` of the header in lower case; seconds: leeway for clocks, longest life."""

    audience: str
    types: frozenset[str]
    leeway_seconds: int
    most_seconds: int


@dataclass(frozen=True)
class Bearer:
    """Whom the issuer gave the token to: `client_id` (or `azp`) and `sub`, which say the same for a client itself."""

    issuer: str
    client: str
    subject: str


@dataclass(frozen=True)
class AccessToken:
    """A sound token: id is its `jti`."""

    id: str
    bearer: Bearer
    scopes: frozenset[str] = field(default_factory=frozenset)


class BadToken(Exception):
    """Not a token that opens anything. reason: kebab-case; bearer: only when an allowed issuer did sign it."""

    def __init__(self, reason: str, bearer: Bearer | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.bearer = bearer


def looks_like(text: str) -> bool:
    """Three parts with dots: the compact form of a signed token."""
    return text.count(".") == 2


def read(text: str, *, policy: Policy, key_of: Callable[[str, str], PublicKey | None], now: float) -> AccessToken:
    """Hold a token to the policy. Raises BadToken.

    key_of: the key by issuer and key id, None for an issuer or a key we do not know. now: seconds since 1970.
    """
    header, claims, signed = _parts(text)
    if _kind(header) not in policy.types:
        raise BadToken("token-type")
    issuer = _name(claims, "iss")
    _require_signature(header, signed, key_of(issuer, _name(header, "kid")))
    bearer = _bearer(issuer, claims)
    if problem := _problem(claims, policy, now):
        raise BadToken(problem, bearer)
    return AccessToken(claims["jti"], bearer, frozenset(claims["scope"].split()))


def _parts(text: str) -> tuple[dict[str, Any], dict[str, Any], Any]:
    """Header and claims, both still to be proven."""
    if len(text) > MOST_CHARACTERS:
        raise BadToken("too-long")
    try:
        signed = jws.extract_compact(text.encode("ascii"))
        header, claims = signed.headers(), orjson.loads(signed.payload)
    except (JoseError, ValueError, RecursionError) as problem:
        raise BadToken("malformed") from problem
    if not isinstance(claims, dict) or not isinstance(header, dict) or "crit" in header:
        raise BadToken("malformed")
    return header, claims, signed


def _kind(header: Mapping[str, Any]) -> str:
    return str(header.get("typ", "")).lower().removeprefix("application/")


def _require_signature(header: Mapping[str, Any], signed: Any, key: PublicKey | None) -> None:
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise BadToken("algorithm")
    if key is None:
        raise BadToken("unknown-key")
    if key.key_type != ALGORITHMS[algorithm] or key.get("alg") not in (None, algorithm):
        raise BadToken("algorithm")
    try:
        sound = jws.validate_compact(signed, key, algorithms=[algorithm])
    except (JoseError, ValueError) as problem:
        raise BadToken("signature") from problem
    if not sound:
        raise BadToken("signature")


def _bearer(issuer: str, claims: Mapping[str, Any]) -> Bearer:
    named = {claims[name] for name in ("client_id", "azp") if isinstance(claims.get(name), str)}
    if len(named) > 1:
        raise BadToken("client")
    subject = _name(claims, "sub")
    return Bearer(issuer, _named(named.pop(), "client") if named else subject, subject)


def _problem(claims: Mapping[str, Any], policy: Policy, now: float) -> str:
    """The reason why these claims open nothing now, or nothing."""
    audience = claims.get("aud")
    if policy.audience not in (audience if isinstance(audience, list) else [audience]):
        return "audience"
    moments = [claims.get("exp"), claims.get("iat"), claims.get("nbf", claims.get("iat"))]
    if not all(_is_moment(moment) for moment in moments):
        return "moments"
    expires, issued, begins = moments
    if now >= expires + policy.leeway_seconds:
        return "expired"
    if max(issued, begins) > now + policy.leeway_seconds:
        return "not-yet"
    if expires - issued > policy.most_seconds:
        return "lives-too-long"
    if not _is_name(claims.get("jti")):
        return "token-id"
    return "" if isinstance(claims.get("scope"), str) else "scope"


def _is_moment(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MOST_NAME and "\x00" not in value


def _name(given: Mapping[str, Any], key: str) -> str:
    return _named(given.get(key), {"iss": "issuer", "sub": "subject"}.get(key, "unknown-key"))


def _named(value: Any, reason: str) -> str:
    if not _is_name(value):
        raise BadToken(reason)
    return str(value)
