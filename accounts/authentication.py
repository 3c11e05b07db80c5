"""`Authorization: Bearer fm_…` → principal.

With the default store away, a key seen in the last five minutes stays good.
"""

from typing import Any

import structlog
from django.core.cache import cache
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from accounts import key_use, keys, services
from config.api.access import Principal
from config.stores import StoreAway

REMEMBERED_SECONDS = 300
log = structlog.get_logger(__name__)


class KeyAuthentication(BaseAuthentication):
    def authenticate(self, request: Any) -> tuple[Principal, None] | None:
        header = get_authorization_header(request).decode("latin-1")
        if not header:
            return None
        scheme, _space, text = header.partition(" ")
        if scheme.lower() != "bearer" or not text.strip():
            raise AuthenticationFailed(_("Gebruik 'Authorization: Bearer' met uw sleutel."))
        principal = _find(text.strip())
        if principal is None:
            raise AuthenticationFailed(_("Deze sleutel is onbekend, verlopen of ingetrokken."))
        return principal, None

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="factorenmodel"'


def _find(text: str) -> Principal | None:
    remembered = services.remembered_as(keys.digest(text))
    now = timezone.now()
    try:
        principal = services.principal_of_key(text=text, now=now)
        if principal is None:
            key_use.note_refused(text=text)
    except (OperationalError, InterfaceError) as problem:
        return _recall(remembered, problem)
    _remember(remembered, principal)
    if principal:
        key_use.note_used(text=text, now=now)
    return principal


def _remember(name: str, principal: Principal | None) -> None:
    try:
        cache.set(name, principal, REMEMBERED_SECONDS) if principal else cache.delete(name)
    except Exception as problem:  # the cache only bridges an outage; without it the service works
        log.warning("cache away", problem=type(problem).__name__)


def _recall(name: str, problem: Exception) -> Principal:
    try:
        known = cache.get(name)
    except Exception:
        known = None
    if known is None:
        raise StoreAway("default") from problem
    return known
