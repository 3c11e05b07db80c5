"""Turn the wish to stop, in whatever form it comes, into one exception."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from deploy.local.children import die_with_parent

WISHES = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody wants us to stop. Not an Exception, so that nothing takes it for a failure on its way up."""


@contextmanager
def raising_stopped() -> Iterator[None]:
    """Raise Stopped at the first Ctrl-C, SIGTERM or SIGHUP, or when our parent ends; later ones do nothing.

    The stopping itself must not be broken off halfway; every wait in it has an end of its own.
    """

    def on_wish(_number: int, _frame: FrameType | None) -> None:
        for wish in WISHES:
            signal.signal(wish, _ignore)
        raise Stopped

    before = {wish: signal.signal(wish, on_wish) for wish in WISHES}
    parent = os.getppid()
    die_with_parent(signal.SIGTERM)
    if os.getppid() != parent:
        raise Stopped
    try:
        yield
    finally:
        for wish, handler in before.items():
            signal.signal(wish, handler)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """A handler that does nothing; unlike SIG_IGN it is not handed down to children."""
