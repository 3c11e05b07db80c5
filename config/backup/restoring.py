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
    """Let what came along stand before all that these servers will write.

    Outboxes and audits are read in the order of their transactions' numbers, and another server counts its transactions
    from the start. So every kept number, also those of cursors and copies, goes down by the same: below zero.
    """
    with ExitStack() as stack:
        connections = [stack.enter_context(psycopg.connect(url)) for url in urls.values()]
        columns = [(connection, sql.Identifier(name)) for connection in connections for name in _numbered(connection)]
        highest = max(_highest(connection, table) for connection, table in columns)
        for connection, table in columns:
            connection.execute(sql.SQL("UPDATE {} SET xid = xid - %s").format(table), [highest + 1])


def _numbered(connection: psycopg.Connection[Any]) -> list[str]:
    """Tables whose rows carry the number of a transaction."""
    found = connection.execute(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'xid'"
    )
    return [name for (name,) in found.fetchall()]


def _highest(connection: psycopg.Connection[Any], table: sql.Identifier) -> int:
    found: Any = connection.execute(sql.SQL("SELECT coalesce(max(xid), 0) FROM {}").format(table)).fetchone()
    return int(found[0])
