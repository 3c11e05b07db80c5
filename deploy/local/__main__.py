"""`python -m deploy.local run`, and `python -m deploy.local services -- COMMAND…`."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.local import supervisor
from deploy.local.children import Failed
from deploy.local.paths import CHECKOUT
from deploy.local.postgres import clean_environment
from deploy.local.services import started
from deploy.local.signals import Stopped, die_with_parent, heeding_wishes, pause


def main() -> int:
    """Do what the command line asks; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("run", help="start everything and serve until Ctrl-C")
    services = verbs.add_parser("services", help="run one command with both stores and Valkey beside it")
    services.add_argument("--folder", type=Path, help="keep the data here; without it they are thrown away")
    services.add_argument("command", nargs="+", help="the command, after --")
    arguments = parser.parse_args()
    if arguments.verb == "run":
        return supervisor.run()
    return _with_services(arguments.command, folder=arguments.folder)


def _with_services(command: Sequence[str], *, folder: Path | None) -> int:
    try:
        with (
            heeding_wishes(),
            tempfile.TemporaryDirectory(prefix="fm-services-") as temporary,
            started(folder or Path(temporary)) as variables,
        ):
            return _foreground(command, {**clean_environment(), **variables})
    except Stopped:
        return 128 + signal.SIGTERM
    except Failed as error:
        print(error, file=sys.stderr)
        return 1


def _foreground(command: Sequence[str], env: Mapping[str, str]) -> int:
    """The command talks to our terminal, so Ctrl-C reaches it by itself; other signals we pass on."""
    process = subprocess.Popen(
        command,
        env=env,
        cwd=CHECKOUT,
        preexec_fn=lambda: die_with_parent(signal.SIGTERM),
    )
    try:
        while (code := process.poll()) is None:
            pause(0.02)
        return code
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    os.chdir(CHECKOUT)
    sys.exit(main())
