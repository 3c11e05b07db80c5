"""How sure a ranking is: the same ranking drawn many times, its inputs varied within what we know (ranking.md §2.7).

A draw goes through the scoring function of the ranking itself, a column per draw, so a draw without doubt gives the
ranking itself. Draws come in chunks with random streams of their own: the same seed gives the same numbers on any
number of processors, memory stays bounded, and fewer draws are the first of more.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice

import numpy as np

from factors.ranking.drawing import DoubtParameters, Drawer
from factors.ranking.graph import check_figures, graph_in
from factors.ranking.model import EmptySelection, LocalData, Selection
from factors.ranking.network import Network
from factors.ranking.parameters import Parameters
from factors.ranking.places import Doubt, Places, places_of, tell
from factors.ranking.scoring import score_graph

LARGEST_CHUNK = 64
CHUNK_CELLS = 2**22
"""Relations times draws in a chunk: 32 MB an array."""
MOST_THREADS = 4
MAX_DRAWS = 10_000
MAX_CELLS = 50_000_000
"""Ranks kept at once, factors times draws: two bytes each."""


class InvalidDraws(ValueError):
    """The number of draws cannot be used; subclasses name why."""


class TooFewDraws(InvalidDraws):
    """Less than one draw."""


class TooManyDraws(InvalidDraws):
    """More draws than MAX_DRAWS, or more than fit in memory for a network this large."""


class DoubtCancelled(RuntimeError):
    """The caller asked to stop."""


def doubt(
    network: Network,
    *,
    parameters: Parameters,
    selection: Selection,
    local: LocalData | None = None,
    doubts: DoubtParameters = DoubtParameters(),  # noqa: B008 - frozen
    draws: int = 1000,
    seed: int = 0,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Doubt:
    """Draw the ranking `draws` times and say where each factor ends. Work grows with draws times relations.

    threads: how many work at once (default: one a processor, at most four); it changes no number.
    progress(done, draws) and cancelled() are called between chunks.
    Raises TooFewDraws, TooManyDraws, DoubtCancelled, and what `rank` raises.
    """
    check_figures(network, local)
    within = network.within(selection.keeps) if selection.mode == "induced" else network
    listed = np.flatnonzero([selection.keeps(factor) for factor in within.factors])
    if not len(listed):
        raise EmptySelection("no factor left")
    check_draws(draws, factors=len(listed))
    goals = selection.rescaled_goals(within.goals)
    width = max(4, min(LARGEST_CHUNK, CHUNK_CELLS // max(1, len(within.relations))))
    drawer = Drawer(within, parameters=parameters, local=local, doubts=doubts)

    def chunk(number: int) -> "Places":
        size = min(width, draws - number * width)
        state = drawer.draw(seed=seed, chunk=number, draws=width)  # whole, so that a cut one begins the same
        graph = graph_in(drawer.frame, state, parameters=parameters, goals=goals)
        scores = score_graph(graph, local)
        return places_of(scores.score[listed], scores.ranked[listed], digits=parameters.rank_digits, draws=size)

    chunks = -(-draws // width)
    parts: list[Places] = []
    for part in _in_turn(chunk, chunks, threads or min(MOST_THREADS, os.cpu_count() or 1), cancelled):
        parts.append(part)
        if progress:
            progress(min(draws, len(parts) * width), draws)
    return tell([within.factors[row].code for row in listed.tolist()], parts, doubts, seed)


def check_draws(draws: int, *, factors: int) -> None:
    """Raises TooFewDraws, TooManyDraws."""
    if draws < 1:
        raise TooFewDraws(f"{draws} draws")
    most = min(MAX_DRAWS, MAX_CELLS // max(1, factors))
    if draws > most:
        raise TooManyDraws(f"{draws} draws; at most {most} for {factors} factors")


def _in_turn(
    work: Callable[[int], Places], chunks: int, threads: int, cancelled: Callable[[], bool] | None
) -> Iterator[Places]:
    """Chunks in order of number, a few ahead of the reader."""
    with ThreadPoolExecutor(max_workers=threads) as pool:
        numbers = iter(range(chunks))
        waiting: list[Future[Places]] = [pool.submit(work, number) for number in islice(numbers, threads + 1)]
        try:
            while waiting:
                if cancelled and cancelled():
                    raise DoubtCancelled
                part = waiting.pop(0).result()
                waiting.extend(pool.submit(work, number) for number in islice(numbers, 1))
                yield part
        finally:
            for future in waiting:
                future.cancel()
