"""The two stores: their names, their connection settings, and connecting as owner."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from psycopg.conninfo import conninfo_to_dict

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

STORES = ("default", "monitoring")


class StoreAway(Exception):
    """A store could not be reached; the caller says what is therefore absent."""

    def __init__(self, store: str) -> None:
        super().__init__(f"store {store} is away")
        self.store = store


def connection_settings(url: str) -> dict[str, Any]:
    """Django connection settings from a PostgreSQL URL (`postgresql://role@host/db`, or `?host=/socket/folder`)."""
    parts = conninfo_to_dict(url)
    known = {key: str(parts.pop(key, "") or "") for key in ("dbname", "user", "password", "host", "port")}
    return {
        "ENGINE": "config.postgres",
        "NAME": known["dbname"],
        "USER": known["user"],
        "PASSWORD": known["password"],
        "HOST": known["host"],
        "PORT": known["port"],
        "OPTIONS": {"connect_timeout": 3, **parts},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def connect_as_owner(store: str) -> None:
    """For commands that an operator gives: from here on this process speaks to the store as its owner, if known."""
    if url := settings.OWNER_URLS[store]:
        connections[store].close()
        connections[store].settings_dict.update(connection_settings(url))


def ask(store: str, statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """The rows that a statement gives; it is planned once per connection (config/postgres)."""
    connection: Any = connections[store]
    return connection.ask(statement, parameters)


def front_door(store: str) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer]]:
    """For functions of a `public.py`: a store that does not answer becomes StoreAway, which the caller may catch."""

    def decorate(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
        @wraps(function)
        def ask(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
            try:
                return function(*args, **kwargs)
            except (OperationalError, InterfaceError) as problem:
                raise StoreAway(store) from problem

        return ask

    return decorate
