"""API keys: `fm_<prefix>_<secret>`. The secret has 256 bits, so a plain SHA-256 is enough to keep."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass


@dataclass(frozen=True)
class NewKey:
    prefix: str
    digest: str
    text: str


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def make() -> NewKey:
    """A fresh key; `text` is shown once and kept nowhere."""
    prefix = secrets.token_hex(5)
    text = f"fm_{prefix}_{secrets.token_urlsafe(32)}"
    return NewKey(prefix, digest(text), text)


def prefix_of(text: str) -> str | None:
    parts = text.split("_", 2)
    return parts[1] if len(parts) == 3 and parts[0] == "fm" and len(parts[1]) == 10 else None


def fits(text: str, kept_digest: str) -> bool:
    """In constant time."""
    return hmac.compare_digest(digest(text), kept_digest)
