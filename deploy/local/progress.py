"""What a person sees while a run starts: one line a step, with its seconds."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show the title at once and the seconds at the end; the line of a failed step says that instead."""
    print(f"  {title:<44}", end="", flush=True)
    begun = time.monotonic()
    try:
        yield
    except BaseException:
        print("not done", flush=True)
        raise
    print(f"{time.monotonic() - begun:6.1f} s", flush=True)
