"""Load code lists, glossary, synonyms and published rankings; unchanged data changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from factors.reference.code_lists import load_code_lists


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        for name, report in load_code_lists().items():
            self.stdout.write(f"{name}: {report}")
