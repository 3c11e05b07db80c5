"""Questions that many readers ask at the same moment, put to the store as one.

A reader waits for a round that begins after it asked, so what it hears is never older than its question: as if it had
asked alone. Alone it asks at once; the busier a process is, the more readers share a round.
"""

from collections.abc import Callable, Collection
from threading import Event, Lock
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class _Round(Generic[Answer]):
    def __init__(self) -> None:
        self.about: set[str] = set()
        self.done = Event()
        self.found: dict[str, Answer] = {}
        self.problem: Exception | None = None


class Together(Generic[Answer]):
    """ask: the question; from keys to an answer for each."""

    def __init__(self, ask: Callable[[Collection[str]], dict[str, Answer]]) -> None:
        self.ask = ask
        self.joining, self.turn = Lock(), Lock()
        self.next: _Round[Answer] | None = None

    def __call__(self, about: Collection[str]) -> dict[str, Answer]:
        """What is known of these, and perhaps of more. Raises what the question raises, to all who shared it."""
        with self.joining:
            mine, leads = self.next or _Round(), self.next is None
            mine.about.update(about)
            self.next = mine
        if leads:
            self._hold(mine)
        else:
            mine.done.wait()
        if mine.problem:
            raise mine.problem
        return mine.found

    def _hold(self, mine: _Round[Answer]) -> None:
        """When the round before has ended, let nobody in any more, and ask."""
        with self.turn:
            with self.joining:
                self.next = None
            try:
                mine.found = self.ask(mine.about)
            except Exception as problem:
                mine.problem = problem
            finally:
                mine.done.set()
