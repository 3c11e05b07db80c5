"""Where a run keeps its things, and who may reach them."""

import hashlib
import os
import secrets
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from deploy.local.children import Failed

CHECKOUT = Path(__file__).resolve().parents[2]

# The kernel holds a Unix socket's address in 108 bytes (104 on macOS); PostgreSQL adds "/.s.PGSQL.5432.lock".
LONGEST_SOCKET_FOLDER = 80


class NotPrivate(Failed):
    """A folder that should be ours alone was made by somebody else, or stands open to others."""


@dataclass(frozen=True)
class RunFolder:
    """All data of one run; two runs with different folders know nothing of each other."""

    path: Path

    @classmethod
    def at(cls, path: Path) -> Self:
        """The run folder at `path`, made when it is not there."""
        path.mkdir(parents=True, exist_ok=True)
        return cls(path=path.resolve())

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def valkey(self) -> Path:
        return self.path / "valkey"

    @property
    def lock(self) -> Path:
        return self.path / "lock"

    def log(self, name: str) -> Path:
        """The log file of one child or step; makes the folder of logs when it is not there."""
        folder = self.path / "logs"
        folder.mkdir(exist_ok=True)
        return folder / f"{name}.log"

    def secret_key(self) -> str:
        """The key that signs sessions: made once, then kept, readable by its owner alone."""
        file = self.path / "secret-key"
        if not file.exists():
            write_private(file=file, text=secrets.token_urlsafe(50))
        return file.read_text()


def write_private(*, file: Path, text: str) -> None:
    """Write `file` whole or not at all, with mode 0600 from its first byte on."""
    draft = file.with_name(f"{file.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(text)
    draft.replace(file)


def socket_folder(*, data: Path, uid: int) -> Path:
    """A short folder for the socket of the server on `data`, open to user `uid` alone; made when not there.

    The name follows from `data`, so the address stays over restarts. The folder stands where everyone
    may write, so one that somebody else made first is refused: raises NotPrivate.
    """
    parent = Path(tempfile.gettempdir())
    if len(os.fsencode(parent)) > LONGEST_SOCKET_FOLDER - 30:
        parent = Path("/tmp")  # noqa: S108 - the folder in it is checked below
    digest = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:10]
    folder = parent / f"fm-{uid}-{digest}"
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, uid, -1)
    except FileExistsError:
        _require_private(folder, uid=uid)
    return folder


def _require_private(folder: Path, *, uid: int) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or stat.S_IMODE(found.st_mode) != 0o700:
        raise NotPrivate(f"{folder} is not a folder with mode 0700 of user {uid}: look who made it, and remove it")


def let_through(*, target: Path, uid: int) -> tuple[Path, ...]:
    """Let user `uid` walk to `target`: adds only the right to pass (o+x) on folders above it that lack it.

    Returns the folders that were changed. A folder that `uid` owns is left as it is.
    """
    closed = [folder for folder in target.resolve().parents if not _may_pass(folder.stat(), uid=uid)]
    for folder in closed:
        folder.chmod(stat.S_IMODE(folder.stat().st_mode) | stat.S_IXOTH)
    return tuple(closed)


def _may_pass(found: os.stat_result, *, uid: int) -> bool:
    return bool(found.st_mode & (stat.S_IXUSR if found.st_uid == uid else stat.S_IXOTH))
