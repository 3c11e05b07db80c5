"""Load the reference data of every app; unchanged data changes nothing."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.load(settings.REFERENCE_COMMANDS)

    def load(self, commands: Sequence[str]) -> None:
        for name in commands:
            call_command(name, stdout=self.stdout)
