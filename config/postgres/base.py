"""Django's PostgreSQL backend plus one setting: `factorenmodel.reach` follows config.walls on every connection.

It costs a round trip only when the reach of a connection changes. A setting made inside a transaction is undone with
it, so it is made before one begins; where that is too late (the caller changes inside one) a rollback makes it anew.
"""

import select
import time
from functools import lru_cache
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg import _queries
from psycopg.pq import Format

from config import walls

FRESH_SECONDS = 1.0
MANY = 2**31
"""No statement is prepared for being common: only those that ask for it are."""
HUNG_UP = getattr(select, "POLLRDHUP", 0)  # besides POLLHUP and POLLERR, which are always told
TELL = "SELECT set_config('factorenmodel.reach', %s, false)"


def hung_up(connection: psycopg.Connection[Any]) -> bool:
    """Whether the other side closed its end. A look at the socket: nothing is sent, so it costs microseconds."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), HUNG_UP)  # only for hanging up: what was sent before that may lie there unread
    return bool(poll.poll(0))


class Query(_queries.PostgresQuery):
    """Finds the places of parameters in a statement once. psycopg does not remember that for long ones."""

    places = staticmethod(lru_cache(maxsize=100)(_queries._query2pg_nocache))

    def convert(self, query: Any, vars: Any) -> None:
        if vars is None:
            super().convert(query, vars)
            return
        self.query, self._want_formats, self._order, self._parts = self.places(query.encode(), self._tx.encoding)
        self.dump(vars)


class Prepared(psycopg.Cursor[Any]):
    _query_cls = Query

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, prepare=True, **options)

    def _convert_query(self, *given: Any) -> Any:
        self._query = super()._convert_query(*given)  # Django shows it where queries are counted
        return self._query


class DatabaseWrapper(base.DatabaseWrapper):
    health_check_enabled: bool
    health_check_done: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._told: str | None = None
        self._told_inside = False
        self._answered = float("-inf")
        self.execute_wrappers.append(self._after_telling)

    def get_connection_params(self) -> dict[str, Any]:
        return super().get_connection_params() | {"prepare_threshold": MANY}

    def init_connection_state(self) -> None:
        super().init_connection_state()
        self._forget()

    def binary_cursor(self) -> Any:
        """For the few statements that are asked at every reading. Counted as any.

        Results arrive as PostgreSQL holds them (arrays are read in half the time), and a statement is planned once per
        connection. It does not ask first whether the connection still works, as the first ordinary cursor of a request
        does.
        """
        self.ensure_connection()
        cursor = Prepared(self.connection)
        cursor.format = Format.BINARY
        return self._prepare_cursor(cursor)  # type: ignore[attr-defined]

    def prepared_cursor(self) -> Any:
        """The same, asking first as an ordinary cursor does whether the connection works.

        A plan is made without looking at the values, so they must not decide which way is the best.
        """
        self.close_if_health_check_failed()
        return self.binary_cursor()

    def close_if_health_check_failed(self) -> None:
        """A connection that answered a moment ago is not asked whether it does; that the server hung up since, as one
        that is restarted does, shows without asking. Once per request, as Django does: what hangs on a connection
        (a lock of its session) is not lost unseen."""
        if time.monotonic() - self._answered > FRESH_SECONDS:
            super().close_if_health_check_failed()  # type: ignore[misc]
        elif self.connection is not None and self.health_check_enabled and not self.health_check_done:
            if not self.in_atomic_block and hung_up(self.connection):
                self.close()
            self.health_check_done = True

    def set_autocommit(self, autocommit: bool, *args: Any, **kwargs: Any) -> None:
        """Tell before a transaction begins; forget what was told inside one that ends."""
        if not autocommit and not self.in_atomic_block:
            self.close_if_health_check_failed()
            self.ensure_connection()
            self._tell()
        super().set_autocommit(autocommit, *args, **kwargs)
        if autocommit and self._told_inside:
            self._forget()

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._forget()

    def _forget(self) -> None:
        self._told, self._told_inside = None, False

    def _after_telling(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        self._tell()
        answer = execute(sql, params, many, context)
        self._answered = time.monotonic()
        return answer

    def _tell(self) -> None:
        reach = walls.reach()
        if self._told == reach or self.alias not in walls.STORES:
            return
        with self.wrap_database_errors:
            self.connection.execute(TELL, [reach])
        self._told, self._told_inside = reach, self.in_atomic_block
