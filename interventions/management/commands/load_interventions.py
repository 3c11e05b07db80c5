"""Load the effect ladder, intervention databases, types of service and the interventions the texts name."""

from typing import Any

from django.core.management.base import BaseCommand

from interventions.services.register.loading import load_reference


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        for name, report in load_reference().items():
            self.stdout.write(f"{name}: {report}")
