"""Writing one row with its audit entry, or nothing if it is already so."""

from enum import StrEnum

from django.db import models, transaction

from config.ledger import records
from interventions.facts import plain
from interventions.services.announcing import STORE


class Change(StrEnum):
    """What a save did."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


def write(thing: models.Model, *, actor: str, resource: str) -> Change:
    """Create or replace the row with this code; an equal row is neither written nor audited."""
    with transaction.atomic(using=STORE):
        stored = type(thing)._default_manager.select_for_update().filter(pk=thing.pk).first()
        before, after = plain(stored), plain(thing)
        if before == after:
            return Change.UNCHANGED
        thing.save(using=STORE, force_insert=stored is None, force_update=stored is not None)
        change = Change.CREATED if stored is None else Change.UPDATED
        audit(thing, actor=actor, action=change, resource=resource, before=before, after=after)
        return change


def audit(thing: models.Model, *, actor: str, action: str, resource: str, before: object, after: object) -> None:
    """One audit entry about a row; its municipality and organisation as far as the row carries them."""
    records.audit(
        store=STORE,
        actor=actor,
        action=action,
        resource=resource,
        resource_code=str(thing.pk),
        municipality_code=getattr(thing, "municipality_code", ""),
        organisation_code=getattr(thing, "organisation_id", ""),
        before=before,
        after=after,
    )
