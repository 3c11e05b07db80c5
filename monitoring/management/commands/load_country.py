"""Load areas of the whole country with their years, and which areas they became, from CSV files of your own."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from config.loading import read_csv
from monitoring.services.aggregation import aggregates
from monitoring.services.geography import successions


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--areas", type=Path, help="code, name, valid_from, valid_until, source")
        parser.add_argument("--successions", type=Path, help="from_code, to_code, year, basis, weight, source")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["areas"]:
            with transaction.atomic(using="monitoring"):
                report = successions.load_country(read_csv(options["areas"]))
                aggregates.mark_for_new_areas(report)
            self.stdout.write(f"areas: {report}")
        if options["successions"]:
            self.stdout.write(f"successions: {successions.load_successions(read_csv(options['successions']))}")
