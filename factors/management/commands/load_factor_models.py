"""Load the public factor model, publish it when its content is new, and make the rankings that follow it."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from factors.reference.public_model import FOLDER, load_public_model, read_content
from factors.services.outdated import mark_outdated


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        for name, report in load_public_model(content=read_content(FOLDER), at=timezone.now()).items():
            self.stdout.write(f"{name}: {report}")
        self.stdout.write(f"rankings by rules of before: {mark_outdated()}")
