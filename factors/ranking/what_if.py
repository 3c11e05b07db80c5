"""What if: the ranking with something left out or changed, and what moved. Nothing is kept."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from factors.evidence import Record, Relation, combine
from factors.ranking.model import LocalData, LocalFigure, Model
from factors.ranking.network import compile_model
from factors.ranking.ranking import rank
from factors.ranking.result import Ranking
from factors.ranking.standing import Inputs, Move, Standing, moves, standings, standings_in

CARRIED = 10


class UnknownChange(ValueError):
    """A change of something that the ranking does not have: the text names it."""


class ChangeWithoutEffect(ValueError):
    """A change that cannot work, such as another effect of a finding that has none."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different. Empty is nothing.

    records, effects: by the code of the finding; an effect is given in the finding's own measure. relations: ordered
    pairs. goals: all weights anew, None as they were. elements, prevalences, local: only those that change; a share
    may become None, unknown.
    """

    without_sources: tuple[str, ...] = ()
    without_relations: tuple[tuple[str, str], ...] = ()
    without_records: tuple[str, ...] = ()
    effects: Mapping[str, float] = field(default_factory=dict)
    goals: Mapping[str, float] | None = None
    elements: Mapping[str, float] = field(default_factory=dict)
    prevalences: Mapping[str, float | None] = field(default_factory=dict)
    local: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The new ranking and every factor's move, as it stands now, then those that fell out."""

    ranking: Ranking
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class SourceInfluence:
    """What leaving out one source does to the top. moves: of the factors of the top whose place changes.

    influence: the places (dense ranks) moved, summed; falling out counts as the place after the last.
    """

    source: str
    influence: int
    moves: tuple[Move, ...]


def what_if(inputs: Inputs, changes: Changes) -> WhatIf:
    """Rank with the changes and compare.

    Raises UnknownChange, ChangeWithoutEffect, and what `rank` raises (also for a changed weight or share).
    """
    changed = apply(inputs, changes)
    ranking = rank(
        compile_model(changed.model), parameters=changed.parameters, selection=changed.selection, local=changed.local
    )
    after = {f.code: Standing(f.score, f.dense_rank, f.competition_rank) for f in ranking.factors}
    return WhatIf(ranking, moves(standings(inputs), after))


def apply(inputs: Inputs, changes: Changes) -> Inputs:
    """The inputs with the changes made. Raises UnknownChange, ChangeWithoutEffect, ShareOutOfRange, InvalidWeight."""
    model, parameters = inputs.model, inputs.parameters
    _check_known(inputs, changes)
    records = tuple(_changed(record, changes) for record in model.records if _stays(record, changes))
    factors = tuple(
        replace(factor, prevalence=changes.prevalences[factor.code]) if factor.code in changes.prevalences else factor
        for factor in model.factors
    )
    weights = tuple((name, changes.elements.get(name, weight)) for name, weight in parameters.weights)
    return Inputs(
        model=Model(factors, model.goals, records),
        parameters=replace(parameters, weights=weights),
        selection=inputs.selection if changes.goals is None else replace(inputs.selection, goals=dict(changes.goals)),
        local=_local(inputs.local, changes),
    )


def _check_known(inputs: Inputs, changes: Changes) -> None:
    records = inputs.model.records
    factors = {factor.code for factor in inputs.model.factors}
    codes = {record.code for record in records if record.code}
    elements = {name for name, _ in inputs.parameters.weights} | _local_elements(inputs.local)
    asked: Iterable[tuple[Iterable[object], Iterable[object]]] = (
        (changes.without_sources, {record.source for record in records}),
        (changes.without_relations, {(record.origin, record.target) for record in records}),
        (changes.without_records, codes),
        (changes.effects, codes),
        (changes.elements, elements),
        (changes.prevalences, factors),
        (changes.local, factors if inputs.local else ()),
    )
    for wanted, known in asked:
        if strange := sorted({str(each) for each in wanted if each not in set(known)}):
            raise UnknownChange(", ".join(strange))


def _local_elements(local: LocalData | None) -> set[str]:
    """Elements whose weight can be changed: that of partners only when their scores were asked for."""
    if local is None:
        return set()
    return {"local"} | ({"partners"} if local.partners or local.partner_weight else set())


def _stays(record: Record, changes: Changes) -> bool:
    return not (
        record.source in changes.without_sources
        or (record.origin, record.target) in changes.without_relations
        or (record.code and record.code in changes.without_records)
    )


def _changed(record: Record, changes: Changes) -> Record:
    if not record.code or record.code not in changes.effects:
        return record
    if record.measure is None:
        raise ChangeWithoutEffect(f"{record.code} has no effect measure")
    # an interval around the old effect says nothing of the new one
    return replace(record, effect=changes.effects[record.code], interval_low=None, interval_high=None)


def _local(local: LocalData | None, changes: Changes) -> LocalData | None:
    if local is None:
        return None
    figures = {figure.factor: figure for figure in local.figures}
    for code, share in changes.local.items():
        figures[code] = replace(figures.get(code, LocalFigure(code, None)), area=share)
    return replace(
        local,
        figures=tuple(figures.values()),
        weight=changes.elements.get("local", local.weight),
        partner_weight=changes.elements.get("partners", local.partner_weight),
    )


def source_influence(inputs: Inputs, *, top: int = CARRIED) -> tuple[SourceInfluence, ...]:
    """Which sources carry the first `top` places (competition rank): leave each out in turn.

    Sources that move none of these are left out; the others come with most influence first, then by name.
    Raises what `rank` raises.
    """
    network, records = compile_model(inputs.model), defaultdict(list)
    for record in inputs.model.records:
        if record.origin != record.target:
            records[record.origin, record.target].append(record)
    before = standings_in(network, inputs)
    first = [code for code, standing in before.items() if standing.competition_rank <= top]
    last = max((standing.dense_rank for standing in before.values()), default=0)
    found = []
    for source in sorted({source for relation in network.relations for source in relation.sources}):
        left = network.with_relations(_without(source, network.relations, records))
        after = {move.code: move for move in moves(before, standings_in(left, inputs))}
        moved = tuple(after[code] for code in first if after[code].moved)
        if moved:
            found.append(SourceInfluence(source, sum(_distance(move, last) for move in moved), moved))
    return tuple(sorted(found, key=lambda each: (-each.influence, -len(each.moves), each.source)))


def _without(
    source: str, relations: Iterable[Relation], records: Mapping[tuple[str, str], list[Record]]
) -> Iterable[Relation]:
    """The relations, those that rest on the source combined anew from what is left, or gone."""
    for relation in relations:
        if source not in relation.sources:
            yield relation
        elif left := [r for r in records[relation.origin, relation.target] if r.source != source]:
            yield combine(left, to_goal=relation.to_goal)


def _distance(move: Move, last: int) -> int:
    return abs((move.new_dense_rank or last + 1) - (move.old_dense_rank or last + 1))
