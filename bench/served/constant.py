"""Bytes that are always the same."""

import os
from functools import cache


@cache
def constant_bytes(size: int) -> bytes:
    return os.urandom(size)
