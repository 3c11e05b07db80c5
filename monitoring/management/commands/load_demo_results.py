"""Load one invented societal result for the demo city."""

from typing import Any

from django.core.management.base import BaseCommand

from monitoring.services.results.demo_results import load_demo


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"demo results: {load_demo()}")
