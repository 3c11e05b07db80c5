"""Editing the draft of a factor model: one row at a time, each change counted in the row and in the draft.

Whoever changes a draft holds its row first, so changes queue and a publication waits for the one before it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from config.errors import Conflict, Fault, NotFound, Refusal
from config.ledger import records
from factors.canonical import Content
from factors.models import FactorModel, ModelVersion, VersionRelation
from factors.services.copying import copy_rows
from factors.services.versions import DRAFT, write_content

Check = Callable[[Any], None]
PARTS = ("factors", "goals", "sources", "relations", "evidence")


class AlreadyThere(Conflict):
    code = "already-exists"


class InUse(Conflict):
    """Others in the draft rest on what is to be removed."""

    code = "in-use"


class NotADraft(Conflict):
    """What is published cannot change."""

    code = "not-a-draft"


class UnknownReference(Refusal):
    code = "unknown-code"


def create_model(*, values: dict[str, Any], actor: str) -> FactorModel:
    """A model without versions. Raises AlreadyThere, also when somebody else's model has the code."""
    with transaction.atomic(using="default"):
        if FactorModel.objects.filter(pk=values["code"]).exists():
            raise AlreadyThere(_("Deze code is al in gebruik."))
        model = FactorModel.objects.create(**values)
        records.audit(
            store="default", actor=actor, action="create", resource="factor-models", resource_code=model.pk,
            after=values, municipality_code=model.municipality_code,
        )  # fmt: skip
    return model


def begin_draft(*, model: FactorModel, origin: ModelVersion | None, actor: str) -> ModelVersion:
    """The draft of a model: empty, or with all that a published version (its own or adopted) says.

    Raises AlreadyThere when the model has a draft.
    """
    adopted = f"{origin.model_id}/{origin.version}" if origin and origin.model_id != model.pk else ""
    try:
        with transaction.atomic(using="default"):
            draft = ModelVersion.objects.create(model=model, version=DRAFT, adopted_from=adopted)
            if origin:
                copy_rows(origin=origin, version=draft)
            _audit(
                draft, actor, "create", "", after={"from": f"{origin.model_id}/{origin.version}" if origin else None}
            )
    except IntegrityError as problem:
        raise AlreadyThere(_("Dit model heeft al een concept.")) from problem
    return draft


def remove_draft(*, draft: ModelVersion, check: Check, actor: str) -> None:
    """Remove a draft with all in it. Raises NotADraft and what `check` raises."""
    with editing(draft=draft, check=check) as held:
        _audit(held, actor, "delete", "")
        held.delete()


def replace_content(*, draft: ModelVersion, content: Content, check: Check, actor: str) -> ModelVersion:
    """Put other content in the place of all that the draft says. Raises NotADraft and what `check` raises."""
    with editing(draft=draft, check=check) as held:
        before = {part: getattr(held, part).count() for part in PARTS}
        for part in ("evidence", "relations", "factors", "goals", "sources"):
            getattr(held, part).all().delete()
        write_content(version=held, content=content)
        after = {part: len(getattr(content, part)) for part in PARTS}
        _audit(held, actor, "replace", "", before=before, after=after)
    return held


@contextmanager
def editing(*, draft: ModelVersion, check: Check | None = None) -> Iterator[ModelVersion]:
    """Hold the draft in one transaction, and count the change. Raises NotADraft, NotFound."""
    with transaction.atomic(using="default"):
        held = ModelVersion.objects.select_for_update(of=("self",)).select_related("model").filter(pk=draft.pk).first()
        if held is None:
            raise NotFound
        if held.status != DRAFT:
            raise NotADraft(_("Wat gepubliceerd is, kan niet meer veranderen. Begin een nieuw concept."))
        if check:
            check(held)
        yield held
        ModelVersion.objects.filter(pk=draft.pk).update(revision=F("revision") + 1)
        held.revision += 1


def add(*, draft: ModelVersion, part: str, values: dict[str, Any], actor: str) -> Any:
    """Add one row; evidence makes the pair it speaks about. Raises AlreadyThere, UnknownReference, NotADraft."""
    with editing(draft=draft) as held:
        complete = _with_references(held, part, values)
        if _same(held, part, complete).exists():
            raise AlreadyThere(_("Deze code staat al in het concept."))
        row = getattr(held, part).create(**complete)
        _audit(held, actor, "create", _key(part, row), part=part, after=values)
    return row


def change(
    *, draft: ModelVersion, part: str, key: dict[str, Any], values: dict[str, Any], check: Check, actor: str
) -> Any:
    """Change one row. Raises NotFound, UnknownReference, NotADraft and what `check` raises of the row as it is."""
    with editing(draft=draft) as held:
        row = _row(held, part, key)
        check(row)
        complete = _with_references(held, part, values)
        before = {name: getattr(row, name) for name in complete if name != "relation"}
        for name, value in (complete | {"row": row.row + 1}).items():
            setattr(row, name, value)
        row.save()
        _audit(held, actor, "update", _key(part, row), part=part, before=before, after=values)
    return row


