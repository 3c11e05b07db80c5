"""Load the reference data and the demo city on it (all invented: `demo: true`); unchanged data changes nothing."""

from typing import Any

from django.conf import settings

from config.management.commands.load_reference import Command as LoadReference


class Command(LoadReference):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.load(settings.REFERENCE_COMMANDS)
        self.load(settings.DEMO_COMMANDS)
