"""Making and publishing versions of a factor model."""

import re
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from config.errors import Conflict, Fault, Refusal
from config.ledger import outbox, records
from factors.canonical import Content, EvidenceEntry, checksum
from factors.checks import check, errors
from factors.evidence import InvalidEvidence
from factors.models import (
    ModelVersion,
    RankingDefinition,
    VersionEvidence,
    VersionFactor,
    VersionGoal,
    VersionRelation,
    VersionSource,
)
from factors.ranking import compile_model
from factors.ranking.model import InvalidModel
from factors.register import content_of, ranking_model
from factors.services.marks import mark

DRAFT = "draft"
_NUMBER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


class AlreadyPublished(Conflict):
    code = "already-published"


class NotPublished(Conflict):
    code = "not-published"


class InvalidVersion(Refusal):
    code = "invalid-model"


def write_draft(*, model_code: str, content: Content, adopted_from: str = "") -> ModelVersion:
    """Store content as the draft of a model that has none. Raises IntegrityError when it has one."""
    with transaction.atomic(using="default"):
        version = ModelVersion.objects.create(model_id=model_code, version=DRAFT, adopted_from=adopted_from)
        write_content(version=version, content=content)
    return version


def write_content(*, version: ModelVersion, content: Content) -> None:
    """Store content in an empty draft."""
    tables: tuple[tuple[Any, tuple[Any, ...]], ...] = (
        (VersionFactor, content.factors),
        (VersionGoal, content.goals),
        (VersionSource, content.sources),
        (VersionRelation, content.relations),
    )
    for kind, entries in tables:
        kind.objects.bulk_create([kind(version=version, **_columns(row)) for row in entries])
    _write_evidence(version, content.evidence)


def _columns(entry: Any) -> dict[str, Any]:
    """The fields of an entry; not asdict, which copies every value of thousands of rows."""
    return {field.name: getattr(entry, field.name) for field in fields(entry)}


def _write_evidence(version: ModelVersion, findings: tuple[EvidenceEntry, ...]) -> None:
    pair = ("from_code", "to_kind", "to_code")
    relations = {
        (row.from_code, row.to_kind, row.to_code): row.pk for row in VersionRelation.objects.filter(version=version)
    }
    names = [field.name for field in fields(EvidenceEntry) if field.name not in pair]
    VersionEvidence.objects.bulk_create(
        VersionEvidence(
            version=version, relation_id=relations[finding.pair], **{name: getattr(finding, name) for name in names}
        )
        for finding in findings
    )


def publish_version(
    *, version: ModelVersion, number: str, at: datetime, changelog: str = "", actor: str = "system"
) -> ModelVersion:
    """Freeze a draft under a semantic number, mark the rankings that follow the model, announce it; one transaction.

    Raises AlreadyPublished, InvalidVersion (a number that is not semantic or not higher than the last one, content that
    cannot be ranked).
    """
    with transaction.atomic(using="default"):
        locked = ModelVersion.objects.select_for_update().get(pk=version.pk)
        if locked.status != DRAFT:
            raise AlreadyPublished(_("Deze versie is al gepubliceerd."))
        _check_number(locked, number)
        content = content_of(locked.pk)
        _check_content(content, year=at.year)
        locked.version, locked.status, locked.checksum = number, "published", checksum(content)
        locked.published_at, locked.changelog = at, changelog
        locked.save()
        mark(
            RankingDefinition.objects.filter(model_code=locked.model_id, model_version=""),
            reason="model-version.published",
        )
        _announce(locked, actor)
    return locked


def withdraw_version(*, version: ModelVersion, reason: str, at: datetime, actor: str) -> ModelVersion:
    """Mark a published version as withdrawn, with the reason; it stays readable. Raises NotPublished."""
    with transaction.atomic(using="default"):
        locked = ModelVersion.objects.select_for_update().get(pk=version.pk)
        if locked.status != "published":
            raise NotPublished(_("Alleen een gepubliceerde versie kan worden ingetrokken, en één keer."))
        locked.status, locked.withdrawn_at, locked.withdrawal_reason = "withdrawn", at, reason
        locked.save()
        mark(
            RankingDefinition.objects.filter(model_code=locked.model_id, model_version=""),
            reason="model-version.withdrawn",
        )
        facts: dict[str, Any] = {"modelCode": locked.model_id, "version": locked.version}
        outbox.write(store="default", kind="model-version.withdrawn", payload=facts)
        records.audit(
            store="default", actor=actor, action="withdraw", resource="factor-models",
            resource_code=f"{locked.model_id}/{locked.version}", after={**facts, "reason": reason},
            municipality_code=locked.model.municipality_code,
        )  # fmt: skip
    return locked


def _announce(version: ModelVersion, actor: str) -> None:
    facts: dict[str, Any] = {"modelCode": version.model_id, "version": version.version, "checksum": version.checksum}
    outbox.write(store="default", kind="model-version.published", payload=facts)
    records.audit(
        store="default", actor=actor, action="publish", resource="factor-models",
        resource_code=f"{version.model_id}/{version.version}", after=facts,
        municipality_code=version.model.municipality_code,
    )  # fmt: skip


def next_number(model_code: str) -> str:
    """The number after the model's highest: new content raises the middle part; 1.0.0 to begin with."""
    highest = max(_numbers(model_code), default=None)
    return f"{highest[0]}.{highest[1] + 1}.0" if highest else "1.0.0"


def _numbers(model_code: str) -> list[tuple[int, ...]]:
    given = ModelVersion.objects.frozen().of_model(model_code).values_list("version", flat=True)
    return [tuple(map(int, number.split("."))) for number in given]


def _check_number(version: ModelVersion, number: str) -> None:
    expected = next_number(version.model_id)
    if not _NUMBER.fullmatch(number):
        _refuse("/version", _("Een versienummer heeft de vorm 1.2.3."), number, expected)
    if any(tuple(map(int, number.split("."))) <= known for known in _numbers(version.model_id)):
        _refuse("/version", _("Het versienummer moet hoger zijn dan het vorige."), number, expected)


def _check_content(content: Content, *, year: int) -> None:
    if blocking := errors(check(content, year=year)):
        faults = [Fault(f"#/{n.part}/{n.key}", n.code, ", ".join((n.code, *n.about))) for n in blocking]
        raise InvalidVersion(_("Er staan nog fouten in het concept; zie checks."), faults)
    try:
        compile_model(ranking_model(content))
    except (InvalidModel, InvalidEvidence) as problem:
        detail = _("Dit model kan niet worden gepubliceerd: %(why)s") % {"why": problem}
        raise InvalidVersion(detail, [Fault("", type(problem).__name__, detail)]) from problem


def _refuse(location: str, detail: str, value: str, expected: str) -> None:
    raise InvalidVersion(
        detail, [Fault(f"#{location}", "invalid-version-number", detail, value=value, expected=expected)]
    )
