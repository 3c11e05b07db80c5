"""Readers that ask at one moment share a question, and hear nothing older than when they asked."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic, sleep

import pytest

from monitoring.services.figures.together import Together


class Store:
    """A store that answers when told to; what it holds is what it held when the question came."""

    def __init__(self):
        self.value, self.asked, self.free = 1, [], Event()

    def ask(self, about):
        self.asked.append(set(about))
        held = dict.fromkeys(about, self.value)
        self.free.wait(10)
        return held


@pytest.fixture
def pool():
    with ThreadPoolExecutor(8) as made:
        yield made


def until(holds):
    end = monotonic() + 10
    while not holds():
        assert monotonic() < end
        sleep(0.001)


def test_who_asks_while_a_question_is_on_its_way_shares_the_next_one(pool):
    store = Store()
    together = Together(store.ask)
    first = pool.submit(together, ["a"])
    until(lambda: store.asked)
    store.value = 2  # after the first question had been heard
    later = [pool.submit(together, [code]) for code in "abcd"]
    until(lambda: together.next and len(together.next.about) == 4)
    store.free.set()

    assert first.result() == {"a": 1}
    assert [one.result() for one in later] == [dict.fromkeys("abcd", 2)] * 4
    assert store.asked == [{"a"}, {"a", "b", "c", "d"}]


def test_a_fault_reaches_everybody_and_the_next_question_goes_out_again(pool):
    store = Store()

    def ask(about):
        found = store.ask(about)
        if store.value == 2:
            raise OSError("away")
        return found

    together = Together(ask)
    first = pool.submit(together, ["a"])
    until(lambda: store.asked)
    later = [pool.submit(together, ["b"]) for _ in range(3)]
    until(lambda: together.next)
    sleep(0.05)
    store.value = 2
    store.free.set()

    for one in (first, *later):
        with pytest.raises(OSError, match="away"):
            one.result()
    store.value = 3
    assert together(["c"]) == {"c": 3}


def test_many_readers_at_once_each_hear_of_their_own(pool):
    together = Together(lambda about: {code: code.upper() for code in about})

    for code, found in zip("abcdefgh" * 50, pool.map(together, "abcdefgh" * 50), strict=True):
        assert found[code] == code.upper()
