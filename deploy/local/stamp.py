"""What was loaded into which stores: a second start with the same code and data has nothing to load."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from deploy.local.paths import CHECKOUT, write_private
from deploy.local.services import STORES

ROOMS = ("accounts", "config", "factors", "interventions", "monitoring", "web")


def fingerprint(variables: Mapping[str, str]) -> str:
    """SHA-256 over the application's code and data and the names of the stores."""
    digest = hashlib.sha256()
    for file in _files():
        digest.update(str(file.relative_to(CHECKOUT)).encode())
        digest.update(file.read_bytes())
    for store in STORES:
        digest.update(variables[store.variable].encode())
    return digest.hexdigest()


def is_loaded(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


def note_loaded(stamp: Path, wanted: str) -> None:
    write_private(file=stamp, text=wanted)


def _files() -> Iterable[Path]:
    found = (file for room in ROOMS for file in (CHECKOUT / room).rglob("*"))
    return sorted(file for file in found if file.is_file() and "__pycache__" not in file.parts)
