"""Compute the rankings that wait, as workers do: for who cannot wait for one; a ranking that is up to date stays."""

from typing import Any

from django.core.management.base import BaseCommand

from factors.services.rankings import recompute_marked


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"rankings: {recompute_marked()} computed")
