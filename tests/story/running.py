"""The whole service as `make run` starts it, for tests that walk through it over HTTP."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
STORES = ("DATABASE_URL", "MONITORING_DATABASE_URL", "DATABASE_OWNER_URL", "MONITORING_DATABASE_OWNER_URL", "REDIS_URL")
OTHERS = ("SECRET_KEY", "ALLOWED_HOSTS", "DEMO_KEYS_FILE", "RUN_DIR", "PORT", "DJANGO_SETTINGS_MODULE", "LOG_LEVEL")
OURS = STORES + OTHERS


@dataclass(frozen=True)
class Service:
    """A started service: where it answers, with which demo keys, and the launcher's process."""

    url: str
    keys: dict[str, str]
    process: subprocess.Popen[str]
    folder: Path
    seconds: float

    def key(self, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.keys[name]}"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def bare_environment(**more: str) -> dict[str, str]:
    """This process's environment without what points to the test's own services."""
    return {name: value for name, value in os.environ.items() if name not in OURS} | more


@contextmanager
def started(port: int, *, checkout: Path = CHECKOUT, seconds: float = 150, **more: str) -> Iterator[Service]:
    """Start the launcher and wait for its guide; stop it with SIGTERM."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "deploy.local", "run"], cwd=checkout, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, env=bare_environment(PORT=str(port), **more), start_new_session=True,
    )  # fmt: skip
    try:
        _wait_for_guide(process, began + seconds)
        folder = checkout / ".local" / str(port)
        keys = dict(re.findall(r"export (\w+)=(\S+)", (folder / "demo-keys.env").read_text()))
        yield Service(f"http://127.0.0.1:{port}", keys, process, folder, time.monotonic() - began)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _wait_for_guide(process: "subprocess.Popen[str]", until: float) -> None:
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            return
        if time.monotonic() > until:
            break
    raise AssertionError("the service did not start:\n" + "".join(lines))
