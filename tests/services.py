"""Start PostgreSQL and Valkey before Django reads its settings (a pytest plugin, see pyproject.toml).

A store that the environment already names is used as it is, if its name says that it is for tests: tests empty tables.
"""

import atexit
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from deploy.local import services

_stack = ExitStack()


def _start() -> None:
    for name in ("DATABASE_URL", "MONITORING_DATABASE_URL"):
        if name in os.environ and "test" not in os.environ[name].rsplit("/", 1)[-1]:
            raise SystemExit(
                f"{name} is set, but its database is not called test…: tests empty tables, so they refuse."
            )
    folder = _stack.enter_context(tempfile.TemporaryDirectory(prefix="fm-test-"))
    os.environ.update(_stack.enter_context(services.started(Path(folder))))
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    os.environ.setdefault("REGISTER_MILLISECONDS", "0")  # a test changes the register and looks at once
    atexit.register(_stack.close)


_start()
