"""`python -m bench.proof [--quick]`: run the long proofs and every bench, into docs/proof.md with commit and date."""

import argparse
import platform
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "proof.md"
NOT_BENCHES = {"__init__", "proof"}


def main() -> int:
    """Run everything, also after a failure; returns 1 when anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the small sizes")
    options = ["--quick"] if parser.parse_args().quick else []
    results = [_run("Long proofs", ["-m", "pytest", "-q", "-m", "proof"])]
    results += [_run(f"bench.{name}", ["-m", f"bench.{name}", *options]) for name in _benches()]
    PAGE.write_text("\n\n".join([_head(), *(text for _code, text in results)]) + "\n")
    print(f"written: {PAGE.relative_to(ROOT)}")
    return 1 if any(code for code, _text in results) else 0


def _benches() -> Iterator[str]:
    """Modules of this folder that can be run."""
    for file in sorted((ROOT / "bench").glob("*.py")):
        if file.stem not in NOT_BENCHES and "__main__" in file.read_text():
            yield file.stem


def _run(title: str, arguments: list[str]) -> tuple[int, str]:
    print(f"{title} …", flush=True)
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    # pytest answers 5 when no test carries the mark
    failed = done.returncode not in {0, 5}
    state = "failed" if failed else "done"
    return int(failed), f"## {title} ({state})\n\n```text\n{done.stdout.strip()}\n```"


def _head() -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    day = datetime.now(UTC).date().isoformat()
    made = f"Made by `make proof` on {day}, commit {commit.stdout.strip()}, {machine}."
    return f"# Proofs and benches\n\n{made} Read ratios, not times."


if __name__ == "__main__":
    sys.exit(main())
