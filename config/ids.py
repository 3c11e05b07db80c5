"""Ids that follow the clock, so that new rows land at the end of every index (RFC 9562, version 7)."""

import time
from secrets import token_hex


def in_order(count: int) -> list[str]:
    """UUIDs of this millisecond, each with 72 random bits."""
    stamp, chance = f"{time.time_ns() // 1_000_000:012x}", token_hex(9 * count)
    start = f"{stamp[:8]}-{stamp[8:]}-7"
    return [
        f"{start}{chance[at : at + 3]}-a{chance[at + 3 : at + 6]}-{chance[at + 6 : at + 18]}"
        for at in range(0, 18 * count, 18)
    ]
