"""From the roles somebody was given to the principal that the rules look at: one way for clients and for people."""

from collections.abc import Sequence

from accounts.models import RoleGrant
from accounts.roles import scopes_of
from config.api.access import Grant, Principal


def principal_with(*, id: str, kind: str = "client", **holder: object) -> Principal:
    """Whoever holds the roles (`client_id=…` or `user_id=…`), with every scope they give. One query."""
    rows = RoleGrant.objects.filter(**holder).order_by("id")
    return principal_of(id, kind=kind, grants=[Grant(g.role, g.municipality_id, g.organisation_code) for g in rows])


def principal_of(id: str, *, grants: Sequence[Grant], kind: str = "client") -> Principal:
    """Whoever holds these roles."""
    return Principal(id=id, kind=kind, grants=tuple(grants), scopes=scopes_of(g.role for g in grants))
