"""Every environment variable the service reads: once, with type, default and a line of help.

`docs/settings.md` is made from this list (`manage.py settings_page`).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class MissingSetting(RuntimeError):
    """A variable without default is not set."""


@dataclass(frozen=True)
class Variable:
    name: str
    default: Any
    help: str
    kind: str


@dataclass
class Env:
    """Reads variables and remembers them for the settings page."""

    seen: dict[str, Variable] = field(default_factory=dict)

    def _read(self, name: str, default: T | None, help: str, kind: str, cast: Callable[[str], T]) -> T:
        self.seen[name] = Variable(name, default, help, kind)
        raw = os.environ.get(name) or _from_file(name)
        if raw:
            return cast(raw)
        if default is None:
            raise MissingSetting(f"{name} is not set: {help}")
        return default

    def text(self, name: str, default: str | None, help: str) -> str:
        return self._read(name, default, help, "text", str)

    def number(self, name: str, default: int | None, help: str) -> int:
        return self._read(name, default, help, "number", int)

    def flag(self, name: str, default: bool, help: str) -> bool:
        return self._read(name, default, help, "yes/no", lambda raw: raw.lower() in {"1", "yes", "true", "on"})

    def words(self, name: str, default: list[str], help: str) -> list[str]:
        return self._read(
            name, default, help, "list, comma", lambda raw: [w.strip() for w in raw.split(",") if w.strip()]
        )


def _from_file(name: str) -> str:
    """Secrets may come as files: NAME_FILE names the file (container secrets)."""
    path = os.environ.get(f"{name}_FILE")
    return Path(path).read_text().strip() if path else ""


env = Env()
