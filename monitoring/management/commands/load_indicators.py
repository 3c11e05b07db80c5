"""Check the definitions of indicators in a folder of TOML files, and load them; all or none."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitoring.indicator_documents import written
from monitoring.services.figures import indicator_drafts, indicators
from monitoring.services.geography.areas import DATA


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=DATA / "indicators")
        parser.add_argument("--check", action="store_true", help="only check")
        parser.add_argument("--draft-from", type=Path, help="first write a file for each indicator of this list "
                            "(CSV with code, name_nl, kind, unit, …) that has none yet")  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if options["draft_from"]:
            self._draft(options["draft_from"], folder)
        try:
            definitions = indicators.read_folder(folder)
        except indicators.BadIndicatorFiles as problem:
            for fault in problem.faults:
                self.stderr.write(f"{fault.location}: {fault.detail} ({fault.code})")
            raise CommandError(f"{len(problem.faults)} faults; nothing was loaded") from problem
        self.stdout.write(f"{len(definitions)} definitions, no faults")
        if not options["check"]:
            stored = indicators.store(definitions)
            self.stdout.write(f"indicators: {stored.indicators}\ndefinitions: {stored.definitions}\n"
                              f"links: {stored.links}, {stored.removed_links} removed")  # fmt: skip

    def _draft(self, published: Path, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        for definition in indicator_drafts.drafts(published):
            path = folder / f"{definition.indicator['code']}.toml"
            if not path.exists():
                path.write_text(written(definition), encoding="utf-8")
                self.stdout.write(f"drafted {path.name}")
