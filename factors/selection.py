"""A part of a version that is a model again (DOMAIN.md §1). Pure.

`induced`: the kept factors and goals, and the relations between them. `view`: also every relation that touches a kept
factor, with what stands at its other end, so that the whole stays readable.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from factors.canonical import Content, FactorEntry
from factors.evidence import Relation

Direction = Literal["in", "out", "both"]


@dataclass(frozen=True, slots=True)
class Part:
    """What to keep. around: a factor or goal with what lies within `steps` of it; goal: what leads to it."""

    around: str = ""
    steps: int = 1
    direction: Direction = "both"
    goal: str = ""
    kind: str = ""
    life_phase: str = ""
    life_domain: str = ""
    induced: bool = True


@dataclass(frozen=True, slots=True)
class Selected:
    """Codes kept: `listed` is what was asked for; factors, goals and relations are what the answer holds."""

    listed: frozenset[str]
    factors: frozenset[str]
    goals: frozenset[str]
    relations: tuple[Relation, ...]


def select(
    part: Part, *, factors: Iterable[FactorEntry], goals: Collection[str], relations: Iterable[Relation]
) -> Selected:
    """relations: those that may count (a minimum grade leaves some out); what was not found is kept, not walked."""
    usable = tuple(relations)
    reached = _reached(part, usable)
    listed = frozenset(row.code for row in factors if (reached is None or row.code in reached) and _fits(part, row))
    wanted = frozenset(goals) if reached is None else frozenset(goals) & reached
    if part.goal:
        wanted = frozenset({part.goal})
    if part.induced:
        between = tuple(r for r in usable if r.origin in listed and r.target in listed | wanted)
        return Selected(listed, listed, wanted, between)
    touching = tuple(r for r in usable if r.origin in listed or r.target in listed)
    ends = {code for relation in touching for code in (relation.origin, relation.target)}
    shown = frozenset(ends & set(goals)) | wanted
    return Selected(listed, listed | frozenset(ends - set(goals)), shown, touching)


def content_of_selection(content: Content, selected: Selected) -> Content:
    """The selection with its evidence and the sources that are cited."""
    pairs = {(relation.origin, relation.target) for relation in selected.relations}
    evidence = tuple(row for row in content.evidence if (row.from_code, row.to_code) in pairs)
    factors = tuple(row for row in content.factors if row.code in selected.factors)
    cited = {row.source_code for row in evidence} | {row.prevalence_source_code for row in factors}
    return Content(
        factors=factors,
        goals=tuple(row for row in content.goals if row.code in selected.goals),
        sources=tuple(row for row in content.sources if row.code in cited),
        relations=tuple(row for row in content.relations if (row.from_code, row.to_code) in pairs),
        evidence=evidence,
    )


def _reached(part: Part, relations: tuple[Relation, ...]) -> set[str] | None:
    """Codes within reach; None when no place was named."""
    out, back = _neighbours(relations)
    found = None
    if part.around:
        sides = [side for side, name in ((out, "out"), (back, "in")) if part.direction in (name, "both")]
        found = _within(part.around, part.steps, sides)
    if part.goal:
        before = _within(part.goal, len(back) + 1, [back])
        found = before if found is None else found & before
    return found


def _neighbours(relations: Iterable[Relation]) -> tuple[Mapping[str, set[str]], Mapping[str, set[str]]]:
    out: dict[str, set[str]] = defaultdict(set)
    back: dict[str, set[str]] = defaultdict(set)
    for relation in relations:
        if relation.active:
            out[relation.origin].add(relation.target)
            back[relation.target].add(relation.origin)
    return out, back


def _within(start: str, steps: int, sides: list[Mapping[str, set[str]]]) -> set[str]:
    found = edge = {start}
    for _ in range(steps):
        edge = {code for known in edge for side in sides for code in side.get(known, ())} - found
        if not edge:
            break
        found = found | edge
    return found


def _fits(part: Part, row: FactorEntry) -> bool:
    return row.code == part.around or (
        part.kind in ("", row.kind)
        and (not part.life_phase or part.life_phase in row.life_phases)
        and (not part.life_domain or part.life_domain in row.life_domains)
    )
