"""Making and changing ranking definitions; a worker then computes them."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from config.api.preconditions import PreconditionFailed
from config.errors import Conflict, Fault
from config.ledger import records
from factors.models import RankingDefinition
from factors.services.marks import mark
from factors.services.rankings import is_heavy, wish_of


class CodeTaken(Conflict):
    """There is a definition with this code, maybe of another municipality."""

    code = "code-taken"


def make_definition(*, code: str, actor: str, **fields: Any) -> RankingDefinition:
    """Store a new definition and mark it. Raises CodeTaken, CannotRank (it could not be ranked today)."""
    with transaction.atomic(using="default"):
        definition = RankingDefinition(code=code, **fields)
        is_heavy(wish_of(definition))
        if RankingDefinition.objects.filter(pk=code).exists():
            detail = _("Er is al een definitie met deze code.")
            raise CodeTaken(detail, [Fault("#/code", "code-taken", detail, value=code)])
        definition.save(force_insert=True)
        _note(definition, actor, "create", None)
    return definition


def change_definition(*, definition: RankingDefinition, seen: str, actor: str, **fields: Any) -> RankingDefinition:
    """Give the definition these fields and mark it; its newest ranking stays until there is another.

    seen: the state its maker saw. Raises PreconditionFailed when it is another by now, CannotRank.
    """
    with transaction.atomic(using="default"):
        held = RankingDefinition.objects.select_for_update().get(pk=definition.pk)
        if held.state != seen:
            raise PreconditionFailed(_("Dit is intussen gewijzigd. Lees het opnieuw en pas uw wijziging daarop aan."))
        before = held.wanted
        for name, value in fields.items():
            setattr(held, name, value)
        is_heavy(wish_of(held))
        held.save(update_fields=list(fields))
        _note(held, actor, "change", before)
    return held


def _note(definition: RankingDefinition, actor: str, action: str, before: dict[str, Any] | None) -> None:
    mark(RankingDefinition.objects.filter(pk=definition.pk), reason=f"definition.{action}")
    records.audit(
        store="default", actor=actor, action=action, resource="ranking-definitions", resource_code=definition.pk,
        municipality_code=definition.municipality_code, before=before, after=definition.wanted,
    )  # fmt: skip
