"""Whatever ends a run, nothing of it stays behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local import lock
from deploy.local.children import Command, Failed, run, start
from deploy.local.paths import CHECKOUT, RunFolder
from deploy.local.supervisor import watch

# Starts a grandchild in its own group and waits; on request deaf to SIGTERM.
FAMILY = "import subprocess, time; print(subprocess.Popen(['sleep', '300']).pid, flush=True); time.sleep(300)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + FAMILY


def _python(folder: Path, code: str, *, patience: float = 10) -> Command:
    log = folder / "child.log"
    return Command(name="child", argv=[sys.executable, "-c", code], env={}, log=log, cwd=folder, patience=patience)


def _eventually(question: Callable[[], bool], *, seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if question():
            return True
        time.sleep(0.05)
    return False


def _alive(number: int) -> bool:
    """A process that ended but was not fetched by its parent yet (state Z) counts as gone."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _descendants(number: int) -> set[int]:
    """Those of now: one that ends while we look has none."""
    try:
        children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return set()
    found = {int(child) for child in children}
    return found.union(*(_descendants(child) for child in found))


@pytest.fixture
def services_run(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Both stores and Valkey with a long command beside them, as a process of its own."""
    command = [sys.executable, "-m", "deploy.local", "services", "--folder", str(tmp_path / "run"), "--"]
    process = subprocess.Popen([*command, "sh", "-c", "exec sleep 300"], cwd=CHECKOUT)
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def family(services_run: subprocess.Popen[bytes]) -> set[int]:
    """Every process of the run, once PostgreSQL, Valkey and the command are there."""
    assert _eventually(lambda: _runs_sleep(services_run.pid))
    found = _descendants(services_run.pid)
    assert len(found) > 5  # PostgreSQL alone is several processes
    return found


def _runs_sleep(number: int) -> bool:
    return any(b"sleep\x00300" in _arguments(child) for child in _descendants(number))


def _arguments(number: int) -> bytes:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def test_a_killed_run_leaves_no_process_and_frees_its_folder(
    services_run: subprocess.Popen[bytes], family: set[int], tmp_path: Path
) -> None:
    services_run.send_signal(signal.SIGKILL)
    services_run.wait()

    with lock.held(RunFolder.at(tmp_path / "run")):  # waits for the servers that were left
        assert _eventually(lambda: not any(_alive(number) for number in family))


def test_sigterm_ends_a_run_and_all_of_its_processes(services_run: subprocess.Popen[bytes], family: set[int]) -> None:
    services_run.send_signal(signal.SIGTERM)

    assert services_run.wait(timeout=20) == 128 + signal.SIGTERM
    assert not any(_alive(number) for number in family)


@pytest.mark.parametrize("seconds", [0, 0.3])
def test_sigterm_is_heeded_while_the_servers_still_start(
    services_run: subprocess.Popen[bytes], seconds: float, tmp_path: Path
) -> None:
    assert _eventually((tmp_path / "run" / "lock").exists)
    time.sleep(seconds)
    services_run.send_signal(signal.SIGTERM)

    assert services_run.wait(timeout=20) == 128 + signal.SIGTERM
    with lock.held(RunFolder.at(tmp_path / "run")):
        pass


@pytest.mark.parametrize("wish", [signal.SIGINT, signal.SIGHUP])
def test_a_signal_that_make_keeps_to_itself_is_seen(tmp_path: Path, wish: signal.Signals) -> None:
    code = "import time; from deploy.local.parent import Make; make = Make.above_us(); print('up', flush=True)"
    loop = "while not make.was_told_to_stop(): time.sleep(0.05)"
    (tmp_path / "recipe.py").write_text(f"{code}\n{loop}\n")
    (tmp_path / "Makefile").write_text(f"all:\n\t@exec '{sys.executable}' recipe.py\n")
    # the suite may itself run under make, and a make inside a make says so on its output
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    env = {**bare, "PYTHONPATH": str(CHECKOUT)}

    def heed() -> None:  # a build server may start us with these signals ignored, and children inherit that
        signal.signal(wish, signal.SIG_DFL)

    make = subprocess.Popen(
        ["make"], cwd=tmp_path, env=env, stdout=subprocess.PIPE, start_new_session=True, preexec_fn=heed
    )
    assert make.stdout is not None and make.stdout.readline() == b"up\n"
    make.send_signal(wish)

    assert make.wait(timeout=10) == -wish


def test_a_killed_run_leaves_no_process_that_is_deaf_to_the_signal_it_gets(tmp_path: Path) -> None:
    code = f"""
import sys, time
from pathlib import Path
from deploy.local import lock
from deploy.local.children import Command, start
from deploy.local.paths import RunFolder
folder = Path({str(tmp_path)!r})
argv = [sys.executable, "-c", {DEAF!r}]
with lock.held(RunFolder.at(folder)) as held:
    start(Command(name="child", argv=argv, env={{}}, log=folder / "child.log", cwd=folder), keep_open=(held,))
    time.sleep(300)
"""
    deaf = subprocess.Popen([sys.executable, "-c", code], cwd=CHECKOUT)
    log = tmp_path / "child.log"
    assert _eventually(lambda: log.exists() and log.read_text().strip() != "")
    family = {number for number in _descendants(deaf.pid) if b"deploy.local.guard" not in _arguments(number)}
    assert len(family) == 2

    deaf.kill()
    deaf.wait()

    with lock.held(RunFolder.at(tmp_path)):
        assert not any(_alive(number) for number in family)


def test_stopping_ends_a_child_that_is_deaf_together_with_its_own_children(tmp_path: Path) -> None:
    child = start(_python(tmp_path, DEAF, patience=0.3))
    assert _eventually(lambda: child.command.log.read_text().strip() != "")
    grandchild = int(child.command.log.read_text())

    child.stop()

    assert child.process.returncode == -signal.SIGKILL
    assert _eventually(lambda: not _alive(grandchild))


def test_a_child_that_ends_is_reported_with_the_end_of_its_log(tmp_path: Path) -> None:
    child = start(_python(tmp_path, "print('no such table'); raise SystemExit(3)"))

    with pytest.raises(Failed, match=r"child stopped unexpectedly \(exit code 3\)(?s:.*)no such table"):
        watch([child])


def test_a_command_that_fails_is_reported_with_the_end_of_its_log(tmp_path: Path) -> None:
    with pytest.raises(Failed, match=r"exit code 4(?s:.*)half a migration"):
        run(_python(tmp_path, "print('half a migration'); raise SystemExit(4)"))


def test_a_command_that_succeeds_gives_its_output(tmp_path: Path) -> None:
    assert run(_python(tmp_path, "print('loaded')")) == "loaded\n"


def test_a_child_does_not_share_our_terminal_session(tmp_path: Path) -> None:
    assert run(_python(tmp_path, "import os; print(os.getsid(0))")).strip() != str(os.getsid(0))
