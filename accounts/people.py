"""People who log in: what they may, and what is written down of it. By id: a name is never kept in the audit."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.grants import principal_with
from accounts.models import RoleGrant, User
from config.api.access import Principal
from config.ledger import records


def actor(user: User) -> str:
    return f"user:{user.pk}"


def principal_of(user: User) -> Principal:
    """The person as the rules see it. Pages ask with it; /v1 takes no sessions. One query."""
    return principal_with(id=actor(user), kind="person", user_id=user.pk)


def told(user: User) -> dict[str, Any]:
    """What the audit may say of a person."""
    return {"active": user.is_active, "superuser": user.is_superuser}


def audit(
    *, by: str, action: str, user: User | None, before: Any = None, after: Any = None, cities: Iterable[str] = ()
) -> None:
    """One entry per municipality that the person works for (or `cities`); none: it concerns the installation."""
    whose = set(cities) or (set(user.grants.values_list("municipality_id", flat=True)) if user else set())
    with transaction.atomic(using="default"):
        for city in sorted(whose) or [""]:
            records.audit(
                store="default", actor=by, action=action, resource="users", before=before, after=after,
                resource_code=str(user.pk) if user else "unknown", municipality_code=city,
            )  # fmt: skip


def note_grant(*, by: str, row: RoleGrant, given: bool) -> None:
    """A role given to a person, or taken; in the transaction of the change."""
    told = {"role": row.role, "municipalityCode": row.municipality_id, "organisationCode": row.organisation_code}
    action, values = ("role.given", {"after": told}) if given else ("role.taken", {"before": told})
    audit(by=by, action=action, user=row.user, cities=[row.municipality_id], **values)


def create(*, by: str, username: str, password: str, email: str = "", grants: Iterable[RoleGrant] = (),
           superuser: bool = False) -> User:  # fmt: skip
    """A person with roles. grants: unsaved rows, without their person."""
    with transaction.atomic(using="default"):
        user = User(username=username, email=email, is_superuser=superuser, is_staff=superuser)
        user.set_password(password)
        user.save()
        for row in grants:
            row.user = user
            row.save()
        audit(by=by, action="user.registered", user=user, after=told(user))
        for row in user.grants.all():
            note_grant(by=by, row=row, given=True)
    return user
