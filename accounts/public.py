"""The front door of accounts: plain values only."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q

from accounts import people
from accounts.models import Municipality, RoleGrant, User
from accounts.roles import CODES, NAMES, ROLES
from config.api.access import Principal
from config.stores import front_door


def municipality_name(*, code: str) -> str | None:
    """Name of a tenant, or None."""
    return Municipality.objects.filter(code=code).values_list("name", flat=True).first()


def municipality_codes() -> tuple[str, ...]:
    """The municipalities that use the service, by code. One query."""
    return tuple(Municipality.objects.order_by("code").values_list("code", flat=True))


@front_door("default")
def person(*, user_id: str) -> Principal:
    """Somebody who is logged in, as the rules of every app see a caller. One query."""
    return people.principal_of(User(pk=user_id))


def municipality_names(*, codes: Collection[str]) -> dict[str, str]:
    """Names of tenants by code. One query."""
    return dict(Municipality.objects.filter(code__in=codes).values_list("code", "name"))


def my_account(*, user_id: str) -> dict[str, Any]:
    """For somebody's own page: `roles` (name, municipality, organisation code), whether `partner`, `administrator`."""
    user = User.objects.get(pk=user_id)
    rows = user.grants.select_related("municipality").order_by("municipality_id", "role", "organisation_code")
    roles = [
        {"name": NAMES[row.role], "municipality": row.municipality.name, "organisation": row.organisation_code}
        for row in rows
    ]
    return {
        "roles": roles,
        "partner": any(row.role == "partner" for row in rows),
        "administrator": user.is_superuser or bool(user.administered),
    }


@front_door("default")
def still_may(*, actor: str, scope: str, municipality_code: str = "") -> bool:
    """Whether roles give a caller, known by id, this scope now: at that municipality, or at any.

    What is no account (a schedule, a command) always may. One query; raises StoreAway.
    """
    kind, _colon, code = actor.partition(":")
    if kind not in {"client", "user"}:
        return True
    whose = Q(client_id=code) if kind == "client" else Q(user_id=code, user__is_active=True)
    where = Q(municipality_id=municipality_code) if municipality_code else Q()
    return RoleGrant.objects.filter(whose, where, role__in=[role for role in CODES if scope in ROLES[role]]).exists()


def note_password_changed(*, user_id: str) -> None:
    """Somebody changed the own password."""
    user = User.objects.get(pk=user_id)
    people.audit(by=people.actor(user), action="user.password-changed", user=user)
