"""Write docs/settings.md from config/env.py; `--check` only says whether it is up to date."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.env import env


def page() -> str:
    rows = [
        f"| `{v.name}` | {v.kind} | {'required' if v.default is None else f'`{v.default!r}`'} | {v.help} |"
        for v in sorted(env.seen.values(), key=lambda v: v.name)
    ]
    head = "# Settings\n\nMade by `manage.py settings_page`. Each may also come from a file: `NAME_FILE` names it.\n\n"
    return head + "| variable | kind | default | meaning |\n| --- | --- | --- | --- |\n" + "\n".join(rows) + "\n"


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        target = settings.BASE_DIR / "docs" / "settings.md"
        if options["check"] and (not target.exists() or target.read_text() != page()):
            raise CommandError("docs/settings.md is not up to date: run manage.py settings_page")
        if not options["check"]:
            target.write_text(page())
