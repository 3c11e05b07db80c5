"""Ids that follow the clock."""

import time
from uuid import UUID

from config.ids import in_order


def test_ids_are_unique_valid_and_follow_the_clock():
    first = in_order(1000)
    time.sleep(0.002)
    later = in_order(1000)

    assert len({*first, *later}) == 2000
    assert {(UUID(one).version, UUID(one).variant) for one in first} == {(7, "specified in RFC 4122")}
    assert max(first) < min(later)
    assert in_order(0) == []
