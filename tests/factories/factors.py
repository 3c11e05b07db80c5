"""Factor models to test with: content from the plain models of the ranking tests, drafted or published."""

from datetime import UTC, datetime
from typing import Any

from factors.canonical import Content, EvidenceEntry, FactorEntry, GoalEntry, RelationEntry, SourceEntry
from factors.evidence import Record
from factors.models import FactorModel, ModelVersion, RankingDefinition
from factors.ranking import Model
from factors.services.versions import publish_version, write_draft

PUBLISHED_AT = datetime(2026, 1, 1, tzinfo=UTC)
SAID = {True: "yes", False: "no", None: "unknown"}


def content(model: Model) -> Content:
    """The same model as a register keeps it; every finding cites one source."""
    pairs = {(record.origin, kind_of(model, record), record.target) for record in model.records}
    return Content(
        factors=tuple(
            FactorEntry(
                factor.code, f"{factor.code} nl", f"{factor.code} en", factor.kind, factor.life_domains,
                factor.life_phases, prevalence=factor.prevalence,
            )
            for factor in model.factors
        ),
        goals=tuple(GoalEntry(goal, f"{goal} nl", f"{goal} en", f"{goal}-domain") for goal in model.goals),
        sources=(SourceEntry("study", "A study"),),
        relations=tuple(RelationEntry(*pair) for pair in sorted(pairs)),
        evidence=tuple(finding(model, record, f"e{place:03}") for place, record in enumerate(model.records)),
    )  # fmt: skip


def kind_of(model: Model, record: Record) -> str:
    return "goal" if record.target in model.goals else "factor"


def finding(model: Model, record: Record, code: str) -> EvidenceEntry:
    return EvidenceEntry(
        code=code, from_code=record.origin, to_kind=kind_of(model, record), to_code=record.target, sign=record.sign,
        evidence_type=record.evidence_type, source_code="study", causal=SAID[record.causal],
        sequence_in_time=SAID[record.sequence], significant=SAID[record.significant],
        effect_measure=record.measure or "", effect_size=record.effect, baseline_risk=record.baseline_risk,
        per_unit=record.per_unit,
    )  # fmt: skip


def draft(model: Model | Content, *, code: str = "small", municipality: str = "") -> ModelVersion:
    """A model with this one draft."""
    FactorModel.objects.get_or_create(
        code=code, defaults={"name_nl": code, "name_en": code, "municipality_code": municipality}
    )
    return write_draft(model_code=code, content=model if isinstance(model, Content) else content(model))


def published(model: Model | Content, *, number: str = "1.0.0", **where: Any) -> ModelVersion:
    return publish_version(version=draft(model, **where), number=number, at=PUBLISHED_AT)


def definition(code: str = "small-rip", **fields: Any) -> RankingDefinition:
    given = {
        "name_nl": code, "name_en": code, "model_code": "small", "method": "rip-2019", "parameter_set": "published",
    }  # fmt: skip
    return RankingDefinition.objects.create(code=code, **{**given, **fields})
