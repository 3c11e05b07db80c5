"""The public factor model: from its CSV files to content, to a published version, to ranking definitions.

Facts come over as they are; only spellings of codes change (codes.py). An effect whose contrast begins with "per" is
one per unit of exposure (ranking.md §1.3). The files know no descriptions of relations.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from config.loading import LoadReport, load, read_csv, split
from factors.canonical import Content, EvidenceEntry, FactorEntry, GoalEntry, RelationEntry, SourceEntry, checksum
from factors.models import FactorModel, ModelVersion, RankingDefinition
from factors.reference import DATA
from factors.reference.codes import KINDS, LIFE_DOMAINS, LIFE_PHASES, kebab
from factors.services.marks import mark
from factors.services.versions import next_number, publish_version, write_draft

FOLDER = DATA / "public_factor_model"
MODEL = {
    "code": "public",
    "municipality_code": "",
    "name_nl": "Openbaar factorenmodel",
    "name_en": "Public factor model",
    "description_nl": "Factoren en verbanden uit openbare literatuur. "
    "Dit is niet het Factorenmodel van Rotterdam en Impactpunt.",
    "description_en": "Factors and relations from public literature. "
    "This is not the factor model of Rotterdam and Impactpunt.",
}
_METHODS = {
    "rip-2019": ("Relevantie, impact en prevalentie (2019)", "Relevance, impact and prevalence (2019)"),
    "five-elements-2023": ("Vijf elementen (2023)", "Five elements (2023)"),
}
DRAWS = 1000
"""So that everybody sees how sure the public rankings are; takes a worker 0.1 second each."""
_SETS = {"published": ("", "", ""), "extended": ("-extended", ", uitgebreid", ", extended")}


def load_public_model(*, content: Content, at: datetime) -> dict[str, LoadReport]:
    """Load the model, publish it when its content is new, and make the ranking definitions that follow it."""
    with transaction.atomic(using="default"):
        model = load(FactorModel, key=["code"], rows=[MODEL])
        version = _publish(content, at=at)
        definitions = list(_definitions())
        known = set(RankingDefinition.objects.values_list("code", flat=True))
        report = load(RankingDefinition, key=["code"], rows=definitions)
        touched = [row["code"] for row in definitions if report.updated or row["code"] not in known]
        mark(RankingDefinition.objects.filter(code__in=touched), reason="definition.loaded")
    return {"factor models": model, "versions": version, "ranking definitions": report}


def _publish(content: Content, *, at: datetime) -> LoadReport:
    """A new version for new content; a content published before, as the newest one, changes nothing."""
    latest = ModelVersion.objects.latest_of(MODEL["code"])
    if latest and latest.checksum == checksum(content):
        return LoadReport(unchanged=1)
    draft = write_draft(model_code=MODEL["code"], content=content)
    changelog = "Loaded from the public factor model files."
    publish_version(
        version=draft, number=next_number(MODEL["code"]), at=at, changelog=changelog, actor="load_factor_models"
    )
    return LoadReport(created=1)


def _definitions() -> Iterator[dict[str, Any]]:
    for method, (name_nl, name_en) in _METHODS.items():
        for parameter_set, (suffix, more_nl, more_en) in _SETS.items():
            yield {
                "code": f"public-{method}{suffix}",
                "name_nl": f"{name_nl}{more_nl}",
                "name_en": f"{name_en}{more_en}",
                "model_code": MODEL["code"],
                "method": method,
                "parameter_set": parameter_set,
                "draws": DRAWS,
            }


def read_content(folder: Path) -> Content:
    """The content of a folder laid out as factors/data/public_factor_model."""
    evidence = tuple(_finding(row) for row in read_csv(folder / "relations.csv"))
    return Content(
        factors=tuple(_factor(row) for row in read_csv(folder / "factors.csv")),
        goals=tuple(_goals(folder)),
        sources=tuple(_source(row) for row in read_csv(folder / "sources.csv")),
        relations=tuple(RelationEntry(*pair) for pair in sorted({finding.pair for finding in evidence})),
        evidence=evidence,
    )


def _factor(row: dict[str, str]) -> FactorEntry:
    return FactorEntry(
        code=kebab(row["id"]),
        name_nl=row["label_nl"],
        name_en=row["label_en"],
        kind=KINDS[row["kind"]],
        life_domains=(LIFE_DOMAINS[row["life_domain"]],),
        life_phases=tuple(LIFE_PHASES[phase] for phase in split(row["life_phases"], "|")),
        prevalence=_number(row["prevalence"]),
        prevalence_population=row["prevalence_population"],
        prevalence_source_code=kebab(row["prevalence_source_key"]),
    )


def _goals(folder: Path) -> Iterator[GoalEntry]:
    readings = {row["goal"]: row for row in read_csv(DATA / "public_model_reading.csv")}
    for row in read_csv(folder / "goals.csv"):
        reading = readings[row["id"]]
        yield GoalEntry(kebab(row["id"]), row["label_nl"], reading["name_en"], reading["domain_code"])


def _source(row: dict[str, str]) -> SourceEntry:
    return SourceEntry(
        code=kebab(row["key"]),
        title=row["title"],
        authors=row["authors"],
        year=int(row["year"]) if row["year"] else None,
        journal=row["journal"],
        doi=row["doi"],
        url=row["page_seen"],
    )


def _finding(row: dict[str, str]) -> EvidenceEntry:
    as_given = ("sign", "causal", "sequence_in_time", "significant", "evidence_type", "effect_measure",
                "outcome_as_published", "contrast", "confidence", "how_known", "note")  # fmt: skip
    given: dict[str, Any] = {name: row[name] for name in as_given}
    return EvidenceEntry(
        code=kebab(row["id"]),
        from_code=kebab(row["from"]),
        to_kind=row["to_type"],
        to_code=kebab(row["to"]),
        source_code=kebab(row["source_key"]),
        mirror_of=kebab(row["mirror_of"]),
        effect_size=_number(row["effect_size"]),
        interval_low=_number(row["ci_low"]),
        interval_high=_number(row["ci_high"]),
        per_unit=row["contrast"].startswith("per "),
        **given,
    )


def _number(cell: str) -> float | None:
    return float(cell) if cell else None
