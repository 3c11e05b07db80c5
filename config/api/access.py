"""Who asks, and what an endpoint asks of them. Which role gives which scope stands in accounts/roles.py."""

import time
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission


@dataclass(frozen=True)
class Grant:
    """A role at one municipality; for partners also the organisation it holds for."""

    role: str
    municipality_code: str
    organisation_code: str = ""


@dataclass(frozen=True)
class Principal:
    """Whoever asks: a machine client, a person, or nobody (`anonymous`). Ids only, never names."""

    id: str = ""
    kind: str = "anonymous"
    grants: tuple[Grant, ...] = ()
    scopes: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_authenticated(self) -> bool:
        return self.kind != "anonymous"

    @property
    def is_active(self) -> bool:
        return self.is_authenticated

    def narrowed(self, scopes: Collection[str]) -> "Principal":
        """The same with no more than these scopes."""
        return replace(self, scopes=self.scopes & frozenset(scopes))

    def may(self, scope: str) -> bool:
        return scope in self.scopes

    def lost_some(self, now: "Principal") -> bool:
        """Whether the same caller has less now than when it began."""
        return not (set(self.grants) <= set(now.grants) and self.scopes <= now.scopes)

    def municipalities(self, roles: Collection[str]) -> frozenset[str]:
        """Codes of the municipalities where the principal has one of the roles."""
        return frozenset(g.municipality_code for g in self.grants if g.role in roles)

    def organisations(self, municipality_code: str | None = None) -> frozenset[str]:
        """Codes of the partner organisations it speaks for (at one municipality, if given)."""
        return frozenset(
            g.organisation_code
            for g in self.grants
            if g.role == "partner" and municipality_code in (None, g.municipality_code)
        )


def anonymous() -> Principal:
    return Principal()


@dataclass(frozen=True)
class Public:
    """Open to everyone; the scope names it in the documentation."""

    scope: str


@dataclass(frozen=True)
class Needs:
    """Only with the scope: 401 for nobody, 403 for somebody without it."""

    scope: str


Access = Public | Needs


class NotInScope(PermissionDenied):
    """Known, but without the scope; `challenge` says it as RFC 6750 does."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.challenge = f'error="insufficient_scope", scope="{scope}"'


RIGHTS_LAST = 0.1
"""For so many seconds rights once read are good: who takes them might as well have come so much later."""


def rights_read_now(request: Any) -> None:
    """Note that the rights of the caller are read from here on."""
    request.rights_read = time.monotonic()


def require_still(request: Any) -> None:
    """Hold a write that is done but not yet committed to the rights of this moment: it may have taken a while.

    They are asked again when they were read more than RIGHTS_LAST ago. A quicker write could have been over before they
    were taken; to ask twice would be much of what it costs.
    Raises PermissionDenied when a role or scope was taken meanwhile, AuthenticationFailed when the key was; the
    transaction around it then keeps nothing.
    """
    began: Principal = request.user
    if not began.is_authenticated or time.monotonic() - request.rights_read <= RIGHTS_LAST:
        return
    asked = [known for way in request.authenticators if (known := way.authenticate(request))]
    if not asked or began.lost_some(asked[0][0]):
        raise PermissionDenied()


class StatedAccess(BasePermission):
    """Holds a view to its own `access` statement; a method that states nothing does not exist (405)."""

    def has_permission(self, request: Any, view: Any) -> bool:
        rule = view.access.get("GET" if request.method == "HEAD" else request.method)
        if rule is None or isinstance(rule, Public) or request.user.may(rule.scope):
            return True
        if not request.user.is_authenticated:
            raise NotAuthenticated()
        raise NotInScope(rule.scope)
