"""Writes on accounts, and the principal behind a key."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import keys, remembered
from accounts.grants import principal_of
from accounts.models import ApiKey, Client, RoleGrant
from config.api.access import Grant, Principal
from config.errors import Conflict
from config.ledger import records
from config.stores import ask

LIVE_KEYS = 2
"""So many keys of one client live at once: the old one and its successor."""


class TooManyKeys(Conflict):
    code = "too-many-keys"


class WorksElsewhere(Conflict):
    code = "works-elsewhere"


class AlreadyThere(Conflict):
    code = "already-there"


def live(now: datetime) -> Q:
    """Keys that open doors at this moment."""
    return Q(revoked_at__isnull=True) & (Q(expires_at__isnull=True) | Q(expires_at__gt=now))


def issue_key(
    *, client: Client, actor: str, scopes: list[str] | None = None, expires_at: datetime | None = None,
    municipality_code: str = "",
) -> str:  # fmt: skip
    """Make a key for a client; returns its text, which cannot be shown again."""
    new = keys.make()
    with transaction.atomic(using="default"):
        ApiKey.objects.create(
            prefix=new.prefix, digest=new.digest, client=client, scopes=scopes or [], expires_at=expires_at
        )
        records.audit(
            store="default", actor=actor, action="key.issued", resource="api-clients", resource_code=client.code,
            after={"prefix": new.prefix, "scopes": scopes or []}, municipality_code=municipality_code,
        )  # fmt: skip
    return new.text


def rotate_key(
    *, client: Client, actor: str, scopes: list[str], expires_at: datetime | None, now: datetime,
    municipality_code: str,
) -> str:  # fmt: skip
    """Give a client a key beside the one it has. Raises TooManyKeys when two live already."""
    with transaction.atomic(using="default"):
        Client.objects.select_for_update().get(pk=client.pk)
        if ApiKey.objects.filter(live(now), client=client).count() >= LIVE_KEYS:
            text = _("Deze toepassing heeft al %(n)d geldige sleutels. Trek er eerst een in.") % {"n": LIVE_KEYS}
            raise TooManyKeys(text)
        return issue_key(
            client=client, actor=actor, scopes=scopes, expires_at=expires_at, municipality_code=municipality_code
        )


def revoke_key(*, key: ApiKey, actor: str, now: datetime, municipality_code: str) -> None:
    """The key opens nothing any more, also while the store is away. Again changes nothing."""
    with transaction.atomic(using="default"):
        if not ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=now):
            return
        records.audit(
            store="default", actor=actor, action="key.revoked", resource="api-clients",
            resource_code=key.client_id, before={"prefix": key.prefix}, municipality_code=municipality_code,
        )  # fmt: skip
        transaction.on_commit(lambda: remembered.forget([remembered.of_key(key.digest)]), using="default")


def register_client(*, code: str, name: str, actor: str, grant: Grant) -> Client:
    """A new client with its first role. Raises AlreadyThere."""
    with transaction.atomic(using="default"):
        client, created = Client.objects.get_or_create(code=code, defaults={"name": name})
        if not created:
            raise AlreadyThere(_("Deze code is al in gebruik. Kies een andere."))
        _audit_client(actor, "client.registered", client, grant.municipality_code, after={"name": name})
        give_role(client=client, actor=actor, grant=grant)
    return client


def give_role(*, client: Client, actor: str, grant: Grant) -> RoleGrant:
    """A role at a municipality. Raises AlreadyThere when the client has it."""
    with transaction.atomic(using="default"):
        row, created = RoleGrant.objects.get_or_create(
            client=client, role=grant.role, municipality_id=grant.municipality_code,
            organisation_code=grant.organisation_code,
        )  # fmt: skip
        if not created:
            raise AlreadyThere(_("Deze toepassing heeft deze rol al."))
        _audit_client(actor, "role.given", client, grant.municipality_code, after=_told(row))
        _forget_client(client)
    return row


def take_role(*, row: RoleGrant, client: Client, actor: str) -> None:
    """The client loses the role at once, also for as long as the store is away."""
    with transaction.atomic(using="default"):
        _audit_client(actor, "role.taken", client, row.municipality_id, before=_told(row))
        row.delete()
        _forget_client(client)


def _told(row: RoleGrant) -> dict[str, str]:
    return {
        "role": row.role,
        "municipalityCode": row.municipality_id,
        "organisationCode": row.organisation_code,
    }


def _audit_client(
    actor: str, action: str, client: Client, municipality_code: str, *, before: Any = None, after: Any = None
) -> None:
    records.audit(
        store="default", actor=actor, action=action, resource="api-clients", resource_code=client.code,
        before=before, after=after, municipality_code=municipality_code,
    )  # fmt: skip


def _forget_client(client: Client) -> None:
    names = [remembered.of_key(digest) for digest in client.keys.values_list("digest", flat=True)]
    names += [remembered.of_bearer(identity.bearer) for identity in client.identities.all()]
    transaction.on_commit(lambda: remembered.forget(names), using="default")


HOLDER = """
    SELECT key.digest, key.client_id, key.scopes, given.role, given.municipality_id, given.organisation_code
    FROM accounts_apikey AS key LEFT JOIN accounts_rolegrant AS given ON given.client_id = key.client_id
    WHERE key.prefix = %s AND key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > %s)
    ORDER BY given.id
"""


def principal_of_key(*, text: str, now: datetime) -> Principal | None:
    """Who holds this key, or None when it is unknown, revoked or expired. One query."""
    prefix = keys.prefix_of(text)
    rows = ask("default", HOLDER, [prefix, now]) if prefix else []
    # an unknown key costs the same comparison as a known one
    if not keys.fits(text, rows[0][0] if rows else keys.digest("")) or not rows:
        return None
    _digest, client, scopes, *_grant = rows[0]
    principal = principal_of(f"client:{client}", grants=[Grant(*row[3:]) for row in rows if row[3] is not None])
    return principal.narrowed(frozenset(scopes)) if scopes else principal
