"""Bodies that come in slowly may not hold every thread of the web server: some are kept for whoever asks meanwhile.

The server (granian) cuts off slow headers itself, but hands a request on before its body is there, and waits for the
rest without end (emmett-framework/granian issue 728). A gateway that takes a body in whole first (deploy/gateway.conf)
is what cuts a slow one off. Here we bound how many are waited for, and stop between two pieces of a body that comes in
too slowly. A reading that has begun cannot be given up, the server then holds all its threads: so who falls silent
within a piece is waited for all the same.
"""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

PATIENCE = 0.05  # seconds until a place comes free; a body that is there already is read in far less
GRACE, SLOWEST = 20.0, 1024  # seconds that any body may take, and bytes per second beyond that
QUICK, LARGEST_PIECE = 0.01, 4096  # while pieces come quicker than this (seconds) they double, else they are one byte


class TooSlow(OSError):
    """The body does not come in at the least speed; as the next, Django knows it as UnreadablePostError."""


class TooManySlowBodies(OSError):
    """All places are taken. Django knows it as a request that cannot be read (UnreadablePostError)."""


class Places:
    """How many bodies a process waits for at once."""

    def __init__(self, most: int) -> None:
        self._free = threading.BoundedSemaphore(most)

    def guard(self, application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        """The same WSGI application, whose bodies are read in turn."""

        def run(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            environ["wsgi.input"] = Input(environ["wsgi.input"], self)
            return application(environ, start_response)

        return run

    def read(self, reading: Callable[[int], bytes], size: int) -> bytes:
        """Raises TooManySlowBodies."""
        if not self._free.acquire(timeout=PATIENCE):
            raise TooManySlowBodies("too many slow bodies")
        try:
            return reading(size)
        finally:
            self._free.release()


class Input:
    """`wsgi.input` of one request; Django reads it with a size."""

    def __init__(self, stream: Any, places: Places) -> None:
        self._stream, self._places = stream, places
        self._waited, self._got = 0.0, 0

    def read(self, size: int) -> bytes:
        return self._places.read(self._in_pieces, size)

    def _in_pieces(self, size: int) -> bytes:
        """Raises TooSlow. Only the waiting counts, not what is done between two readings."""
        found, left, piece = [], size, 1
        while left:
            began = time.monotonic()
            found.append(self._stream.read(min(piece, left)))
            took = time.monotonic() - began
            self._waited, self._got, left = self._waited + took, self._got + len(found[-1]), left - len(found[-1])
            if not found[-1]:
                break
            if self._waited > GRACE + self._got / SLOWEST:
                raise TooSlow("a body that comes in too slowly")
            piece = min(2 * piece, LARGEST_PIECE) if took < QUICK else 1
        return b"".join(found)

    def readline(self, size: int) -> bytes:
        return self._places.read(self._stream.readline, size)
