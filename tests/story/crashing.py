"""The service on servers of its own, each of which can be killed with SIGKILL and started again on what it left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from deploy.local import children, postgres, services, valkey
from deploy.local.application import Application, wait_until_ready
from deploy.local.children import Child
from deploy.local.paths import RunFolder
from deploy.local.services import OWNER_VARIABLES, STORES, Services
from tests.story.running import CHECKOUT, bare_environment, free_port

SERVERS = ("postgres", "valkey", "worker", "web")


@dataclass
class Town:
    """The running service: where it answers, a partner's key, and its processes by name."""

    url: str
    environment: dict[str, str]
    children: dict[str, Child] = field(default_factory=dict)
    key: str = ""

    def kill(self, name: str) -> None:
        """SIGKILL to the server and all it started, and a new one in its place, as a supervisor would."""
        child = self.children[name]
        os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
        until = time.monotonic() + 60
        while time.monotonic() < until:  # sessions of a killed PostgreSQL take a moment to notice, and hold its memory
            self.children[name] = children.start(child.command)
            time.sleep(1)
            if self.children[name].process.poll() is None:
                return
        raise AssertionError(f"{name} does not come back")

    def wait_until_ready(self) -> None:
        """Until the web server answers, which takes a moment when it was the last to be killed."""
        wait_until_ready(port=int(self.url.rpartition(":")[2]), web=self.children["web"])

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=CHECKOUT, env=self.environment, text=True, check=False,
            capture_output=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout


@contextmanager
def town(folder: Path) -> Iterator[Town]:
    """A small town with offerings of one partner, on a PostgreSQL that waits for the disk."""
    run_folder, port = RunFolder.at(folder), free_port()
    with ExitStack() as stack:
        database = stack.enter_context(postgres.running(folder=run_folder, durable=True))
        broker = stack.enter_context(valkey.running(folder=run_folder))
        variables = {"REDIS_URL": broker.url}
        for store in STORES:
            variables |= services._provisioned(database, store)
        environment = bare_environment(PORT=str(port), LOG_LEVEL="ERROR") | services.settings(run_folder) | variables
        started = Services(variables=variables, children=())
        application = Application(folder=run_folder, port=port, services=started, keep_open=())
        made = Town(f"http://127.0.0.1:{port}", environment)
        made.manage("migrate_stores", "-v", "0")
        for name in OWNER_VARIABLES:
            made.environment.pop(name, None)
        made.key = made.manage("shell", "-v", "0", "-c", FOUNDING).split()[-1]
        made.children = {"postgres": database.child, "valkey": broker.child}
        for name, begin in (("worker", application.worker), ("beat", application.beat), ("web", application.web)):
            made.children[name] = begin()
        stack.callback(lambda: [child.stop() for child in reversed(made.children.values())])
        wait_until_ready(port=port, web=made.children["web"])
        yield made


FOUNDING = """
from tests.factories import accounts, outcomes
outcomes.city()
for n in range(12):
    outcomes.offering(f"offering-{n}")
print(accounts.key("partner", municipality=outcomes.CITY, organisation="org-a"))
"""


def insisted(client: httpx.Client, path: str, body: object, key: str, seconds: float = 60) -> dict[str, object]:
    """Post until a receipt comes back, always with the same Idempotency-Key, as a partner's system would."""
    until = time.monotonic() + seconds
    said = "nothing"
    while time.monotonic() < until:
        try:
            answer = client.post(path, json=body, headers={"Idempotency-Key": key})
        except httpx.TransportError as problem:
            said = repr(problem)
        else:
            if answer.status_code in {200, 201}:
                receipt: dict[str, object] = answer.json()
                return receipt
            said = f"{answer.status_code} {answer.text[:300]}"
            assert answer.status_code in {409, 500, 502, 503}, said
        time.sleep(0.05)
    raise AssertionError(f"no receipt within {seconds} s; last: {said}")
