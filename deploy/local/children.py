"""Child processes that end when they are told to, and never outlive the process that started them."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from deploy.local.account import Account
from deploy.local.signals import die_with_parent, pause


class Failed(Exception):
    """A child ended that should not have, or a step did not do its work. Its text is meant for people."""


@dataclass(frozen=True)
class Command:
    """What to start, and how to end it: `stop` is its signal for an orderly end within `patience` seconds.

    orphaned: the signal it gets when we ourselves were killed, where `stop` would take its time.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path
    cwd: Path
    stop: signal.Signals = signal.SIGTERM
    patience: float = 10
    orphaned: signal.Signals | None = None
    account: Account | None = None


@dataclass(frozen=True)
class Child:
    """A running command, leading a session of its own: Ctrl-C in the terminal reaches us, and not it."""

    command: Command
    process: subprocess.Popen[bytes]

    def wait(self) -> int:
        """Wait for the child to end, and return its exit code. Raises Stopped."""
        while (code := self.process.poll()) is None:
            pause(0.02)
        return code

    def stop(self) -> None:
        """End the child in its own way; when that takes too long, kill it and all of its group."""
        if self.process.poll() is None:
            self.process.send_signal(self.command.stop)
        try:
            self.process.wait(timeout=self.command.patience)
        except subprocess.TimeoutExpired:
            pass
        finally:
            self._kill_group()
            self.process.wait()

    def _kill_group(self) -> None:
        none_left = (ProcessLookupError, PermissionError)  # macOS says it the second way
        with suppress(*none_left):
            os.killpg(self.process.pid, signal.SIGKILL)

    def require_running(self) -> None:
        """Raises Failed, with the end of the log, when the child has ended."""
        if (code := self.process.poll()) is not None:
            raise Failed(f"{self.command.name} stopped unexpectedly (exit code {code}).\n{tail(self.command.log)}")


def start(command: Command, *, keep_open: Sequence[int] = ()) -> Child:
    """Start a command with its output in its log file, begun anew.

    Call it from the main thread: Linux ties the life of a child to the thread that started it.
    keep_open: file descriptors the child holds until it ends, such as the lock on the run folder.
    """
    account = command.account if command.account and command.account.is_other else None
    with command.log.open("wb") as log:
        process = subprocess.Popen(
            command.argv,
            cwd=command.cwd,
            env=command.env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=keep_open,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=_dies_with(os.getpid(), command.orphaned or command.stop),
        )
    return Child(command=command, process=process)


def run(command: Command, *, keep_open: Sequence[int] = ()) -> str:
    """Run a command to its end and return its output. Raises Failed, with the end of that, when it fails."""
    child = start(command, keep_open=keep_open)
    try:
        code = child.wait()
    finally:
        child.stop()
    if code != 0:
        raise Failed(f"{command.name} failed (exit code {code}).\n{tail(command.log, lines=40)}")
    return command.log.read_text(errors="replace")


def _dies_with(parent: int, with_signal: signal.Signals) -> Callable[[], None]:
    """Runs in the child after it changed its user, because Linux forgets the wish at such a change."""

    def ask() -> None:
        die_with_parent(with_signal)
        if os.getppid() != parent:  # it was already too late to ask
            os._exit(1)

    return ask


def tail(log: Path, *, lines: int = 20) -> str:
    """The last lines of a log, indented, under its name."""
    text = log.read_text(errors="replace").splitlines()[-lines:] if log.exists() else []
    return "\n".join([f"{log}:", *(f"    {line}" for line in text)])
