"""A load generator: one process, some connections kept open, each asking anew as soon as it has its answer."""

import multiprocessing
import selectors
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles
from time import perf_counter
from typing import Any


@dataclass(frozen=True)
class Load:
    """What came of it. size: bytes of the last body. p50, p99: milliseconds. status: of every answer, else an error."""

    per_second: float
    p50: float
    p99: float
    size: int
    status: int


def load(port: int, paths: Sequence[str], *, headers: str = "", connections: int = 16, seconds: float = 3) -> Load:
    """Ask for the paths in turn. headers: lines that end in CRLF. Raises RuntimeError when answers differ in status."""
    context = multiprocessing.get_context("spawn")
    results: Any = context.SimpleQueue()
    arguments = (port, list(paths), headers, connections, seconds, results)
    process = context.Process(target=_ask, args=arguments, daemon=True)
    process.start()
    found = results.get()
    process.join()
    if isinstance(found, str):
        raise RuntimeError(found)
    return Load(*found)


def _ask(port: int, paths: list[str], headers: str, connections: int, seconds: float, results: Any) -> None:
    try:
        results.put(_Asking(port, paths, headers).run(connections, seconds))
    except Exception as problem:
        results.put(f"{type(problem).__name__}: {problem}")


class _Asking:
    def __init__(self, port: int, paths: list[str], headers: str) -> None:
        self.port, self.turn, self.times, self.size = port, 0, list[float](), 0
        self.statuses: set[int] = set()
        self.requests = [f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n".encode() for path in paths]

    def run(self, connections: int, seconds: float) -> tuple[float, float, float, int, int]:
        chosen = selectors.DefaultSelector()
        for _ in range(connections):
            one = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            chosen.register(one, selectors.EVENT_READ, [self._send(one), bytearray()])
        begun = perf_counter()
        while perf_counter() - begun < seconds or not self.times:
            for key, _events in chosen.select(timeout=60):
                self._receive(key)
        taken = perf_counter() - begun
        if len(self.statuses) != 1:
            raise RuntimeError(f"statuses {sorted(self.statuses)}")
        cuts = quantiles([*self.times, self.times[0]], n=100)
        return len(self.times) / taken, cuts[49] * 1e3, cuts[98] * 1e3, self.size, self.statuses.pop()

    def _send(self, one: socket.socket) -> float:
        one.sendall(self.requests[self.turn % len(self.requests)])
        self.turn += 1
        return perf_counter()

    def _receive(self, key: Any) -> None:
        one, (sent, held) = key.fileobj, key.data
        piece = one.recv(1 << 20)
        if not piece:
            raise RuntimeError("the server closed a connection")
        held += piece
        if (size := _complete(held)) is None:
            return
        self.times.append(perf_counter() - sent)
        self.statuses.add(int(held[9:12]))
        self.size = size
        held.clear()
        key.data[0] = self._send(one)


def _complete(held: bytearray) -> int | None:
    """Bytes of the body when all of it is there."""
    head = held.find(b"\r\n\r\n")
    if head < 0:
        return None
    start, lines = head + 4, held[:head].lower()
    if held[9:12] == b"304":
        return 0
    at = lines.find(b"content-length:")
    if at >= 0:
        length = int(lines[at + 15 :].split(b"\r\n", 1)[0])
        return length if len(held) - start >= length else None
    return len(held) - start if held.endswith(b"0\r\n\r\n") else None