def remove(*, draft: ModelVersion, part: str, key: dict[str, Any], check: Check, actor: str) -> None:
    """Remove one row. Raises NotFound, InUse (with what rests on it), NotADraft and what `check` raises."""
    with editing(draft=draft) as held:
        row = _row(held, part, key)
        check(row)
        if users := _users(held, part, row):
            detail = _("Hier steunt nog iets op: verwijder dat eerst.")
            raise InUse(detail, [Fault("", "in-use", detail, value=user) for user in users])
        _audit(held, actor, "delete", _key(part, row), part=part)
        row.delete()


def _row(draft: ModelVersion, part: str, key: dict[str, Any]) -> Any:
    found = getattr(draft, part).filter(**key).first()
    if found is None:
        raise NotFound
    return found


def _same(draft: ModelVersion, part: str, values: dict[str, Any]) -> Any:
    """Rows that take the place already; a factor and a goal never share a code."""
    if part == "relations":
        return draft.relations.filter(from_code=values["from_code"], to_code=values["to_code"])
    twin: Any = {"factors": draft.goals, "goals": draft.factors}.get(part)
    taken: Any = twin.filter(code=values["code"]) if twin else None
    return taken if taken and taken.exists() else getattr(draft, part).filter(code=values["code"])


def _with_references(draft: ModelVersion, part: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values as columns. Raises UnknownReference with every code that the draft does not have."""
    wanted: dict[str, tuple[Any, str]] = {
        "from_code": (draft.factors, "#/fromCode"),
        "source_code": (draft.sources, "#/sourceCode"),
        "prevalence_source_code": (draft.sources, "#/prevalenceSourceCode"),
        "mirror_of": (draft.evidence, "#/mirrorOf"),
    }
    faults = [
        _unknown(place, values[name])
        for name, (rows, place) in wanted.items()
        if values.get(name) and not rows.filter(code=values[name]).exists()
    ]
    kind = _kind(draft, values["to_code"]) if "to_code" in values else None
    if "to_code" in values and kind is None:
        faults.append(_unknown("#/toCode", values["to_code"]))
    if faults:
        raise UnknownReference("", faults)
    return _as_columns(draft, part, values, kind or "")


def _as_columns(draft: ModelVersion, part: str, values: dict[str, Any], kind: str) -> dict[str, Any]:
    if "to_code" not in values:
        return values
    pair = {"from_code": values["from_code"], "to_kind": kind, "to_code": values["to_code"]}
    if part == "relations":
        return values | pair
    relation, _new = VersionRelation.objects.get_or_create(version=draft, **pair)
    return {name: value for name, value in values.items() if name not in pair} | {"relation": relation}


def _kind(draft: ModelVersion, code: str) -> str | None:
    if draft.factors.filter(code=code).exists():
        return "factor"
    return "goal" if draft.goals.filter(code=code).exists() else None


def _unknown(place: str, code: str) -> Fault:
    return Fault(place, "unknown-code", _("Deze code staat niet in het concept."), value=code)


def _users(draft: ModelVersion, part: str, row: Any) -> list[str]:
    """What rests on a row, as paths below the version."""
    relations, evidence = draft.relations.none(), draft.evidence.none()
    factors = draft.factors.none()
    if part in ("factors", "goals"):
        relations = draft.relations.filter(Q(from_code=row.code) | Q(to_code=row.code))
    elif part == "relations":
        evidence = draft.evidence.filter(relation=row)
    elif part == "sources":
        evidence = draft.evidence.filter(source_code=row.code)
        factors = draft.factors.filter(prevalence_source_code=row.code)
    else:
        evidence = draft.evidence.filter(mirror_of=row.code)
    return [
        *(f"factors/{factor.code}" for factor in factors.order_by("code")),
        *(f"relations/{found.from_code}/{found.to_code}" for found in relations.order_by("from_code", "to_code")),
        *(f"evidence/{finding.code}" for finding in evidence.order_by("code")),
    ]


def _key(part: str, row: Any) -> str:
    return f"{row.from_code}/{row.to_code}" if part == "relations" else row.code


def _audit(
    draft: ModelVersion, actor: str, action: str, key: str, *, part: str = "", before: Any = None, after: Any = None
) -> None:
    path = "/".join(name for name in (draft.model_id, draft.version, part, key) if name)
    records.audit(
        store="default", actor=actor, action=action, resource="factor-models", resource_code=path,
        before=before, after=after, municipality_code=draft.model.municipality_code,
    )  # fmt: skip
