"""Load indicators, their links and observations from the reference files; unchanged data changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from config.loading import read_csv
from monitoring.services import figures
from monitoring.services.areas import DATA


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        reports = {
            "sources": figures.load_sources(read_csv(DATA / "sources.csv")),
            "indicators": figures.load_indicators(figures.reference_indicators()),
            "definitions": figures.load_definitions(figures.reference_definitions()),
            "links": figures.load_links(read_csv(DATA / "indicator_links.csv")),
            "observations": figures.load_reference_observations(),
        }
        for name, report in reports.items():
            self.stdout.write(f"{name}: {report}")
