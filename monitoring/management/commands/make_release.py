"""Make a release: a numbered, frozen edition of a municipality's safe figures."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from config.days import today
from monitoring.services.releasing.releases import create_release


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--municipality", required=True, help="Code, for example GM0363.")

    def handle(self, *args: Any, **options: Any) -> None:
        release = create_release(
            municipality_code=options["municipality"], actor="command:make_release", day=today(),
            minimum=settings.DISCLOSURE_MINIMUM,
        )  # fmt: skip
        self.stdout.write(
            f"release {release.number}: {release.cell_count} cells, {release.withheld_count} with numbers withheld"
        )
