"""Load the invented organisations, interventions, offerings and agreements of the demo city."""

from typing import Any

from django.core.management.base import BaseCommand

from interventions.services.register.demo import load_demo


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"demo interventions: {load_demo()}")
