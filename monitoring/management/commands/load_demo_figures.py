"""Load the invented districts, indicators and figures of the demo city; unchanged data changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from monitoring.services.figures.demo_figures import load_demo_figures


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        for name, report in load_demo_figures().items():
            self.stdout.write(f"{name}: {report}")
