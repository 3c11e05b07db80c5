"""Start everything in order, watch it, and stop everything in the opposite order."""

import time
from collections.abc import Iterable
from contextlib import ExitStack

from deploy.local import lock, services
from deploy.local.application import Application, environment_port, require_free, wait_until_ready
from deploy.local.children import Child, Failed
from deploy.local.guide import guide
from deploy.local.parent import Make
from deploy.local.paths import CHECKOUT, RunFolder
from deploy.local.progress import step
from deploy.local.signals import Stopped, heeding_wishes, pause
from deploy.local.stamp import fingerprint, is_loaded, note_loaded

WAIT_IDLE = "60"


def run() -> int:
    """Run until somebody wants us to stop: 0. Returns 1 when something failed, and says what."""
    make = Make.above_us()
    try:
        with heeding_wishes(), ExitStack() as stack:
            watch(_start(environment_port(), stack), make)
    except Stopped:
        print("\nStopped; the data stay in .local.", flush=True)
        return 0
    except (Failed, OSError) as error:
        print(f"\n{error}", flush=True)
    return 1


def watch(children: Iterable[Child], make: Make | None = None) -> None:
    """Look after the children until Stopped comes. Raises Failed as soon as one of them has ended."""
    children = tuple(children)
    while make is None or not make.was_told_to_stop():
        for child in children:
            child.require_running()
        pause(0.25)
    raise Stopped


def _start(port: int, stack: ExitStack) -> list[Child]:
    """Bring everything up and return the children; `stack` ends them, the last one first."""
    begun = time.monotonic()
    folder = RunFolder.at(CHECKOUT / ".local" / str(port))
    print(f"Factorenmodel on port {port}, data in {folder.path.relative_to(CHECKOUT)}", flush=True)
    held = stack.enter_context(lock.held(folder))
    require_free(port)
    with step("PostgreSQL and Valkey"):
        running = stack.enter_context(services.running(folder=folder, keep_open=(held,)))
    application = Application(folder=folder, port=port, services=running, keep_open=(held,))
    application.manage("migrate_stores", title="Migrations of both stores", as_owner=True)
    served = _serve(application, stack)
    _load_once(application)
    with step("Web server"):
        wait_until_ready(port=port, web=served[-1])
    _await_first_computations(application)
    shown = guide(port=port, folder=str(folder.path.relative_to(CHECKOUT)))
    print(f"\nReady in {time.monotonic() - begun:.1f} s; Ctrl-C stops.\n{shown}", flush=True)
    return [*running.children, *served]


def _load_once(application: Application) -> None:
    """Load when the code, the data or the stores are not those of the last load."""
    stamp, wanted = application.folder.path / "loaded", fingerprint(application.services.variables)
    if not is_loaded(stamp, wanted):
        application.manage("load_demo", title="Reference data and demo")
        note_loaded(stamp, wanted)


def _serve(application: Application, stack: ExitStack) -> list[Child]:
    """Begin worker, beat and web; they come up while the data are loaded."""
    children = []
    for begin in (application.worker, application.beat, application.web):
        children.append(begin())
        stack.callback(children[-1].stop)
    return children


def _await_first_computations(application: Application) -> None:
    """Let a first start end with results to look at; at a later start they are there."""
    done = application.folder.path / "computed"
    if not done.exists():
        application.manage("wait_idle", "--timeout", WAIT_IDLE, title="First computations")
        done.touch()
