"""Load an invented analysis with an edition, a plan and an action for one neighbourhood of the demo city."""

from typing import Any

from django.core.management.base import BaseCommand

from config.days import today
from interventions.services.cycle.demo_cycle import load_demo


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"demo cycle: {load_demo(day=today())}")
