"""The verbs of make, seen from outside."""

import subprocess

from deploy.local.paths import CHECKOUT


def _make(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=CHECKOUT, check=False, capture_output=True, text=True)


def test_make_alone_lists_every_verb_with_what_it_does() -> None:
    verbs = {"help", "setup", "run", "test", "check", "fix", "proof", "compliance", "lock"}

    lines = _make().stdout.splitlines()

    assert {line.split()[1] for line in lines} == verbs
    assert all(len(line.split()) > 3 for line in lines)


def test_a_port_that_is_no_port_ends_make_run_with_a_plain_message() -> None:
    done = _make("run", "PORT=http")

    assert done.returncode != 0
    assert "PORT is a number from 1 to 65535" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_python_that_is_too_old_is_refused_with_a_plain_message() -> None:
    done = _make("--always-make", ".venv/pyvenv.cfg", "PYTHON=false")

    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
