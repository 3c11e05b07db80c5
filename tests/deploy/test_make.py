"""The verbs of make, seen from outside."""

import json
import re
import subprocess
from pathlib import Path

from deploy.local.paths import CHECKOUT


def _make(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=CHECKOUT, check=False, capture_output=True, text=True)


def test_make_alone_lists_every_verb_with_what_it_does() -> None:
    verbs = {"help", "setup", "run", "test", "check", "fix", "proof", "compliance", "sbom", "audit", "lock"}

    lines = _make().stdout.splitlines()

    assert {line.split()[1] for line in lines} == verbs
    assert all(len(line.split()) > 3 for line in lines)


def test_the_bill_of_materials_names_every_locked_package_with_its_hashes(tmp_path: Path) -> None:
    command = _make("--dry-run", "sbom").stdout.splitlines()[-1].split()
    subprocess.run([*command[:-1], str(tmp_path / "sbom.json")], cwd=CHECKOUT, check=True, capture_output=True)

    told = json.loads((tmp_path / "sbom.json").read_text())
    locked = re.findall(r"^([a-z0-9.-]+)==([^ ]+) ", (CHECKOUT / "requirements.txt").read_text(), re.M)

    assert told["bomFormat"] == "CycloneDX"
    assert {(part["name"], part["version"]) for part in told["components"]} == set(locked)
    assert all(part["externalReferences"][0]["hashes"] for part in told["components"])


def test_a_port_that_is_no_port_ends_make_run_with_a_plain_message() -> None:
    done = _make("run", "PORT=http")

    assert done.returncode != 0
    assert "PORT is a number from 1 to 65535" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_python_that_is_too_old_is_refused_with_a_plain_message() -> None:
    done = _make("--always-make", ".venv/pyvenv.cfg", "PYTHON=false")

    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
