"""Print each rule the service is held to with its state and evidence (docs/compliance.toml).

Fails when named evidence is not there. `--run` runs the named tests and the OpenAPI linter; `--write` writes
docs/compliance.md; `--check` only says whether that page is up to date.
"""

import os
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.compliance import STATES, Claim, claims, faults, page

STORES = ("DATABASE_URL", "MONITORING_DATABASE_URL", "DATABASE_OWNER_URL", "MONITORING_DATABASE_OWNER_URL")
SERVICES = (*STORES, "REDIS_URL")
LINTER = ["-m", "deploy.openapi_lint", "config/api/openapi.yaml", "config/api/spectral.yaml"]


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        for name in ("--run", "--write", "--check"):
            parser.add_argument(name, action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        base = settings.BASE_DIR
        found = claims(base)
        if wrong := faults(base, found):
            raise CommandError("\n".join(wrong))
        target = base / "docs" / "compliance.md"
        if options["write"]:
            target.write_text(page(found))
        if options["check"] and (not target.exists() or target.read_text() != page(found)):
            raise CommandError("docs/compliance.md is not up to date: run manage.py compliance --write")
        self._print(found)
        if options["run"]:
            self._run(found)

    def _print(self, found: tuple[Claim, ...]) -> None:
        for claim in found:
            self.stdout.write(f"{STATES[claim.state]:<15} {claim.rule:<45} {claim.text}")
            for kind, name in claim.evidence:
                self.stdout.write(f"{'':<16}{kind}: {name}")
            if claim.reason:
                self.stdout.write(f"{'':<16}{claim.reason}")
        sums = {text: sum(claim.state == state for claim in found) for state, text in STATES.items()}
        self.stdout.write(", ".join(f"{text} {count}" for text, count in sums.items()))

    def _run(self, found: tuple[Claim, ...]) -> None:
        """Raises CommandError when a named test or the linter fails."""
        tests = sorted({f"tests/{name}" for claim in found for kind, name in claim.evidence if kind == "test"})
        # the tests start services of their own: they empty tables
        env = {name: value for name, value in os.environ.items() if name not in SERVICES}
        failed = [
            title
            for title, rest in (("tests", ["-m", "pytest", "-q", *tests]), ("OpenAPI linter", LINTER))
            if subprocess.run([sys.executable, *rest], cwd=settings.BASE_DIR, env=env, check=False).returncode
        ]
        if failed:
            raise CommandError(f"the evidence does not hold: {', '.join(failed)}")
        self.stdout.write(f"{len(tests)} tests and the OpenAPI linter show it")
