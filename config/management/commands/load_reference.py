"""Load the reference data of every app; unchanged data changes nothing."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = __doc__
    commands_setting = "REFERENCE_COMMANDS"

    def handle(self, *args: Any, **options: Any) -> None:
        for name in getattr(settings, self.commands_setting):
            call_command(name, stdout=self.stdout)
