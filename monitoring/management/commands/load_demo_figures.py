"""Load the invented districts, indicators and figures of the demo city; unchanged data changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from monitoring.services.aggregation import aggregates
from monitoring.services.figures.demo_figures import load_demo_figures


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic(using="monitoring"):
            loaded = load_demo_figures()
            aggregates.mark_for_new_areas(loaded["areas and memberships"])
        for name, report in loaded.items():
            self.stdout.write(f"{name}: {report}")
