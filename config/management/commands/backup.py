"""Write a backup of both stores, as they were at one moment, into an empty folder (docs/backup.md)."""

from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.backup.programs import ProgramFailed
from config.backup.taking import take


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
            self.stdout.write(f"{store}: {rows:,} rows in {len(told['tables'])} tables, sha256 {told['sha256']}")
        self.stdout.write(f"as of {made['at']}")
