"""Compute the working aggregates from scratch; with --check only compare and fail when they differ."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from monitoring.services.aggregation import aggregate_checks, aggregates


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Change nothing; exit 1 if a cell would change.")

    def handle(self, *args: Any, **options: Any) -> None:
        differing = sum(self._one(city, check=options["check"]) for city in aggregate_checks.municipalities())
        if options["check"] and differing:
            raise CommandError(f"{differing} cells differ from a rebuild")
        self.stdout.write(f"aggregates: {differing} cells changed")

    def _one(self, municipality: str, *, check: bool) -> int:
        with transaction.atomic(using=aggregates.STORE):
            differing = aggregates.verify(municipality_code=municipality)
            if check:
                transaction.set_rollback(True, using=aggregates.STORE)
        return differing
