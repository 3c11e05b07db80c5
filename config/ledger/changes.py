"""What changed in a store, in an order in which nothing comes in late: the audit, read as an outbox is.

A transaction that began early and commits late would slip in behind a reader who goes by time. Rows are therefore given
in order of (transaction, id), and only those below the oldest transaction that still runs.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections
from django.db.models import Q

from config.ledger.records import FIRST, model

LARGEST = 2**63 - 1


@dataclass(frozen=True, order=True)
class Position:
    """After which row of a store a reader goes on."""

    xid: int = FIRST
    id: int = 0


@dataclass(frozen=True)
class Horizon:
    """How far a store can be read now: all transactions before `xid` have ended; of before `until` no row is hidden."""

    xid: int
    until: datetime

    @property
    def position(self) -> Position:
        """Of whoever has read all there is."""
        return Position(self.xid - 1, LARGEST)


def horizon(*, store: str) -> Horizon:
    """Ask it before reading the rows: who runs first, then what waits behind them, so that nobody ends in between."""
    table = model(store, "AuditEntry")._meta.db_table
    running = "SELECT least(min(xact_start), now()) FROM pg_stat_activity WHERE datname = current_database()"
    waiting = f"""
        SELECT oldest, least(%s, (SELECT min(at) FROM {table} WHERE xid >= oldest))
        FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest) AS snapshot
    """  # noqa: S608 (the table name is ours)
    with connections[store].cursor() as cursor:
        cursor.execute(running)
        cursor.execute(waiting, [cursor.fetchone()[0]])
        return Horizon(*cursor.fetchone())


def changes_after(
    *, store: str, position: Position, horizon: Horizon, may: Q, limit: int, since: datetime | None = None
) -> list[Any]:
    """Audit entries after a position, in order. may: those the reader may know of. since: leave out what was older."""
    rows = model(store, "AuditEntry")._default_manager.filter(
        may, Q(xid__gt=position.xid) | Q(xid=position.xid, id__gt=position.id), xid__lt=horizon.xid
    )
    if since is not None:
        rows = rows.filter(at__gt=since)
    return list(rows.order_by("xid", "id")[:limit])
