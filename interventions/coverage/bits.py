"""Which factors are covered where, as one bit set per area: many areas at once, and one offering at a time.

Bit *i* stands for factor *i* of the positions given. Changing one offering touches the areas it reaches and no other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_


@dataclass(frozen=True)
class Positions:
    """Factor codes by position."""

    codes: Sequence[str]
    place: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "place", {code: number for number, code in enumerate(self.codes)})

    def bits(self, codes: Iterable[str]) -> int:
        """The set of these factors; codes without a position are left out."""
        return reduce(or_, (1 << self.place[code] for code in codes if code in self.place), 0)

    def names(self, bits: int) -> tuple[str, ...]:
        """The factors of a set, by position."""
        found = []
        while bits:
            lowest = bits & -bits
            found.append(self.codes[lowest.bit_length() - 1])
            bits ^= lowest
        return tuple(found)


class GrowingPositions(Positions):
    """Positions that are given out as factors come along; none is ever given to another."""

    def __init__(self) -> None:
        super().__init__([])

    def bits(self, codes: Iterable[str]) -> int:
        known = tuple(codes)
        for code in known:
            if code not in self.place:
                self.place[code] = len(self.codes)  # type: ignore[index]
                self.codes.append(code)  # type: ignore[attr-defined]
        return super().bits(known)


class CoveredBits:
    """Per area the covered factors, kept up to date one offering at a time."""

    def __init__(self, areas: Iterable[str]) -> None:
        self._offered: dict[str, dict[str, int]] = {area: {} for area in areas}
        self._covered: dict[str, int] = dict.fromkeys(self._offered, 0)

    def put(self, offering: str, bits: int, areas: Iterable[str]) -> None:
        """An offering that counts in these areas; earlier bits of it there are replaced. Unknown areas are left out."""
        for area in areas:
            offered = self._offered.get(area)
            if offered is None:
                continue
            replaced = offered.get(offering, 0) & ~bits
            offered[offering] = bits
            self._covered[area] = self._sum(area) if replaced else self._covered[area] | bits

    def take(self, offering: str, areas: Iterable[str]) -> None:
        """An offering that no longer counts in these areas."""
        for area in areas:
            if self._offered.get(area, {}).pop(offering, None) is not None:
                self._covered[area] = self._sum(area)

    def covered(self, area: str) -> int:
        return self._covered[area]

    def missing(self, wanted: int) -> dict[str, int]:
        """Area → the wanted factors that nobody covers there; areas in the order given at first."""
        return {area: wanted & ~covered for area, covered in self._covered.items()}

    def _sum(self, area: str) -> int:
        return reduce(or_, self._offered[area].values(), 0)
