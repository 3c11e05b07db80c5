"""Writes on accounts, and the principal behind a key."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts import keys
from accounts.models import ApiKey, Client, RoleGrant
from accounts.roles import scopes_of
from config.api.access import Grant, Principal
from config.ledger import records


def issue_key(
    *, client: Client, actor: str, scopes: list[str] | None = None, expires_at: datetime | None = None
) -> str:
    """Make a key for a client; returns its text, which cannot be shown again."""
    new = keys.make()
    with transaction.atomic(using="default"):
        ApiKey.objects.create(
            prefix=new.prefix, digest=new.digest, client=client, scopes=scopes or [], expires_at=expires_at
        )
        records.audit(
            store="default", actor=actor, action="key.issued", resource="clients", resource_code=client.code,
            after={"prefix": new.prefix, "scopes": scopes or []},
        )  # fmt: skip
    return new.text


def principal_of_key(*, text: str, now: datetime) -> Principal | None:
    """Who holds this key, or None when it is unknown, revoked or expired. Two queries."""
    prefix = keys.prefix_of(text)
    live = Q(revoked_at__isnull=True) & (Q(expires_at__isnull=True) | Q(expires_at__gt=now))
    key = ApiKey.objects.filter(live, prefix=prefix).first() if prefix else None
    # an unknown key costs the same comparison as a known one
    if not keys.fits(text, key.digest if key else keys.digest("")) or key is None:
        return None
    rows = RoleGrant.objects.filter(client_id=key.client_id).order_by("id")
    grants = tuple(Grant(g.role, g.municipality_id, g.organisation_code) for g in rows)
    scopes = scopes_of(g.role for g in grants)
    narrowed = scopes & frozenset(key.scopes) if key.scopes else scopes
    return Principal(id=f"client:{key.client_id}", kind="client", grants=grants, scopes=narrowed)
