"""A factor model as arrays: one row per factor, goal and relation, in the order of their codes.

Compiled once per model version and scored many times: a selection, a parameter set or a draw changes only
vectors over these rows.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factors.evidence import EVIDENCE_TYPES, Relation, StrengthScale, combine
from factors.ranking.model import Factor, Model

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Factors, goals and relations sorted by code, and the relations once more as columns.

    target: index of the goal where to_goal, of the factor elsewhere. size: |rho|, nan when no effect is
    known. tier: index in EVIDENCE_TYPES of the best evidence. prevalence: nan when unknown. frames: what was
    worked out before per parameter set (frame.py).
    """

    factors: tuple[Factor, ...]
    goals: tuple[str, ...]
    relations: tuple[Relation, ...]
    origin: Ints
    target: Ints
    to_goal: Flags
    size: Floats
    sign: Ints
    tier: Ints
    active: Flags
    directed: Flags
    causal: Flags
    sequence: Flags
    significant: Flags
    risk: Flags
    prevalence: Floats
    frames: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    def strengths(self, scale: StrengthScale) -> Floats:
        """Strength of every relation, 0..1: `evidence.strength` for all rows at once."""
        return self.graded(np.where(np.isnan(self.size), scale.r_missing, self.size), scale)

    def graded(self, size: Floats, scale: StrengthScale) -> Floats:
        """Strength by |r|: per relation, or per relation and draw; `size` is not read when relations are counted."""
        if scale.mode == "count":
            return self.active.astype(np.float64)
        graded = size / scale.r_ref
        np.minimum(1.0, graded, out=graded)
        times = self.active.astype(np.float64)
        if scale.mode == "graded-quality":
            quality = dict(scale.quality)
            times *= np.array([quality[name] for name in EVIDENCE_TYPES])[self.tier]
        graded *= times if size.ndim == 1 else times[:, None]
        return graded

    def within(self, keeps: Callable[[Factor], bool]) -> "Network":
        """The network of the kept factors, all goals, and the relations between them."""
        kept = tuple(factor for factor in self.factors if keeps(factor))
        codes = {factor.code for factor in kept}
        between = (
            relation
            for relation in self.relations
            if relation.origin in codes and (relation.to_goal or relation.target in codes)
        )
        return _assemble(kept, self.goals, between)

    def with_relations(self, relations: Iterable[Relation]) -> "Network":
        """The same factors and goals with these relations, sorted by origin and target."""
        return _assemble(self.factors, self.goals, relations)


def compile_model(model: Model) -> Network:
    """Combine the records of each ordered pair and lay the model out in arrays.

    Raises what `evidence.combine` raises.
    Linear in records (after sorting); the order of anything in the model changes nothing.
    """
    goals = set(model.goals)
    pair = attrgetter("origin", "target")
    records = sorted((record for record in model.records if record.origin != record.target), key=pair)
    relations = (combine(group, to_goal=key[1] in goals) for key, group in groupby(records, key=pair))
    return _assemble(model.factors, model.goals, relations)


def _assemble(factors: Iterable[Factor], goals: Iterable[str], relations: Iterable[Relation]) -> Network:
    """relations: sorted by origin and target."""
    factors, goals = tuple(sorted(factors, key=attrgetter("code"))), tuple(sorted(goals))
    row = {factor.code: index for index, factor in enumerate(factors)} | {
        goal: index for index, goal in enumerate(goals)
    }
    rows = tuple(relations)
    return Network(
        factors=factors,
        goals=goals,
        relations=rows,
        origin=np.array([row[relation.origin] for relation in rows], dtype=np.int64),
        target=np.array([row[relation.target] for relation in rows], dtype=np.int64),
        to_goal=_flags(relation.to_goal for relation in rows),
        size=np.array([np.nan if relation.rho is None else abs(relation.rho) for relation in rows], dtype=np.float64),
        sign=np.array([relation.sign for relation in rows], dtype=np.int64),
        tier=np.array([EVIDENCE_TYPES.index(relation.best_type) for relation in rows], dtype=np.int64),
        active=_flags(relation.active for relation in rows),
        directed=_flags(relation.directed for relation in rows),
        causal=_flags(relation.causal for relation in rows),
        sequence=_flags(relation.sequence for relation in rows),
        significant=_flags(relation.significant is True for relation in rows),
        risk=_flags(factor.kind == "risk" for factor in factors),
        prevalence=np.array([np.nan if f.prevalence is None else f.prevalence for f in factors], dtype=np.float64),
    )


def totals(index: Ints, amounts: Floats | Flags, size: int) -> Floats:
    """Sum of the amounts per index 0..size-1, added in the order given, so always to the same last bit."""
    return np.bincount(index, amounts, size).astype(np.float64, copy=False)


def _flags(values: Iterable[bool]) -> Flags:
    return np.fromiter(values, dtype=np.bool_)
