"""Taking a backup: both stores as they were at one moment at which nothing stood between them.

The stores may be on two servers, so no transaction spans them. What joins them are the outboxes: whoever writes one is
held for a moment, a snapshot of either store is kept, and writing goes on while the snapshots are written out. So no
event is in the copy of one store as read and missing in the copy of the other.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from config.backup import programs
from config.backup.content import sums
from config.ledger import records

MANIFEST = "manifest.json"
FORM = 1
PATIENCE = "30s"


def take(*, urls: Mapping[str, str], folder: Path, version: str, clock: datetime | None = None) -> dict[str, Any]:
    """Write a dump per store and a manifest into an empty folder; returns the manifest.

    urls: of the owners, by store. Raises FileExistsError, psycopg.errors.LockNotAvailable when a writer holds an outbox
    for longer than half a minute, ProgramFailed.
    """
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    with _one_moment(urls) as kept:
        at = (clock or datetime.now(UTC)).isoformat()
        stores = {store: _dump(store, *held, url=urls[store], folder=folder) for store, held in kept.items()}
    manifest = {"form": FORM, "at": at, "version": version, "stores": stores}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
    return manifest


@contextmanager
def _one_moment(urls: Mapping[str, str]) -> Iterator[dict[str, tuple[psycopg.Connection[Any], str]]]:
    """Per store a connection whose transaction sees that moment, and the name of its snapshot."""
    with ExitStack() as stack:
        reading = {store: stack.enter_context(psycopg.connect(url)) for store, url in urls.items()}
        with ExitStack() as held:
            for store, url in urls.items():
                holding = held.enter_context(psycopg.connect(url))
                held.callback(holding.rollback)
                holding.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
                for name in ("Outbox", "OutboxCursor"):
                    table = sql.Identifier(records.model(store, name)._meta.db_table)
                    holding.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(table))
            kept = {store: (connection, _snapshot(connection)) for store, connection in reading.items()}
        yield kept


def _snapshot(connection: psycopg.Connection[Any]) -> str:
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    found: Any = connection.execute("SELECT pg_export_snapshot()").fetchone()
    return str(found[0])


def _dump(
    store: str, connection: psycopg.Connection[Any], snapshot: str, *, url: str, folder: Path
) -> dict[str, Any]:  # fmt: skip
    file = folder / f"{store}.dump"
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={file}"]
    programs.run("pg_dump", options, url=url)
    return {"file": file.name, "sha256": digest(file), "tables": {n: asdict(s) for n, s in sums(connection).items()}}


def digest(file: Path) -> str:
    """SHA-256 of a file of any size."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
