"""A city kept between questions: what each offering reaches, and which factors are covered where on the days asked for.

One offering that changes touches its own areas and no others, in every answer that is kept.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter

from interventions.coverage.bits import CoveredBits, Positions
from interventions.coverage.over_time import counts_on, covered_on, reach
from interventions.coverage.supply import Place, Supply

MOST_ANSWERS = 6


class KeptCity:
    """The offerings of one city; positions may be shared with other cities."""

    def __init__(self, places: Sequence[Place], positions: Positions, supplies: Iterable[Supply] = ()) -> None:
        self.places, self.positions = tuple(places), positions
        self._supplies = {supply.offering_code: supply for supply in supplies}
        self._reached = reach(self._supplies.values(), self.places)
        self._covered: OrderedDict[tuple[date, int | None], CoveredBits] = OrderedDict()

    def __len__(self) -> int:
        return len(self._supplies)

    @property
    def supplies(self) -> tuple[Supply, ...]:
        """The offerings as they are now, by code."""
        return tuple(sorted(self._supplies.values(), key=attrgetter("offering_code")))

    def put(self, supply: Supply) -> None:
        """An offering as it is now, whatever it was before."""
        self.take(supply.offering_code)
        areas = reach([supply], self.places)[supply.offering_code]
        self._supplies[supply.offering_code], self._reached[supply.offering_code] = supply, areas
        for (day, level), covered in self._covered.items():
            if counts_on(supply, day, level):
                covered.put(supply.offering_code, self.positions.bits(supply.factor_codes), areas)

    def take(self, offering_code: str) -> None:
        """An offering that is no longer there; nothing happens if it never was."""
        self._supplies.pop(offering_code, None)
        areas = self._reached.pop(offering_code, ())
        for covered in self._covered.values():
            covered.take(offering_code, areas)

    def covered(self, day: date, minimum_level: int | None) -> CoveredBits:
        """The covered factors of every place on a day; of the answers given the last few are kept."""
        key = (day, minimum_level)
        if key not in self._covered:
            supplies = self._supplies.values()
            self._covered[key] = covered_on(supplies, self._reached, self.places, day, minimum_level, self.positions)
        self._covered.move_to_end(key)
        while len(self._covered) > MOST_ANSWERS:
            self._covered.popitem(last=False)
        return self._covered[key]
