"""Statements that are asked at every request: planned once per connection, sent and read in one step each.

The cursors of psycopg and Django are made for whatever SQL can be; a statement of a tenth of a millisecond costs as
much again in them. Here parameters go as text, whose types follow from the statement, and rows come as PostgreSQL holds
them (arrays are read in half the time). Who waits for an answer is not interrupted by a signal.

A plan is made without looking at the values, so they must not decide which way is the best.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import psycopg
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus

MOST = 200
"""So many statements stay prepared on a connection; most of them differ in a few places."""
PLACE = re.compile(r"%(?:%|s|\((\w+)\)s)")
WRITTEN = (str, int, float, date, UUID)
"""What `str` writes as PostgreSQL reads it; bool is an int, and datetime a date."""
QUOTED = str.maketrans({"\\": "\\\\", '"': '\\"'})

Parameters = Sequence[Any] | Mapping[str, Any]
Row = tuple[Any, ...]


class Asking:
    """What is asked over one connection."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection, self.line, self.reader = connection, connection.pgconn, Transformer(connection)
        self.names: dict[str, bytes] = {}

    def rows(self, statement: str, parameters: Parameters = ()) -> list[Row]:
        """The rows that a statement gives; none if it gives none. Raises the errors of psycopg."""
        if self.line.status != ConnStatus.OK:
            raise psycopg.OperationalError("the connection is lost")
        if not self.connection.autocommit and self.line.transaction_status == TransactionStatus.IDLE:
            self._checked(self.line.exec_(b"BEGIN"))  # as psycopg does before the first statement
        name = self.names.get(statement) or self._prepared(statement)
        given: list[Any] = [as_text(value) for value in _in_order(statement, parameters)]
        result = self._checked(self.line.exec_prepared(name, given, None, Format.BINARY))
        if not result.nfields:
            return []
        self.reader.set_pgresult(result)
        rows = self.reader.load_rows(0, result.ntuples, tuple)
        self.reader.set_pgresult(None)  # it may be large
        return rows

    def _prepared(self, statement: str) -> bytes:
        if len(self.names) >= MOST:
            self._checked(self.line.exec_(b"DEALLOCATE ALL"))
            self.names.clear()
        name = b"asked_%d" % len(self.names)
        self._checked(self.line.prepare(name, _numbered(statement)[0]))
        self.names[statement] = name
        return name

    def _checked(self, result: Any) -> Any:
        if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            return result
        problem = error_from_result(result)
        if self.line.status != ConnStatus.OK and not isinstance(problem, psycopg.OperationalError):
            raise psycopg.OperationalError(str(problem))
        raise problem


@lru_cache(maxsize=2 * MOST)
def _numbered(statement: str) -> tuple[bytes, tuple[str, ...]]:
    """The statement with $1, $2, … for the places of parameters, and the names that these have, if any."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        if not found[1] or found[1] not in names:
            names.append(found[1] or "")
        return f"${names.index(found[1]) + 1 if found[1] else len(names)}"

    return PLACE.sub(number, statement).encode(), tuple(filter(None, names))


def _in_order(statement: str, parameters: Parameters) -> Iterable[Any]:
    if isinstance(parameters, Mapping):
        return [parameters[name] for name in _numbered(statement)[1]]
    return parameters


def as_text(value: Any) -> bytes | None:
    """A value as PostgreSQL reads it; lists as arrays of one dimension.

    Raises DataError for a text with NUL, at which PostgreSQL would take it to end, and for what has no such text.
    """
    if value is None:
        return None
    text = f"{{{','.join(map(_element, value))}}}" if isinstance(value, list | tuple) else _written(value)
    if "\0" in text:
        raise psycopg.DataError("PostgreSQL keeps no text with NUL (0x00)")
    return text.encode()


def _element(value: Any) -> str:
    return "NULL" if value is None else f'"{_written(value).translate(QUOTED)}"'


def _written(value: Any) -> str:
    if not isinstance(value, WRITTEN):
        raise psycopg.DataError(f"no parameter of a statement: {type(value).__name__}")
    return str(value)
