"""Our clients as an outside issuer names them: the principal behind an access token; names given and taken back."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import issuer_keys, key_use, remembered, tokens
from accounts.grants import principal_with
from accounts.models import Client, OutsideIdentity
from accounts.services import AlreadyThere
from accounts.tokens import AccessToken, BadToken, Bearer
from config.api.access import Principal
from config.ledger import records


def read_token(*, text: str, now: datetime) -> AccessToken:
    """A sound token of an allowed issuer. Raises BadToken, IssuerAway."""
    policy = tokens.Policy(
        settings.OAUTH_AUDIENCE, frozenset(kind.lower() for kind in settings.OAUTH_TOKEN_TYPES),
        settings.OAUTH_LEEWAY_SECONDS, settings.OAUTH_TOKEN_SECONDS,
    )  # fmt: skip
    return tokens.read(text, policy=policy, key_of=issuer_keys.key_of, now=now.timestamp())


def find(bearer: Bearer) -> OutsideIdentity | None:
    """Both names must be as registered: a token that a person got through the same client has another `sub`."""
    return OutsideIdentity.objects.filter(
        issuer=bearer.issuer, issuer_client=bearer.client, subject=bearer.subject
    ).first()


def principal_of(*, bearer: Bearer) -> Principal | None:
    """Our client with all that its roles give, or None when nobody registered it. Two queries."""
    identity = find(bearer)
    return principal_with(id=f"client:{identity.client_id}", client_id=identity.client_id) if identity else None


def note_used(*, bearer: Bearer, now: datetime) -> None:
    key_use.note_token_used(issuer=bearer.issuer, issuer_client=bearer.client, now=now)


def note_refused(*, problem: BadToken) -> None:
    """Only what an allowed issuer signed for a client of ours is told of that client; the rest nobody can prove."""
    identity = find(problem.bearer) if problem.bearer else None
    key_use.note_token_refused(client_code=identity.client_id if identity else "", reason=problem.reason)


def register(*, client: Client, actor: str, bearer: Bearer, municipality_code: str) -> OutsideIdentity:
    """From now on tokens with these names are the client's. Raises AlreadyThere."""
    with transaction.atomic(using="default"):
        row, created = OutsideIdentity.objects.get_or_create(
            issuer=bearer.issuer, issuer_client=bearer.client, defaults={"client": client, "subject": bearer.subject}
        )
        if not created:
            raise AlreadyThere(_("Deze naam bij deze uitgever hoort al bij een toepassing."))
        _audit(client, actor, "identity.registered", municipality_code, after=_told(row))
    return row


def remove(*, row: OutsideIdentity, actor: str, municipality_code: str) -> None:
    """Tokens with these names open nothing any more, also while the store is away."""
    with transaction.atomic(using="default"):
        _audit(row.client, actor, "identity.removed", municipality_code, before=_told(row))
        name = remembered.of_bearer(row.bearer)
        row.delete()
        transaction.on_commit(lambda: remembered.forget([name]), using="default")


def _told(row: OutsideIdentity) -> dict[str, str]:
    return {"issuer": row.issuer, "issuerClient": row.issuer_client, "subject": row.subject}


def _audit(
    client: Client, actor: str, action: str, municipality_code: str, *, before: Any = None, after: Any = None
) -> None:
    records.audit(
        store="default", actor=actor, action=action, resource="api-clients", resource_code=client.code,
        before=before, after=after, municipality_code=municipality_code,
    )  # fmt: skip
