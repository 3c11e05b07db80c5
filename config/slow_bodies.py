"""Bodies that come in slowly may not hold every thread of the web server: some are kept for whoever asks meanwhile.

The server (granian) cuts off slow headers itself, but hands a request on before its body is there, and waits for the
rest without end (emmett-framework/granian issue 728). A gateway that takes a body in whole first (deploy/gateway.conf)
is what cuts a slow one off; here we only bound how many are waited for. A reading that has begun cannot be given up:
the server then holds all its threads.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any

PATIENCE = 0.05  # seconds until a place comes free; a body that is there already is read in far less


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

    def read(self, size: int) -> bytes:
        return self._places.read(self._stream.read, size)

    def readline(self, size: int) -> bytes:
        return self._places.read(self._stream.readline, size)
