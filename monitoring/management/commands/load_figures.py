"""Load indicators, their links and observations from the reference files; unchanged data changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from config.loading import read_csv
from monitoring.services.figures import indicators, reference
from monitoring.services.geography.areas import DATA


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        sources = reference.load_sources(read_csv(DATA / "sources.csv"))
        stored = indicators.store(indicators.read_folder(DATA / "indicators"))
        reports = {
            "sources": sources,
            "indicators": stored.indicators,
            "definitions": stored.definitions,
            "links": stored.links,
            "observations": reference.load_reference_observations(),
        }
        for name, report in reports.items():
            self.stdout.write(f"{name}: {report}")
