"""Both stores and Valkey: those that the environment names, and for the others servers of our own."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local import lock, postgres, valkey
from deploy.local.children import Child
from deploy.local.paths import CHECKOUT, RunFolder


@dataclass(frozen=True)
class Store:
    """A PostgreSQL database, and the variables that lead there for the application and its migrations."""

    database: str
    variable: str
    owner_variable: str


STORES = (
    Store(database="factorenmodel", variable="DATABASE_URL", owner_variable="DATABASE_OWNER_URL"),
    Store(
        database="monitoring",
        variable="MONITORING_DATABASE_URL",
        owner_variable="MONITORING_DATABASE_OWNER_URL",
    ),
)
OWNER_VARIABLES = tuple(store.owner_variable for store in STORES)
BROKER_VARIABLE = "REDIS_URL"


@dataclass(frozen=True)
class Services:
    """What runs: the variables that lead there, and the servers that are children of ours."""

    variables: Mapping[str, str]
    children: tuple[Child, ...]


@contextmanager
def started(folder: Path) -> Iterator[dict[str, str]]:
    """Throw-away services with their data in `folder`; yields all settings the application needs to use them.

    The owners' URLs are among them, for the migrations. Raises Failed when a server does not come up, or when
    something else already runs on `folder`.
    """
    run_folder = RunFolder.at(folder)
    with (
        lock.held(run_folder) as held,
        running(folder=run_folder, durable=False, keep_open=(held,)) as services,
    ):
        yield {**settings(run_folder), **services.variables}


@contextmanager
def running(*, folder: RunFolder, durable: bool = True, keep_open: Sequence[int] = ()) -> Iterator[Services]:
    """Start what the environment does not name, yield when all of it answers, and stop it at the end."""
    with ExitStack() as stack:
        variables, children = _given(), []
        if missing := [store for store in STORES if store.variable not in variables]:
            server = stack.enter_context(postgres.running(folder=folder, durable=durable, keep_open=keep_open))
            children.append(server.child)
            for store in missing:
                variables |= _provisioned(server, store)
        if BROKER_VARIABLE not in variables:
            broker = stack.enter_context(valkey.running(folder=folder, keep_open=keep_open))
            children.append(broker.child)
            variables[BROKER_VARIABLE] = broker.url
        yield Services(variables=variables, children=tuple(children))


def settings(folder: RunFolder) -> dict[str, str]:
    """The other settings of a run on this machine; key and host names may be chosen by the environment."""
    shown = folder.path.relative_to(CHECKOUT) if folder.path.is_relative_to(CHECKOUT) else folder.path
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": os.environ.get("SECRET_KEY") or folder.secret_key(),
        "ALLOWED_HOSTS": os.environ.get("ALLOWED_HOSTS") or "127.0.0.1,localhost",
        "RUN_DIR": str(shown),
        "DEMO_KEYS_FILE": str(shown / "demo-keys.env"),
    }


def _given() -> dict[str, str]:
    """The servers that the environment names. A store without an owner's URL is migrated by its only role."""
    given: dict[str, str] = {}
    for store in STORES:
        if url := os.environ.get(store.variable):
            given |= {store.variable: url, store.owner_variable: os.environ.get(store.owner_variable) or url}
    if url := os.environ.get(BROKER_VARIABLE):
        given[BROKER_VARIABLE] = url
    return given


def _provisioned(server: postgres.Server, store: Store) -> dict[str, str]:
    server.provision(database=store.database)
    return {
        store.variable: server.url(database=store.database, role=f"{store.database}_app"),
        store.owner_variable: server.url(database=store.database, role=f"{store.database}_owner"),
    }
