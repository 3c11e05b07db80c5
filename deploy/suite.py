"""`python -m deploy.suite [arguments of pytest]`: the whole suite in two parts side by side, each with own servers.

Two cores then do in ten minutes what one does in twenty. `python -m pytest` runs the same tests in one process.
"""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LARGE = ("accounts", "factors", "interventions", "monitoring")
"""The folders below `tests` that together take about half; the other part is all the rest."""


def main() -> int:
    """Run both parts to their end, also when one fails; print what each said; 1 when any failed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    rest = sorted(path.name for path in (ROOT / "tests").iterdir() if any(path.glob("**/test_*.py")))
    parts = (LARGE, [name for name in rest if name not in LARGE])
    print(f"Two parts side by side: {' | '.join(', '.join(part) for part in parts)}", flush=True)
    begun = time.monotonic()
    with ExitStack() as stack:
        running = [_Part(part, stack) for part in parts]
        codes = [part.ended() for part in running]
    print(f"Both parts took {time.monotonic() - begun:.0f} s", flush=True)
    return 1 if any(codes) else 0


class _Part:
    """Some folders of tests in a process of their own; what they say is kept until they end."""

    def __init__(self, names: Sequence[str], stack: ExitStack) -> None:
        self.output = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
        command = [sys.executable, "-m", "pytest", *(f"tests/{name}" for name in names), *sys.argv[1:]]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=self.output, stderr=subprocess.STDOUT)
        stack.callback(self.process.terminate)

    def ended(self) -> int:
        code = self.process.wait()
        self.output.seek(0)
        sys.stdout.buffer.write(self.output.read())
        sys.stdout.flush()
        return code


if __name__ == "__main__":
    sys.exit(main())
