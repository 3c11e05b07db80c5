"""The areas of one municipality and what lies above and below each, in all hierarchies."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from monitoring.models import Area, AreaMembership
from monitoring.models.area import AreaLevel

SMALL = frozenset({AreaLevel.NEIGHBOURHOOD, AreaLevel.SUB_NEIGHBOURHOOD})


@dataclass(frozen=True)
class Block:
    """What the cells of a place are made of: reports from areas that are its `own`, and the cells of its `parts`.

    Every area in the place is either own or lies in exactly one part. layer: 0 without parts, else above its parts.
    """

    own: frozenset[str]
    parts: frozenset[str]
    layer: int


@dataclass(frozen=True)
class AreaTree:
    """levels: area code → level, the municipality included. parents: child → its parents inside the municipality.

    Years are not looked at: codes of all years stand side by side, as reports of all years do.
    """

    municipality: str
    levels: dict[str, str]
    parents: dict[str, frozenset[str]]

    @cached_property
    def above(self) -> dict[str, tuple[str, ...]]:
        """Area → itself, everything above it, and always the municipality; sorted."""
        return {area: tuple(sorted(self._closure(area) | {self.municipality})) for area in self.levels}

    def places(self, area: str) -> tuple[str, ...]:
        """Where a report from this area counts; from an unknown area only at the municipality."""
        return self.above.get(area, (self.municipality,))

    def around(self, areas: Iterable[str]) -> frozenset[str]:
        """The areas, all above and all below them."""
        chosen = frozenset(areas)
        below = {area for area, above in self.above.items() if not chosen.isdisjoint(above)}
        return frozenset(below.union(*(self.places(area) for area in chosen)))

    @cached_property
    def blocks(self) -> dict[str, Block]:
        """Place → how its cells come about; the municipality is always there."""
        inside: dict[str, set[str]] = {area: set() for area in (self.municipality, *self.levels)}
        for area, above in self.above.items():
            for place in set(above) - {area}:
                inside[place].add(area)
        found: dict[str, Block] = {}
        for place in sorted(inside, key=lambda place: (len(inside[place]), place)):  # parts hold fewer than the whole
            parts = self._parts(inside[place])
            covered = {area for area in inside[place] if not parts.isdisjoint({area, *self.above[area]})}
            layer = 1 + max((found[part].layer for part in parts), default=-1)
            found[place] = Block(frozenset({place} | inside[place] - covered), parts, layer)
        return found

    def _parts(self, inside: set[str]) -> frozenset[str]:
        """The largest places among the areas, or the largest neighbourhoods if those overlap; none if these do as well,
        for then adding up would count twice."""
        small = {area for area in inside if self.levels[area] in SMALL}
        for among in (inside, small):
            parts = frozenset(area for area in among if among.isdisjoint(set(self.above[area]) - {area}))
            if all(len(parts.intersection(self.above[area])) <= 1 for area in inside):
                return parts
        return frozenset()

    def _closure(self, area: str) -> set[str]:
        found, waiting = set(), [area]
        while waiting:
            current = waiting.pop()
            if current not in found:
                found.add(current)
                waiting.extend(self.parents.get(current, ()))
        return found


def tree_of(municipality_code: str) -> AreaTree:
    """Two queries."""
    inside = Q(municipality_code=municipality_code) | Q(code=municipality_code)
    levels = dict(Area.objects.filter(inside).values_list("code", "level"))
    links = AreaMembership.objects.filter(parent_code__in=levels, child_code__in=levels)
    parents: dict[str, set[str]] = defaultdict(set)
    for child, parent in links.values_list("child_code", "parent_code"):
        parents[child].add(parent)
    return AreaTree(municipality_code, levels, {child: frozenset(found) for child, found in parents.items()})
