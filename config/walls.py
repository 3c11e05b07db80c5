"""The second wall round partner data: what the database itself lets one request see (row-level security).

The first wall are the rules in each app's access.py. Should one of them be forgotten, the rows of others still stay
hidden: the policies (monitoring/migrations) compare each row with the reach that config.postgres tells the database.
It guards against our own mistakes, not against somebody who can send SQL as the app role.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from config.api.access import Principal

STORES = frozenset({"monitoring"})
"""Where the wall stands: the other store holds no figures of partners."""
EVERYTHING, NOTHING = "*", ""
INSIDE = frozenset({"account-holder", "area-adviser", "data-steward"})
"""Roles that see the reports of a whole municipality; stated here again on purpose: two walls, two builders."""

_default = EVERYTHING
_reach: ContextVar[str | None] = ContextVar("reach", default=None)


def reach() -> str:
    """What may be seen now: `*`, or municipalities and municipality/organisation pairs, parted by commas."""
    chosen = _reach.get()
    return _default if chosen is None else chosen


def of(principal: Principal) -> str:
    """The reach of whoever asks: a partner its own organisation's, those inside a municipality its own."""
    cities = principal.municipalities(INSIDE)
    own = {f"{g.municipality_code}/{g.organisation_code}" for g in principal.grants if g.role == "partner"}
    return ",".join(sorted(part for part in cities | own if "," not in part))


@contextmanager
def closed() -> Iterator[None]:
    """Nothing is seen, unless `open_for` says otherwise inside; around each web request."""
    token = _reach.set(NOTHING)
    try:
        yield
    finally:
        _reach.reset(token)


def open_for(principal: Principal) -> None:
    """From here on, inside `closed`, see what the principal may."""
    _reach.set(of(principal))


def deny_by_default() -> None:
    """For the web server's process: what runs outside a request sees nothing either. Workers see everything."""
    global _default
    _default = NOTHING
