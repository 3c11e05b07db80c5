"""Advisory locks of the monitoring store, held until the transaction ends."""

from collections.abc import Iterable

from django.db import connections

from config.stores import ask

STORE = "monitoring"
HOLDING = "(SELECT count(pg_advisory_xact_lock(hashtextextended(name, 0))) FROM json_array_elements_text({}) AS name)"
"""Waits for and holds the locks of `in_order` (JSON), inside another statement: what that reads may be from before."""


def hold_if_free(kind: str, name: str) -> bool:
    """Hold the lock if nobody else does."""
    with connections[STORE].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"{kind}:{name}"])
        return bool(cursor.fetchone()[0])


def hold(kind: str, names: Iterable[str]) -> None:
    """Wait for and hold a lock per name, always in the same order, so that two holders never wait for each other."""
    for name in in_order(kind, names):
        ask(STORE, "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def in_order(kind: str, names: Iterable[str]) -> list[str]:
    """The names of these locks, in the order in which everybody takes them."""
    return [f"{kind}:{name}" for name in sorted(set(names))]
