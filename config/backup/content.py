"""What a store holds, as numbers that a copy can be compared by."""

from dataclasses import dataclass
from typing import Any

from psycopg import Connection, sql


@dataclass(frozen=True)
class TableSum:
    """rows: how many. checksum: the sum over all rows of the first 60 bits of the MD5 of their text; in any order."""

    rows: int
    checksum: str


def tables(connection: Connection[Any]) -> list[str]:
    """Names of all tables of the store, by name."""
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [name for (name,) in found.fetchall()]


def sums(connection: Connection[Any]) -> dict[str, TableSum]:
    """Per table of the store, as the transaction of the connection sees it."""
    return {name: _sum(connection, name) for name in tables(connection)}


def _sum(connection: Connection[Any], name: str) -> TableSum:
    text = """
        SELECT count(*), coalesce(sum(('x' || left(md5(kept::text), 15))::bit(60)::bigint::numeric), 0)::text
        FROM {} AS kept
    """
    found: Any = connection.execute(sql.SQL(text).format(sql.Identifier(name))).fetchone()
    return TableSum(*found)
