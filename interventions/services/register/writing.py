"""Writing rows with their audit entries, or nothing where it is already so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import models, transaction

from config.ledger import records
from interventions.facts import Plain, plain
from interventions.services.register.announcing import STORE


class Change(StrEnum):
    """What a save did."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Entry:
    """What the audit keeps of one change."""

    resource: str
    code: str
    action: str
    before: object
    after: object
    municipality_code: str = ""
    organisation_code: str = ""


def write(thing: models.Model, *, actor: str, resource: str) -> Change:
    """Create or replace the row with this code; an equal row is neither written nor audited."""
    return write_all([thing], actor=actor, resource=resource)[0]


def write_all(things: Sequence[models.Model], *, actor: str, resource: str) -> list[Change]:
    """Create or replace the rows with these codes (of one model, each once), in the order given.

    Equal rows are neither written nor audited. Four queries per 1,000 rows.
    """
    if not things:
        return []
    objects = type(things[0])._default_manager
    with transaction.atomic(using=STORE):
        rows = objects.select_for_update().filter(pk__in=[thing.pk for thing in things]).order_by("pk")
        stored = {row.pk: row for row in rows}
        before: list[Plain | None] = [plain(stored.get(thing.pk)) for thing in things]
        after = [plain(thing) for thing in things]
        done = [_change(old, new) for old, new in zip(before, after, strict=True)]
        _store(objects, [(thing, change) for thing, change in zip(things, done, strict=True)])
        audit_all(
            [
                _entry(thing, change, resource, old, new)
                for thing, change, old, new in zip(things, done, before, after, strict=True)
                if change is not Change.UNCHANGED
            ],
            actor=actor,
        )
    return done


def _change(before: Plain | None, after: Plain | None) -> Change:
    return Change.CREATED if before is None else Change.UNCHANGED if before == after else Change.UPDATED


def _store(objects: Any, changes: Sequence[tuple[models.Model, Change]]) -> None:
    fresh = [thing for thing, change in changes if change is Change.CREATED]
    changed = [thing for thing, change in changes if change is Change.UPDATED]
    objects.bulk_create(fresh, batch_size=1000)
    if changed:
        names = [field.name for field in objects.model._meta.concrete_fields if not field.primary_key]
        objects.bulk_update(changed, names, batch_size=1000)


def _entry(thing: models.Model, change: Change, resource: str, before: object, after: object) -> Entry:
    """Its municipality and organisation as far as the row carries them."""
    return Entry(
        resource, str(thing.pk), change, before, after,
        municipality_code=getattr(thing, "municipality_code", ""),
        organisation_code=getattr(thing, "organisation_id", ""),
    )  # fmt: skip


def audit_all(entries: Iterable[Entry], *, actor: str) -> None:
    """Audit entries in the transaction of the writes themselves."""
    records.audit_all(
        store=STORE,
        actor=actor,
        entries=[
            {
                "action": one.action,
                "resource": one.resource,
                "resource_code": one.code,
                "municipality_code": one.municipality_code,
                "organisation_code": one.organisation_code,
                "before": one.before,
                "after": one.after,
            }
            for one in entries
        ],
    )
