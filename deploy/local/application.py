"""The application's own processes: the steps before it serves, and the children that then serve."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from deploy.local.children import Child, Command, Failed, run, start, tail
from deploy.local.paths import CHECKOUT, RunFolder
from deploy.local.postgres import clean_environment
from deploy.local.progress import step
from deploy.local.services import OWNER_VARIABLES, Services, settings
from deploy.local.signals import pause

HOST = "127.0.0.1"
IMPATIENT = ("--http1-header-read-timeout", "10000")
"""Milliseconds for the headers of a request; of bodies the server waits for as long as they take."""


@dataclass(frozen=True)
class Application:
    """The application on the services of one run, to be reached at one port."""

    folder: RunFolder
    port: int
    services: Services
    keep_open: Sequence[int]

    def manage(self, *arguments: str, title: str, as_owner: bool = False) -> str:
        """Run a management command to its end and return its output. Raises Failed with the end of its log.

        as_owner: give it the roles that own the stores; no other command and no server ever gets them.
        """
        with step(title):
            command = self._command(arguments[0], ["manage.py", *arguments], as_owner=as_owner)
            return run(command, keep_open=self.keep_open)

    def worker(self) -> Child:
        """The Celery worker, in two processes: a long release must not hold up the aggregates.

        An orphan gets SIGQUIT, because at SIGTERM it finishes its task first, however long that takes.
        """
        options = ["--loglevel=info", "--concurrency=2", "--without-mingle", "--without-gossip"]
        return self._serve("worker", ["-m", "celery", "-A", "config", "worker", *options], signal.SIGQUIT)

    def beat(self) -> Child:
        """The clock that hands out what is due."""
        schedule = self.folder.path / "beat-schedule"
        return self._serve("beat", ["-m", "celery", "-A", "config", "beat", "--schedule", str(schedule), "--pidfile="])

    def web(self) -> Child:
        """The web server; requests wait for a database most of their time, hence more threads than cores."""
        address = ["--host", HOST, "--port", str(self.port), "--workers-kill-timeout", "5", *IMPATIENT]
        options = ["--interface", "wsgi", "--no-ws", "--workers", "1", "--blocking-threads", "4", *address]
        return self._serve("web", ["-m", "granian", *options, "config.wsgi:application"])

    def _serve(self, name: str, arguments: Sequence[str], orphaned: signal.Signals | None = None) -> Child:
        command = replace(self._command(name, arguments), orphaned=orphaned)
        return start(command, keep_open=self.keep_open)

    def _command(self, name: str, arguments: Sequence[str], *, as_owner: bool = False) -> Command:
        env = self._environment()
        if not as_owner:
            env = {key: value for key, value in env.items() if key not in OWNER_VARIABLES}
        argv = [sys.executable, *arguments]
        return Command(name=name, argv=argv, env=env, log=self.folder.log(name), cwd=CHECKOUT)

    def _environment(self) -> Mapping[str, str]:
        address = os.environ.get("PUBLIC_URL") or f"http://{HOST}:{self.port}"
        ours = {
            "PYTHONUNBUFFERED": "1",
            "PUBLIC_URL": address,
            "PORT": str(self.port),
            "CODE_COMMIT": os.environ.get("CODE_COMMIT") or commit(),
            **settings(self.folder),
            **self.services.variables,
        }
        return {**clean_environment(), **ours}


def commit() -> str:
    """The commit of this checkout, or nothing where git or its history is missing."""
    git = shutil.which("git")
    if git is None:
        return ""
    asked = [git, "-C", str(CHECKOUT), "rev-parse", "HEAD"]
    done = subprocess.run(asked, check=False, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def require_free(port: int) -> None:
    """Raises Failed when something else listens on the port, before anything is started in vain."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Failed(f"Port {port} is not free ({error.strerror}). Choose another: make run PORT=8001") from error


def wait_until_ready(*, port: int, web: Child, seconds: float = 60) -> None:
    """Return when /readyz says 200. Raises Failed when the server ends, or takes longer than `seconds`."""
    deadline = time.monotonic() + seconds
    while (status := _status(port)) != http.HTTPStatus.OK:
        web.require_running()
        if time.monotonic() > deadline:
            raise Failed(f"/readyz still says {status} after {seconds:.0f} s.\n{tail(web.command.log)}")
        pause(0.1)


def _status(port: int) -> int | None:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def environment_port() -> int:
    """PORT of the environment, 8000 when it says nothing. Raises Failed when it is not a port."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise Failed(f"PORT is a number from 1 to 65535, not {text!r}.")
    return int(text)
