"""The system account that PostgreSQL runs under: it refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAME = "factorenmodel"
FALLBACKS = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A user and group by number. `is_other` tells that it is not the account we run under ourselves."""

    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        return self.uid != os.geteuid()


def account_for(data: Path) -> Account:
    """Who runs the server on `data`: we, but as root the owner of `data` or an account without rights."""
    if os.geteuid() != 0:
        return Account(uid=os.geteuid(), gid=os.getegid())
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(uid=owner.st_uid, gid=owner.st_gid)
    return _system_account()


def _system_account() -> Account:
    if _find(NAME) is None and (useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")):
        command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
        subprocess.run(command, check=False, capture_output=True)  # another run may just have made it
    for name in (NAME, *FALLBACKS):
        if found := _find(name):
            return found
    raise OSError(f"PostgreSQL does not run as root, and there is no account {NAME}: make one with useradd --system")


def _find(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)
