"""The canonical form of what a model version says, and the checksum over it. Pure.

The form is one JSON text in UTF-8: an object with `form` and the five tables, keys sorted, no spaces, numbers in their
shortest exact notation, unknown as null. Rows are sorted by their codes, life domains and phases within a row as well;
row ids, the name of the model and the number of the version are no part of it. So the same content has the same
checksum on any machine, in whatever order it was entered.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from operator import attrgetter
from typing import Any

import orjson

FORM = "factor-model/1"


@dataclass(frozen=True, slots=True)
class FactorEntry:
    """A factor. prevalence: share 0..1 that has it, None when unknown."""

    code: str
    name_nl: str
    name_en: str
    kind: str
    life_domains: tuple[str, ...] = ()
    life_phases: tuple[str, ...] = ()
    definition_nl: str = ""
    definition_en: str = ""
    prevalence: float | None = None
    prevalence_population: str = ""
    prevalence_source_code: str = ""


@dataclass(frozen=True, slots=True)
class GoalEntry:
    """A goal with the domain it stands for."""

    code: str
    name_nl: str
    name_en: str
    domain_code: str


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A publication."""

    code: str
    title: str
    authors: str = ""
    year: int | None = None
    journal: str = ""
    doi: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class RelationEntry:
    """One ordered pair with its description."""

    from_code: str
    to_kind: str
    to_code: str
    description_nl: str = ""
    description_en: str = ""

    @property
    def pair(self) -> tuple[str, str, str]:
        return (self.from_code, self.to_kind, self.to_code)


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """One published finding on one ordered pair; yes | no | unknown where it says whether."""

    code: str
    from_code: str
    to_kind: str
    to_code: str
    sign: str
    evidence_type: str
    source_code: str
    causal: str = "unknown"
    sequence_in_time: str = "unknown"
    significant: str = "unknown"
    effect_measure: str = ""
    effect_size: float | None = None
    interval_low: float | None = None
    interval_high: float | None = None
    baseline_risk: float | None = None
    per_unit: bool = False
    outcome_as_published: str = ""
    contrast: str = ""
    confidence: str = ""
    how_known: str = ""
    mirror_of: str = ""
    note: str = ""

    @property
    def pair(self) -> tuple[str, str, str]:
        return (self.from_code, self.to_kind, self.to_code)


@dataclass(frozen=True, slots=True)
class Content:
    """Everything one version of a factor model says. The order of rows means nothing."""

    factors: tuple[FactorEntry, ...]
    goals: tuple[GoalEntry, ...]
    sources: tuple[SourceEntry, ...]
    relations: tuple[RelationEntry, ...]
    evidence: tuple[EvidenceEntry, ...]


def canonical_text(content: Content) -> bytes:
    """The canonical form as described above."""
    return plain_text(
        {
            "form": FORM,
            "factors": [_with_sorted_lists(row) for row in _rows(content.factors, "code")],
            "goals": _rows(content.goals, "code"),
            "sources": _rows(content.sources, "code"),
            "relations": _rows(content.relations, "pair"),
            "evidence": _rows(content.evidence, "code"),
        }
    )


def checksum(content: Content) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return fingerprint(canonical_text(content))


def plain_text(value: Any) -> bytes:
    """JSON with sorted keys and no spaces: equal values give equal bytes."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def fingerprint(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _rows(entries: Iterable[Any], key: str) -> list[dict[str, Any]]:
    return [asdict(entry) for entry in sorted(entries, key=attrgetter(key))]


def _with_sorted_lists(row: dict[str, Any]) -> dict[str, Any]:
    return {name: sorted(value) if isinstance(value, tuple) else value for name, value in row.items()}
