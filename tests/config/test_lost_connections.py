"""A PostgreSQL that restarts between two requests: the next request finds the line dead and takes a new one."""

import pytest
from django.db import OperationalError, connections, transaction

from config.stores import ask
from tests.conftest import STORES


@pytest.fixture(params=STORES)
def connection(request, committed):
    """Of one store, just used, and then cut off by the server; the next request begins."""
    found = connections[request.param]
    number, other = pid(found), found.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])  # waits until it is gone
        assert cursor.fetchone() == (True,)
    other.close()
    found.health_check_done = False  # as at the start of a request
    yield found
    found.close()


def pid(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_the_first_statement_of_a_request_goes_over_a_new_line(connection):
    assert pid(connection)


def test_so_does_a_statement_that_is_planned_once(connection):
    assert ask(connection.alias, "SELECT 1") == [(1,)]


def test_so_does_a_transaction(connection):
    with transaction.atomic(using=connection.alias):
        assert pid(connection)


def test_a_statement_that_is_planned_once_says_that_its_line_was_lost(connection):
    connection.health_check_done = True

    for _time in range(2):  # the first finds out
        with pytest.raises(OperationalError):
            ask(connection.alias, "SELECT 1")


def test_a_line_that_is_lost_within_a_request_is_not_replaced_unseen(connection):
    connection.health_check_done = True  # something was asked before: a lock may hang on it

    with pytest.raises(OperationalError):
        pid(connection)
    with pytest.raises(OperationalError):
        ask(connection.alias, "SELECT 1")
