"""The wish to stop, in whatever form it comes.

A signal only leaves a note, and we look at the note where we wait. Raising from the handler itself would now and then
raise inside something that swallows it, such as Python's own hooks around a fork.
"""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

WISHES = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_noted: list[int] = []


class Stopped(BaseException):
    """Somebody wants us to stop. Not an Exception, so that nothing takes it for a failure on its way up."""


@contextmanager
def heeding_wishes() -> Iterator[None]:
    """Let Ctrl-C, SIGTERM, SIGHUP or the end of our parent raise Stopped at the next `pause`, instead of killing us."""
    before = {wish: signal.signal(wish, _note) for wish in WISHES}
    parent = os.getppid()
    die_with_parent(signal.SIGTERM)
    if os.getppid() != parent:  # it ended before we asked
        _noted.append(signal.SIGTERM)
    try:
        yield
    finally:
        for wish, handler in before.items():
            signal.signal(wish, handler)
        _noted.clear()


def pause(seconds: float) -> None:
    """Sleep. Raises Stopped when somebody wants us to stop; every wait of ours is made of short pauses."""
    time.sleep(seconds)
    if _noted:
        raise Stopped


def die_with_parent(with_signal: signal.Signals) -> None:
    """Ask Linux to send us `with_signal` when our parent ends in whatever way; elsewhere, do nothing."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(with_signal))


def _note(number: int, _frame: FrameType | None) -> None:
    _noted.append(number)
