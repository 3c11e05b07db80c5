"""Fold the series of every area anew from its observations; with --check only compare and fail when they differ."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from monitoring.services.figures import series


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Change nothing; exit 1 if a series is not its rows.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            series.touch_all()
            done = 0
            while some := series.fold_some():
                done += some
                self.stdout.write(f"series: {done} areas")
        elif wrong := series.differing():
            raise CommandError(f"{len(wrong)} areas differ from their observations: {', '.join(wrong[:20])}")
        self.stdout.write(f"series: {series.waiting()} areas wait for a worker")
