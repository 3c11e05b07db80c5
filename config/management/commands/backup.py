"""Write a backup of both stores, as they were at one moment, into an empty folder (docs/backup.md)."""

from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import exports
from config.backup.programs import ProgramFailed
from config.backup.taking import take
from config.ledger import records
from config.stores import connect_as_owner


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = take(urls=settings.OWNER_URLS, folder=options["folder"], version=settings.API_VERSION)
        except (FileExistsError, ProgramFailed, psycopg.Error) as problem:
            raise CommandError(str(problem)) from problem
        for store, told in made["stores"].items():
            rows = sum(table["rows"] for table in told["tables"].values())
            self._write_down(store, made["at"], rows, told)
            self.stdout.write(f"{store}: {rows:,} rows in {len(told['tables'])} tables, sha256 {told['sha256']}")
        self.stdout.write(f"as of {made['at']}")

    def _write_down(self, store: str, at: str, rows: int, told: dict[str, Any]) -> None:
        """A copy of everything is an export like any other."""
        connect_as_owner(store)
        records.audit(store=store, actor="command:backup", action=exports.ACTION, resource="backups", resource_code=at,
                      after={"path": told["file"], "rows": rows, "sha256": told["sha256"]})  # fmt: skip
