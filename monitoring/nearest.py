"""Which known code did somebody mean who wrote another? Pure."""

from collections.abc import Collection
from difflib import SequenceMatcher
from heapq import nlargest


def nearest(value: str, codes: Collection[str], most: int) -> list[str]:
    """The codes most like the value, best first; upper and lower case and spaces around it count for nothing."""
    written = value.strip().casefold()
    matcher = SequenceMatcher(b=written, autojunk=False)

    def likeness(code: str) -> tuple[float, str]:
        matcher.set_seq1(code.casefold())
        return matcher.ratio(), code

    return nlargest(most, codes, key=likeness)
