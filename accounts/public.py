"""The front door of accounts: plain values only."""

from typing import Any

from accounts import people
from accounts.models import Municipality, User
from accounts.roles import NAMES


def municipality_name(*, code: str) -> str | None:
    """Name of a tenant, or None."""
    return Municipality.objects.filter(code=code).values_list("name", flat=True).first()


def municipality_codes() -> tuple[str, ...]:
    """The municipalities that use the service, by code. One query."""
    return tuple(Municipality.objects.order_by("code").values_list("code", flat=True))


def my_account(*, user_id: str) -> dict[str, Any]:
    """For somebody's own page: `roles` (name, municipality, organisation code) and whether `administrator`."""
    user = User.objects.get(pk=user_id)
    rows = user.grants.select_related("municipality").order_by("municipality_id", "role", "organisation_code")
    roles = [
        {"name": NAMES[row.role], "municipality": row.municipality.name, "organisation": row.organisation_code}
        for row in rows
    ]
    return {"roles": roles, "administrator": user.is_superuser or bool(user.administered)}


def note_password_changed(*, user_id: str) -> None:
    """Somebody changed the own password."""
    user = User.objects.get(pk=user_id)
    people.audit(by=people.actor(user), action="user.password-changed", user=user)
