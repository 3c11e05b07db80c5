"""Django's PostgreSQL backend plus one setting: `factorenmodel.reach` follows config.walls on every connection.

It costs a round trip only when the reach of a connection changes. A setting made inside a transaction is undone with
it, so it is made before one begins; where that is too late (the caller changes inside one) a rollback makes it anew.
"""

import select
import time
from functools import partial
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from config import walls
from config.postgres.asking import Asking, Parameters, Row

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
        self._asking = Asking(self.connection)
        self._forget()

    def ask(self, statement: str, parameters: Parameters = ()) -> list[Row]:
        """The rows that a statement gives, planned once per connection (config/postgres/asking.py). Counted as any."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        self.validate_no_broken_transaction()
        execute: Any = self._rows
        for wrapper in reversed(self.execute_wrappers):
            execute = partial(wrapper, execute)
        begun = time.monotonic()
        try:
            return execute(statement, parameters, False, {"connection": self})
        finally:
            if self.queries_logged:
                self.queries_log.append({"sql": statement, "time": f"{time.monotonic() - begun:.3f}"})

    def _rows(self, statement: str, parameters: Parameters, many: bool, context: Any) -> list[Row]:
        with self.wrap_database_errors:
            return self._asking.rows(statement, parameters)

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
