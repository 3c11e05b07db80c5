"""`python -m deploy.local.guard LOCK`: outlives a killed run just long enough to see that nothing else does.

Our children get a signal when we are killed, but one that hangs while it stops (a Celery worker can, when its broker
goes away at the same moment) would stay. The guard reads from a pipe that ends with the run, gives the others a few
seconds, and then kills whoever still holds the lock of the run. Linux only: elsewhere there is no /proc to look into.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from deploy.local.paths import CHECKOUT

PATIENCE = 4.0
_ORDERLY = b"stopped"


@contextmanager
def guarding(lock: Path, *, held: int) -> Iterator[None]:
    """Keep a guard beside us as long as this lasts.

    held: the descriptor of the lock. The guard holds it too, so nobody takes the lock while it looks who has it.
    """
    command = [sys.executable, "-m", "deploy.local.guard", str(lock)]
    guard = subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.PIPE, pass_fds=(held,), start_new_session=True)
    try:
        yield
    finally:
        guard.communicate(_ORDERLY)


def holders(lock: os.stat_result) -> set[int]:
    """The other processes that share the lock taken on this file; one that only waits for it is not among them."""
    found = set()
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):  # it ended, or is not ours to look at
            if os.path.samestat(descriptor.stat(), lock):
                details = descriptor.parents[1] / "fdinfo" / descriptor.name
                if "FLOCK" in details.read_text():
                    found.add(int(descriptor.parts[2]))
    return found - {os.getpid()}


def main(path: Path) -> None:
    """Wait for the end of the run; if it was not an orderly one, see to the end of its processes."""
    lock = path.stat()
    if sys.stdin.buffer.read() == _ORDERLY:
        return
    deadline = time.monotonic() + PATIENCE
    while left := holders(lock):
        if time.monotonic() > deadline:
            _kill(left)
        time.sleep(0.1)


def _kill(processes: set[int]) -> None:
    """With their groups: children of ours lead their own, and theirs may have let go of the lock."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.killpg(os.getpgid(process), signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
