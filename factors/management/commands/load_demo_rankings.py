"""Make the local rankings of the demo city; unchanged data changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from factors.reference.demo_rankings import load_demo_rankings


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"ranking definitions: {load_demo_rankings()}")
