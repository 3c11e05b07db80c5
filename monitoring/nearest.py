"""Which known code did somebody mean who wrote another? Pure."""

from collections.abc import Collection, Mapping
from difflib import SequenceMatcher
from heapq import nlargest
from types import MappingProxyType


def nearest(
    value: str, codes: Collection[str], most: int, names: Mapping[str, str] = MappingProxyType({})
) -> list[str]:
    """The codes most like the value, best first; upper and lower case and spaces around it count for nothing.

    names: code → name, where somebody may have written the name instead.
    """
    written = value.strip().casefold()
    matcher = SequenceMatcher(b=written, autojunk=False)

    def ratio(text: str) -> float:
        matcher.set_seq1(text.casefold())
        return matcher.ratio()

    def likeness(code: str) -> tuple[float, str]:
        return max(ratio(code), ratio(names[code]) if code in names else 0), code

    return nlargest(most, codes, key=likeness)
