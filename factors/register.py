"""Reading a model version: what it says, and the same as arrays to rank with.

A published version never changes, so what is made of it is kept per process, for the few versions used last.
"""

from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from networkx import DiGraph

from factors.canonical import Content, EvidenceEntry, FactorEntry, GoalEntry, RelationEntry, SourceEntry
from factors.evidence import Record, Relation
from factors.grade import Grade, grade
from factors.models import ModelVersion
from factors.pathways import ways
from factors.ranking import Factor, Model, Network, compile_model

KEPT_VERSIONS = 8
Entry = TypeVar("Entry")
_YES_NO = {"yes": True, "no": False, "unknown": None}


@dataclass(frozen=True)
class RegisterRelation:
    """One ordered pair as its evidence makes it. evidence: codes of its findings; grade: how sure we are."""

    entry: RelationEntry
    derived: Relation
    evidence: tuple[str, ...]
    grade: Grade

    @property
    def pair(self) -> tuple[str, str]:
        return self.derived.origin, self.derived.target


@dataclass(frozen=True)
class Register:
    """One model version in memory."""

    content: Content
    network: Network

    @cached_property
    def factors(self) -> dict[str, FactorEntry]:
        return {factor.code: factor for factor in self.content.factors}

    @cached_property
    def goals(self) -> dict[str, GoalEntry]:
        return {goal.code: goal for goal in self.content.goals}

    @cached_property
    def relations(self) -> tuple[RegisterRelation, ...]:
        """All pairs with evidence, by code."""
        return tuple(self.pairs.values())

    @cached_property
    def pairs(self) -> dict[tuple[str, str], RegisterRelation]:
        """The same by (from, to)."""
        entries = {(row.from_code, row.to_code): row for row in self.content.relations}
        found: dict[tuple[str, str], list[EvidenceEntry]] = {}
        for finding in self.content.evidence:
            found.setdefault((finding.from_code, finding.to_code), []).append(finding)
        return {pair: _told(entries[pair], derived, found[pair])
                for derived in self.network.relations for pair in [(derived.origin, derived.target)]}  # fmt: skip

    def sure_enough(self, least: str | None) -> tuple[Relation, ...]:
        """The relations whose evidence reaches a grade; all without one."""
        return tuple(told.derived for told in self.relations if not least or told.grade.reaches(least))

    @cached_property
    def ways(self) -> DiGraph:
        """What pathways follow."""
        return ways(self.network.relations)


def _told(entry: RelationEntry, derived: Relation, findings: list[EvidenceEntry]) -> RegisterRelation:
    codes = tuple(sorted(finding.code for finding in findings))
    return RegisterRelation(entry, derived, codes, grade(derived, findings))


def register_of(version: ModelVersion) -> Register:
    """The version in memory: six queries the first time for a published one, none after.

    Raises InvalidModel, InvalidEvidence.
    """
    return _made_of(content_of(version.pk)) if version.status == "draft" else _kept(version.pk)


def said_by(version: ModelVersion) -> Content:
    """Everything the version says; of a published one kept in memory."""
    return content_of(version.pk) if version.status == "draft" else _kept_content(version.pk)


def content_of(version_id: int) -> Content:
    """Everything the version says, sorted by code. Five queries."""
    parts: Any = ModelVersion.objects.only("id").get(pk=version_id)
    return Content(
        factors=_entries(FactorEntry, parts.factors.order_by("code")),
        goals=_entries(GoalEntry, parts.goals.order_by("code")),
        sources=_entries(SourceEntry, parts.sources.order_by("code")),
        relations=_entries(RelationEntry, parts.relations.order_by("from_code", "to_kind", "to_code")),
        evidence=_entries(EvidenceEntry, parts.evidence.order_by("code"), relation=("from_code", "to_kind", "to_code")),
    )


def ranking_model(content: Content) -> Model:
    """The content as the ranking methods take it. Raises InvalidModel, InvalidEvidence."""
    kinds: Any = {factor.code: factor.kind for factor in content.factors}
    return Model(
        factors=tuple(
            Factor(row.code, kinds[row.code], row.prevalence, row.life_phases, row.life_domains)
            for row in content.factors
        ),
        goals=tuple(goal.code for goal in content.goals),
        records=tuple(_record(finding) for finding in content.evidence),
    )


@lru_cache(maxsize=KEPT_VERSIONS)
def _kept_content(version_id: int) -> Content:
    return content_of(version_id)


@lru_cache(maxsize=KEPT_VERSIONS)
def _kept(version_id: int) -> Register:
    return _made_of(_kept_content(version_id))


def _made_of(content: Content) -> Register:
    return Register(content, compile_model(ranking_model(content)))


def _entries(kind: type[Entry], rows: Any, **behind: tuple[str, ...]) -> tuple[Entry, ...]:
    """Entries from the columns of their names; behind: those that stand in a row referred to. Plain values: making a
    model of each of thousands of rows costs twice as much."""
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    places = {name: f"{reference}__{name}" for reference, there in behind.items() for name in there}
    found = rows.values_list(*(places.get(name, name) for name in names))
    return tuple(kind(*map(_plain, row)) for row in found)


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _record(finding: EvidenceEntry) -> Record:
    sign: Any = finding.sign
    return Record(
        origin=finding.from_code,
        target=finding.to_code,
        sign=sign,
        evidence_type=finding.evidence_type,
        causal=_YES_NO[finding.causal],
        sequence=_YES_NO[finding.sequence_in_time],
        significant=_YES_NO[finding.significant],
        measure=finding.effect_measure or None,
        effect=finding.effect_size,
        baseline_risk=finding.baseline_risk,
        per_unit=finding.per_unit,
        source=finding.source_code,
        interval_low=finding.interval_low,
        interval_high=finding.interval_high,
        code=finding.code,
    )
