"""Restore a backup into two empty databases, compare every table, give the app roles their rights (docs/backup.md)."""

from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.backup.programs import ProgramFailed
from config.backup.restoring import Different, NotRestorable, restore


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = restore(urls=settings.OWNER_URLS, folder=options["folder"])
        except (OSError, NotRestorable, Different, ProgramFailed, psycopg.Error) as problem:
            raise CommandError(str(problem)) from problem
        for store, told in made["stores"].items():
            self.stdout.write(f"{store}: {len(told['tables'])} tables, each with the rows and checksum it had")
        call_command("migrate_stores", verbosity=options["verbosity"])
        self.stdout.write(f"as of {made['at']}")
