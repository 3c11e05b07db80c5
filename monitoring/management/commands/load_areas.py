"""Load areas and their hierarchies from the reference files; unchanged data changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from monitoring.services.geography import areas


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        report = areas.load_areas(*areas.reference_areas())
        self.stdout.write(f"areas and memberships: {report}")
