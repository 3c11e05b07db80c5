"""One run at a time on a folder, with nothing of an earlier run left on it."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.children import Failed
from deploy.local.guard import guarding
from deploy.local.paths import RunFolder
from deploy.local.signals import pause

# What a killed run leaves behind ends by itself within this many seconds.
GRACE = 30


@contextmanager
def held(folder: RunFolder) -> Iterator[int]:
    """Hold the folder; yields the descriptor of the lock. Raises Failed when another run holds it.

    Every child gets that descriptor too, so the lock is free only when the last process of a run has ended,
    also when the run itself was killed: then we wait for the rest of it.
    """
    with folder.lock.open("a+") as file:
        _acquire(file.fileno(), folder)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        with guarding(folder.lock, held=file.fileno()):
            yield file.fileno()


def _acquire(descriptor: int, folder: RunFolder) -> None:
    deadline = time.monotonic() + GRACE
    while not _try(descriptor):
        if (holder := _holder(folder)) is not None:
            raise Failed(f"Already running on {folder.path} (process {holder}). Stop that one first, or choose a PORT.")
        if time.monotonic() > deadline:
            raise Failed(f"Processes of an earlier run still use {folder.path}; `fuser {folder.lock}` names them.")
        pause(0.1)


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(folder: RunFolder) -> int | None:
    """The process that took the lock, when it is alive; None when only children of it can be left."""
    try:
        number = int(folder.lock.read_text())
        os.kill(number, 0)
    except (ValueError, ProcessLookupError):
        return None
    except PermissionError:
        pass
    return number
