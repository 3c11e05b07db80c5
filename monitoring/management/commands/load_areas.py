"""Load areas and their hierarchies from the reference files; unchanged data changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from monitoring.services.aggregation import aggregates
from monitoring.services.geography import areas


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic(using="monitoring"):
            report = areas.load_areas(*areas.reference_areas())
            aggregates.mark_for_new_areas(report)
        self.stdout.write(f"areas and memberships: {report}")
