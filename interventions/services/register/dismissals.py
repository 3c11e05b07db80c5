"""Pairs of interventions that somebody looked at and found to be two."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.errors import NotFound
from config.ledger import records
from interventions.likeness import Described
from interventions.models import DuplicateDismissal, Intervention
from interventions.services.register.announcing import STORE

RESOURCE = "duplicate-dismissals"
Pair = tuple[str, str]


def dismiss(*, codes: Iterable[str], reason: str, actor: str) -> tuple[DuplicateDismissal, bool]:
    """Say of two interventions that they are two; whether that is new. Said again, it holds anew.

    Raises NotFound when one of both is not, or no longer, in the register.
    """
    first, second = sorted(codes)
    with transaction.atomic(using=STORE):
        names = {code: pair for code, *pair in Intervention.objects.select_for_update().order_by("code")
                 .filter(code__in=[first, second]).values_list("code", "name_nl", "name_en")}  # fmt: skip
        if len(names) < 2:
            raise NotFound()
        said = {"names": [*names[first], *names[second]], "reason": reason, "dismissed_by": actor,
                "dismissed_at": timezone.now()}  # fmt: skip
        before = DuplicateDismissal.objects.filter(first_code=first, second_code=second).first()
        made, new = DuplicateDismissal.objects.update_or_create(first_code=first, second_code=second, defaults=said)
        _audit("duplicate.dismissed", made, actor, before=before and _told(before), after=_told(made))
    return made, new


def undo(*, dismissal_id: UUID, actor: str) -> None:
    """Ask about the pair again. Raises NotFound."""
    with transaction.atomic(using=STORE):
        known = DuplicateDismissal.objects.select_for_update().filter(pk=dismissal_id).first()
        if known is None:
            raise NotFound()
        _audit("duplicate.asked-again", known, actor, before=_told(known))
        known.delete()


def in_force(register: Iterable[Described]) -> frozenset[Pair]:
    """The dismissed pairs of which nobody changed a name since. One query."""
    names = {told.code: told.names for told in register}
    rows = DuplicateDismissal.objects.values_list("first_code", "second_code", "names")
    return frozenset((first, second) for first, second, then in rows
                     if [*names.get(first, ()), *names.get(second, ())] == then)  # fmt: skip


def _told(dismissal: DuplicateDismissal) -> dict[str, Any]:
    return {"interventionCode": dismissal.first_code, "otherCode": dismissal.second_code, "reason": dismissal.reason}


def _audit(action: str, dismissal: DuplicateDismissal, actor: str, **change: Any) -> None:
    records.audit(store=STORE, actor=actor, action=action, resource=RESOURCE, resource_code=str(dismissal.pk), **change)
