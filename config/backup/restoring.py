"""Restoring a backup into empty stores, and making the outboxes readable there."""

import json
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from config.backup import programs
from config.backup.content import TableSum, sums, tables
from config.backup.taking import FORM, MANIFEST, digest
from config.ledger import records


class NotRestorable(Exception):
    """The backup is damaged, or the place to restore it is not empty; nothing was changed."""


class Different(Exception):
    """What was restored is not what was kept."""


def restore(*, urls: Mapping[str, str], folder: Path) -> dict[str, Any]:
    """Bring the stores back as they were; returns the manifest. Rights come after, from migrate_stores.

    urls: of the owners, by store; empty databases. Raises NotRestorable, ProgramFailed, Different.
    """
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    _check(manifest, urls, folder)
    for store, told in manifest["stores"].items():
        options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
        name = str(conninfo_to_dict(urls[store])["dbname"])
        programs.run("pg_restore", [*options, f"--dbname={name}", str(folder / told["file"])], url=urls[store])
        with psycopg.connect(urls[store]) as connection:
            _compare(store, sums(connection), told["tables"])
    _renumber(urls)
    return manifest


def _check(manifest: Mapping[str, Any], urls: Mapping[str, str], folder: Path) -> None:
    if manifest["form"] != FORM:
        raise NotRestorable(f"this is a backup of another form: {manifest['form']}")
    for store, told in manifest["stores"].items():
        if digest(folder / told["file"]) != told["sha256"]:
            raise NotRestorable(f"{told['file']} is not the file that was written")
        with psycopg.connect(urls[store]) as connection:
            if tables(connection):
                raise NotRestorable(f"store {store} holds tables already")


def _compare(store: str, found: Mapping[str, TableSum], kept: Mapping[str, Any]) -> None:
    wanted = {name: TableSum(**told) for name, told in kept.items()}
    if wrong := sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)):
        raise Different(f"store {store}: {', '.join(wrong)}")


def _renumber(urls: Mapping[str, str]) -> None:
    """Let the events that came along stand before all that these servers will write.

    An outbox is read in the order of its transactions' numbers, and another server counts its transactions from the
    start. So old events get numbers below zero in the same order, and a cursor that of the last one it had read.
    """
    with ExitStack() as stack:
        connections = {store: stack.enter_context(psycopg.connect(url)) for store, url in urls.items()}
        for store, connection in connections.items():
            other = next(name for name in urls if name != store)
            cursors = _table(other, "OutboxCursor")
            _move_cursors(connections[other], cursors, connection, _table(store, "Outbox"))
            connection.execute(sql.SQL(RENUMBERED).format(table=_table(store, "Outbox")))


RENUMBERED = """
    UPDATE {table} AS kept SET xid = placed.place - placed.total - 1
    FROM (SELECT id, row_number() OVER (ORDER BY xid, id) AS place, count(*) OVER () AS total FROM {table}) AS placed
    WHERE placed.id = kept.id
"""
READ = "SELECT count(*) FILTER (WHERE (xid, id) <= (%s, %s)) - count(*) - 1 FROM {table}"


def _move_cursors(
    reader: psycopg.Connection[Any], cursors: sql.Identifier, source: psycopg.Connection[Any], outbox: sql.Identifier
) -> None:
    for name, xid, position in reader.execute(sql.SQL("SELECT reader, xid, position FROM {}").format(cursors)):
        found: Any = source.execute(sql.SQL(READ).format(table=outbox), [xid, position]).fetchone()
        reader.execute(sql.SQL("UPDATE {} SET xid = %s WHERE reader = %s").format(cursors), [found[0], name])


def _table(store: str, name: str) -> sql.Identifier:
    return sql.Identifier(records.model(store, name)._meta.db_table)
