"""A published order beside ours: places among the factors that both know, agreement and overlap."""

from dataclasses import dataclass

import pytest

from factors.published import beside, compare


@dataclass
class Item:
    code: str
    rank: int
    factor_code: str


def ours(*codes):
    return {code: {"competition_rank": place, "dense_rank": place, "score": 1 / place} for place, code in codes}


ITEMS = [Item("a", 1, "fa"), Item("b", 2, "fb"), Item("c", 2, "fc"), Item("none", 2, ""), Item("d", 3, "fd")]


def test_places_count_only_the_factors_both_know():
    rows = {row.code: row for row in beside(ITEMS, ours((4, "fa"), (40, "fd"), (41, "fb"), (1, "other")))}

    assert rows.keys() == {"a", "b", "d"}
    assert [(rows[code].published_among, rows[code].rank_among) for code in "abd"] == [(1, 1), (2, 3), (3, 2)]
    assert rows["b"].competition_rank == 41


def test_the_same_order_agrees_wholly():
    tau_b, overlaps = compare(beside(ITEMS, ours((1, "fa"), (2, "fb"), (2, "fc"), (9, "fd"))))

    assert tau_b == 1
    assert [(o.up_to_rank, o.size, o.common) for o in overlaps] == [(1, 1, 1), (2, 3, 3), (3, 4, 4)]


def test_the_opposite_order_disagrees_wholly():
    tau_b, overlaps = compare(beside(ITEMS, ours((9, "fa"), (2, "fb"), (2, "fc"), (1, "fd"))))

    assert tau_b == -1
    assert [(o.size, o.common) for o in overlaps] == [(1, 0), (3, 2), (4, 4)]


@pytest.mark.parametrize("known", [ours(), ours((1, "fa")), ours((1, "fa"), (1, "fb"))])
def test_nothing_to_order_gives_no_agreement(known):
    assert compare(beside(ITEMS, known))[0] is None
