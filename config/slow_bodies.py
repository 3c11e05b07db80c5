"""Bodies that come in slowly: each holds a thread of the web server, so their time and their number are bounded.

The server (granian) cuts off slow headers itself, but hands a request on before its body is there, and then waits for it
without end. A gateway that takes a body in whole before it passes it on (deploy/gateway.conf) is the first guard; this
is the one that goes with the service.
"""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

PIECE = 1 << 18
PATIENCE = 0.05  # seconds until a place comes free: a body that is there already takes far less


class SlowBody(OSError):
    """The body did not come in time; Django knows it as a request that cannot be read."""

    status = 408


class TooManySlowBodies(SlowBody):
    """So many threads wait for bodies that the others are kept for whoever asks now."""

    status = 503


class Places:
    """How many bodies may be waited for at once, and how long: `seconds`, and more as more of it has come."""

    def __init__(self, *, most: int, seconds: float, bytes_per_second: int) -> None:
        self._free = threading.BoundedSemaphore(most)
        self._seconds, self._rate = seconds, bytes_per_second

    def guard(self, application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        """The same WSGI application, whose bodies come in time or not at all."""

        def run(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            environ["wsgi.input"] = TimelyInput(environ["wsgi.input"], self)
            return application(environ, start_response)

        return run

    def wait(self, read: Callable[[], bytes], *, began: float, received: int) -> bytes:
        """What `read` gives. It runs in a thread of its own, which ends with the connection when we no longer wait."""
        if not self._free.acquire(timeout=PATIENCE):
            raise TooManySlowBodies("too many slow bodies")
        try:
            found: list[bytes | BaseException] = []
            reader = threading.Thread(target=lambda: found.append(_tried(read)), daemon=True)
            reader.start()
            reader.join(max(0.0, began + self._seconds + received / self._rate - time.monotonic()))
        finally:
            self._free.release()
        if not found:
            raise SlowBody("the body came in too slowly")
        if isinstance(found[0], BaseException):
            raise found[0]
        return found[0]


def _tried(read: Callable[[], bytes]) -> bytes | BaseException:
    try:
        return read()
    except BaseException as problem:
        return problem


class TimelyInput:
    """`wsgi.input` of one request, with a clock that starts at its first byte asked."""

    def __init__(self, stream: Any, places: Places) -> None:
        self._stream, self._places = stream, places
        self._began, self._received = 0.0, 0

    def read(self, size: int = -1) -> bytes:
        pieces, missing = [], size
        while missing and (piece := self._timely(lambda: self._stream.read(self._next(missing)))):
            pieces.append(piece)
            missing = missing - len(piece) if missing > 0 else missing
        return b"".join(pieces)

    def readline(self, size: int = -1) -> bytes:
        return self._timely(lambda: self._stream.readline(size))

    def _next(self, missing: int) -> int:
        return PIECE if missing < 0 else min(PIECE, missing)

    def _timely(self, read: Callable[[], bytes]) -> bytes:
        self._began = self._began or time.monotonic()
        found = self._places.wait(read, began=self._began, received=self._received)
        self._received += len(found)
        return found
