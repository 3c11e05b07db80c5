"""Numbers for what cells are about. Comparing and hashing them costs a fraction of what texts cost.

Numbers follow the order of the codes, so that cells which lie together in the key of the store are written together.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from monitoring.models import MeasurementPlan, OfferingFact
from monitoring.periods import Period, inside, wider
from monitoring.services.aggregation import cell_sql as sql
from monitoring.services.geography.area_tree import AreaTree

Subject = tuple[str, str]  # kind and code
Slot = tuple[str, Period]  # a measure over a period


def subjects_of(fact: OfferingFact) -> set[Subject]:
    """What an offering counts for besides itself. A goal is known by the domain it stands for."""
    found = {("intervention", fact.intervention_code)}
    found |= {("factor", code) for code in fact.factor_codes}
    return found | {("goal", code) for code in fact.domain_codes}


@dataclass(frozen=True)
class Numbers:
    """places: where cells are computed. strays: areas of reports that lie in no place but the city as a whole.
    slots: measures over periods, of reports and of cells."""

    tree: AreaTree
    facts: Mapping[str, OfferingFact]
    members: Mapping[Subject, Collection[str]]
    slots: Collection[Slot]
    places: Collection[str]
    strays: Collection[str]

    @cached_property
    def subject(self) -> dict[Subject, int]:
        all_of_them = [*(("offering", code) for code in self.facts), *self.members]
        return {one: n for n, one in enumerate(sorted(all_of_them, key=lambda one: one[::-1]), 1)}

    @cached_property
    def place(self) -> dict[str, int]:
        return {code: n for n, code in enumerate(sorted(self.tree.blocks), 1)}

    @cached_property
    def slot(self) -> dict[Slot, int]:
        """Per measure in the order in which periods end and, ending on one day, begin."""
        order = sorted(self.slots, key=lambda slot: (slot[0], slot[1].end, slot[1].start))
        return {slot: n for n, slot in enumerate(order, 1)}

    @cached_property
    def _stray(self) -> dict[str, int]:
        return {code: -n for n, code in enumerate(sorted(self.strays), 1 + len(self.place))}

    def within(self, measure: str) -> dict[str, Any]:
        """The measure and its first and last slot, as parameters of a statement."""
        slots = [n for (code, _period), n in self.slot.items() if code == measure]
        return {"measure": measure, "lowest": min(slots), "highest": max(slots)}

    def node(self, area: str) -> int:
        """Where reports of an area are added up first: its place, if that holds no others."""
        if area in self._stray:
            return self._stray[area]
        return self.place[area] if self._simple(area) else -self.place[area]

    def layer(self, place: str) -> int:
        """0: made of reports; else above those of its parts."""
        return 0 if self._simple(place) else 1 + self.tree.blocks[place].layer

    @cached_property
    def layers(self) -> list[int]:
        """Those above 0, the lowest first."""
        return sorted({self.layer(place) for place in self.places} - {0})

    def lay_out(self) -> None:
        """Fill the working tables with all this."""
        sql.prepare()
        sql.fill("agg_subject", self._subjects())
        sql.fill("agg_member", (
            (self.subject[subject], self.subject["offering", code])
            for subject, codes in self.members.items() for code in codes
        ))  # fmt: skip
        parts = [(self.place[place], part, self.layer(place)) for place in self.places for part in self._parts(place)]
        codes = {number: code for code, number in self.place.items()}
        shown = {self.place[place] for place in self.places} | {part for _place, part, _layer in parts if part > 0}
        sql.fill("agg_area", ((number, codes[number]) for number in sorted(shown)))
        sql.fill("agg_own", ((self.node(area), area) for area in self._areas()))
        sql.fill("agg_part", parts)
        sql.fill("agg_slot", ((n, code, p.kind, p.start, p.end) for (code, p), n in self.slot.items()))
        sql.fill("agg_wider", self._wider())
        sql.execute("ANALYZE agg_subject, agg_member, agg_area, agg_own, agg_part, agg_slot, agg_wider")

    def ask_for(self, measures: Collection[str]) -> Iterator[tuple[Any, ...]]:
        """Rows of agg_due: where and when each offering is expected to deliver what. One query."""
        around = {code: self._works_in(fact) for code, fact in self.facts.items()}
        for plan in MeasurementPlan.objects.filter(offering_code__in=self.facts, measure__in=measures):
            fact = self.facts[plan.offering_code]
            ends = min((day for day in (fact.ends_on, plan.valid_until) if day is not None), default=None)
            for place in around[plan.offering_code]:
                yield (self.subject["offering", plan.offering_code], plan.measure, place,
                       max(fact.starts_on, plan.valid_from), ends)  # fmt: skip

    def _works_in(self, fact: OfferingFact) -> list[int]:
        if fact.city_wide:
            return [0]
        return [self.place[area] for area in self.tree.around(fact.area_codes) if area in self.place]

    def _subjects(self) -> Iterator[tuple[Any, ...]]:
        for (kind, code), number in self.subject.items():
            fact = self.facts[code] if kind == "offering" else None
            yield number, kind, code, fact.organisation_code if fact else "", bool(fact and fact.city_wide)

    def _simple(self, place: str) -> bool:
        block = self.tree.blocks[place]
        return block.own == {place} and not block.parts and place != self.tree.municipality

    def _own(self, place: str) -> Iterable[str]:
        """Areas whose reports the place takes in itself."""
        strays = self.strays if place == self.tree.municipality else ()
        return sorted({*self.tree.blocks[place].own, *strays})

    def _parts(self, place: str) -> list[int]:
        if self._simple(place):
            return []
        return [*map(self.node, self._own(place)), *(self.place[part] for part in self.tree.blocks[place].parts)]

    def _areas(self) -> set[str]:
        return {area for place in self.places for area in self._own(place)}

    def _wider(self) -> Iterator[tuple[Any, ...]]:
        for (measure, period), number in self.slot.items():
            for wide in (period, *wider(period)):
                if (measure, wide) in self.slot:
                    yield number, self.slot[measure, wide], inside(wide) == (wide,)
