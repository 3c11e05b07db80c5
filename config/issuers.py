"""Outside issuers of access tokens, as the settings name them. No Django here."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class BadIssuer(ValueError):
    """The settings name an issuer in a way that cannot be trusted."""


@dataclass(frozen=True)
class Issuer:
    """Who signs tokens: its name (`iss`, compared to the letter) and where its public keys stand (JWKS)."""

    name: str
    keys_url: str


def issuers(words: Iterable[str]) -> dict[str, Issuer]:
    """By name, from `issuer keys-url` pairs. Raises BadIssuer; keys come over https, but for this machine itself."""
    found = {}
    for word in words:
        name, _space, url = word.partition(" ")
        parts = urlsplit(url.strip())
        if not name or not parts.hostname or parts.username:
            raise BadIssuer(f"OAUTH_ISSUERS: {word!r} is not 'issuer keys-url'.")
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise BadIssuer(f"OAUTH_ISSUERS: keys of {name!r} must come over https.")
        found[name] = Issuer(name, url.strip())
    return found
