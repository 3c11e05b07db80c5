"""Writing an outbox, and reading the other store's by an own cursor."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connections, transaction

from config.ledger.records import FIRST, model


@dataclass(frozen=True)
class Event:
    """One outbox row as its readers see it. (xid, position) orders all rows of a store."""

    xid: int
    position: int
    kind: str
    payload: dict[str, Any]


def own_reader(app: str, store: str) -> str:
    """The name of a reader that follows the outbox of its own store, where other readers follow the other store's."""
    return f"{app}{own_suffix(store)}"


def own_suffix(store: str) -> str:
    return f"-{store}"


def write(*, store: str, kind: str, payload: dict[str, Any]) -> None:
    """Announce a change; call it inside the transaction of the change."""
    model(store, "Outbox")._default_manager.create(kind=kind, payload=payload)


def read_after(*, store: str, xid: int, position: int, limit: int = 500) -> list[Event]:
    """Rows after a position, in order, that no running transaction can still precede."""
    table = model(store, "Outbox")._meta.db_table
    sql = f"""
        SELECT xid, id, kind, payload::text FROM {table}
        WHERE (xid, id) > (%s, %s) AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
        ORDER BY xid, id LIMIT %s
    """  # noqa: S608 (the table name is ours)
    with connections[store].cursor() as cursor:
        cursor.execute(sql, [xid, position, limit])
        return [Event(x, p, kind, orjson.loads(payload)) for x, p, kind, payload in cursor.fetchall()]


def follow(*, source: str, target: str, reader: str, handle: Callable[[Event], None]) -> int:
    """Read `source`'s outbox and handle each row once in `target`: effect and cursor move in one transaction there.

    Returns how many rows were handled. Two workers at once: the second waits on the cursor row and finds nothing left.
    """
    cursors = model(target, "OutboxCursor")._default_manager
    cursors.get_or_create(reader=reader, defaults={"xid": FIRST})
    handled = 0
    while True:
        with transaction.atomic(using=target):
            cursor: Any = cursors.select_for_update().get(reader=reader)
            events = read_after(store=source, xid=cursor.xid, position=cursor.position)
            for event in events:
                handle(event)
            if events:
                cursor.xid, cursor.position = events[-1].xid, events[-1].position
                cursor.save(update_fields=["xid", "position"])
        handled += len(events)
        if not events:
            return handled
