"""`Authorization: Bearer …` → principal: a key of ours (`fm_…`), or an access token of an allowed issuer (JWT).

With the default store away, a caller seen in the last five minutes is still known. A token is proven each time.
"""

from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from accounts import identities, key_use, keys, remembered, services, tokens
from config.api.access import Principal
from config.stores import StoreAway


class InvalidToken(AuthenticationFailed):
    """The header names a caller we do not take; `challenge` says it as RFC 6750 does."""

    challenge = 'error="invalid_token"'

    def __init__(self, detail: str, reason: str = "") -> None:
        super().__init__(detail)
        if reason:
            self.challenge = f'{self.challenge}, error_description="{reason}"'


class BearerAuthentication(BaseAuthentication):
    def authenticate(self, request: Any) -> tuple[Principal, None] | None:
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not header:
            return None
        scheme, _space, text = header.partition(" ")
        if scheme.lower() != "bearer" or not text.strip():
            raise AuthenticationFailed(_("Gebruik 'Authorization: Bearer' met uw sleutel of token."))
        by = _by_token if tokens.looks_like(text) else _by_key
        return by(text.strip()), None

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="factorenmodel"'


def _by_key(text: str) -> Principal:
    now = timezone.now()

    def find() -> Principal | None:
        principal = services.principal_of_key(text=text, now=now)
        if principal is None:
            key_use.note_refused(text=text)
        return principal

    principal, fresh = _known(remembered.of_key(keys.digest(text)), find)
    if principal is None:
        raise InvalidToken(_("Deze sleutel is onbekend, verlopen of ingetrokken."))
    if fresh:
        key_use.note_used(text=text, now=now)
    return principal


def _by_token(text: str) -> Principal:
    now = timezone.now()
    try:
        token = identities.read_token(text=text, now=now)
        found, fresh = _known(remembered.of_bearer(token.bearer), lambda: identities.principal_of(bearer=token.bearer))
        if found is None:
            raise tokens.BadToken("not-registered")
    except tokens.BadToken as problem:
        identities.note_refused(problem=problem)
        raise InvalidToken(_("Dit token geeft hier geen toegang."), problem.reason) from problem
    if fresh:
        identities.note_used(bearer=token.bearer, now=now)
    return found.narrowed(token.scopes)


def _known(name: str, find: Callable[[], Principal | None]) -> tuple[Principal | None, bool]:
    """What the store says of a caller and True; with the store away what we remember, and False. Raises StoreAway."""
    try:
        principal = find()
    except (OperationalError, InterfaceError) as problem:
        if (known := remembered.recall(name)) is None:
            raise StoreAway("default") from problem
        return known, False
    remembered.keep(name, principal)
    return principal, True
