"""What changed in a store, in an order in which nothing comes in late: the audit, read as an outbox is.

A transaction that began early and commits late would slip in behind a reader who goes by time. Rows are therefore given
in order of (transaction, id), and only those below the oldest transaction that still runs. A row of many things tells a
change of each.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections
from django.db.models import Q, TextField
from django.db.models.expressions import RawSQL

from config.ledger.records import FIRST, model

LARGEST, MOST_THINGS = 2**63 - 1, 2**31 - 2


@dataclass(frozen=True, order=True)
class Position:
    """After which row of a store a reader goes on. place: of a row of many things, how many of them were read."""

    xid: int = FIRST
    id: int = 0
    place: int = 0


class Each(RawSQL):
    """The code of each thing that a row is of, but for those that were read: a row for each."""

    set_returning = True

    def __init__(self, read: Position) -> None:
        remaining = "CASE WHEN xid = %s AND id = %s THEN codes[%s:] ELSE codes END"
        of_one = "ARRAY[resource_code::text]"
        super().__init__(
            f"unnest(coalesce({remaining}, {of_one}))", (read.xid, read.id, read.place + 1), output_field=TextField()
        )


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
    """Audit entries after a position, in order, one per thing: its `code`, and its `place` among those of a row.

    may: those the reader may know of. since: leave out what was older.
    """
    after = Q(xid__gt=position.xid) | Q(xid=position.xid, id__gt=position.id)
    if position.place:
        after |= Q(xid=position.xid, id=position.id, codes__isnull=False)
    rows = model(store, "AuditEntry")._default_manager.filter(may, after, xid__lt=horizon.xid)
    if since is not None:
        rows = rows.filter(at__gt=since)
    rows = rows.annotate(code=Each(position)).defer("before", "after", "codes", "details")
    found, at = list(rows.order_by("xid", "id")[:limit]), position
    for row in found:
        at = Position(row.xid, row.id, 1 + (at.place if (at.xid, at.id) == (row.xid, row.id) else 0))
        row.place = at.place
    return found
