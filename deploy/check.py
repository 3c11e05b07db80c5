"""`python -m deploy.check`: everything that looks at the code without running its tests. Changes nothing.

Needs the settings of the application and its services around it: `python -m deploy.local services -- …`.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from deploy import openapi_lint

PACKAGES = ("config", "accounts", "factors", "monitoring", "interventions", "web", "deploy")
COMMITTED = Path("config/api/openapi.yaml")
RULES = Path("config/api/spectral.yaml")


def main() -> int:
    """Do every check, also after one that failed; returns 1 when any did."""
    results = [_report(name, command) for name, command in _commands()]
    results.append(_report_openapi())
    return 0 if all(results) else 1


def _commands() -> Sequence[tuple[str, Sequence[str]]]:
    python = sys.executable
    imports = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return (
        ("ruff check", [python, "-m", "ruff", "check"]),
        ("ruff format", [python, "-m", "ruff", "format", "--check"]),
        ("mypy", [python, "-m", "mypy", *PACKAGES]),
        ("import-linter", [python, "-c", imports]),
        ("migrations", [python, "manage.py", "makemigrations", "--check", "--dry-run"]),
        ("settings page", [python, "manage.py", "settings_page", "--check"]),
        ("texts in English", [python, "-m", "deploy.texts", "--check"]),
    )


def _report_openapi() -> bool:
    """The committed OpenAPI document is the one the code makes, and it keeps the rules."""
    with tempfile.TemporaryDirectory(prefix="fm-check-") as folder:
        made = Path(folder) / "openapi.yaml"
        options = ["--validate", "--fail-on-warn", "--file", str(made)]
        if not _report("OpenAPI document", [sys.executable, "manage.py", "spectacular", *options]):
            return False
        drift = _report("OpenAPI drift", ["diff", "-u", str(COMMITTED), str(made)])
        return _report("OpenAPI rules", openapi_lint.command(document=made, rules=RULES)) and drift


def _report(name: str, command: Sequence[str]) -> bool:
    begun = time.monotonic()
    done = subprocess.run(command, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    verdict = "ok" if done.returncode == 0 else "FAILED"
    print(f"  {name:<20}{verdict:>8}{time.monotonic() - begun:7.1f} s", flush=True)
    if done.returncode != 0:
        print(done.stdout, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
