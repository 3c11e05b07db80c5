"""Statements that are planned once and asked in one step: what goes out and comes back, and what goes wrong."""

import threading
import time
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import DataError, IntegrityError, ProgrammingError, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Municipality
from config.postgres import asking
from config.stores import ask

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@pytest.fixture(autouse=True)
def _stores(stores):
    pass


@pytest.mark.parametrize(("value", "kind"), [
    ("it's \"quoted\" 100 % \\ {a,b} €", "text"), ("", "text"), (None, "text"), (-7, "bigint"), (2.5, "float8"),
    (True, "boolean"), (False, "boolean"), (date(2026, 2, 28), "date"), (UUID(int=7), "uuid"),
    (datetime(2026, 2, 28, 12, 30, 0, 5, tzinfo=UTC), "timestamptz"), ([1, None, 3], "bigint[]"), ([], "text[]"),
    ([date(2026, 2, 28)], "date[]"),
])  # fmt: skip
def test_a_value_comes_back_as_it_went(value, kind):
    assert ask("default", f"SELECT %s::{kind}", [value]) == [(value,)]


@given(st.lists(TEXT | st.none()), TEXT)
def test_so_does_every_text(texts, text):
    assert ask("default", "SELECT %s::text[], %s::text", [texts, text]) == [(texts, text)]


@pytest.mark.parametrize("value", ["a\0b", ["a", "\0"], b"a", {"a": 1}, [[1], [2]], {1}, object()])
def test_what_has_no_text_is_refused_and_not_cut_short(value):
    with pytest.raises(DataError):
        ask("default", "SELECT %s::text", [value])


def test_parameters_may_have_names_and_a_percent_sign_is_written_twice():
    asked = "SELECT %(b)s::text || %(a)s || %(b)s WHERE 5 %% 3 = 2"

    assert ask("default", asked, {"a": "1", "b": "2"}) == [("212",)]


def test_a_statement_is_prepared_once():
    for number in range(3):
        ask("default", "SELECT %s::int + 4711", [number])

    prepared = "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE '%% + 4711'"
    assert ask("default", prepared) == [(3,)]


def test_old_statements_make_room(monkeypatch):
    monkeypatch.setattr(asking, "MOST", len(connections["default"]._asking.names) + 3)

    assert [ask("default", f"SELECT {number}") for number in range(9)] == [[(number,)] for number in range(9)]
    assert ask("default", "SELECT count(*) <= %s::int FROM pg_prepared_statements", [asking.MOST]) == [(True,)]


def test_a_statement_that_gives_no_rows_gives_none():
    assert (
        ask(
            "default",
            "INSERT INTO accounts_municipality (code, name, demo) VALUES (%s, %s, %s)",
            ["GM1", "Stad", False],
        )
        == []
    )
    assert Municipality.objects.get(code="GM1").name == "Stad"


def test_what_goes_wrong_is_told_as_django_does_and_undone_with_its_transaction():
    with pytest.raises(IntegrityError), transaction.atomic(using="default"):
        for _time in range(2):
            ask(
                "default",
                "INSERT INTO accounts_municipality (code, name, demo) VALUES (%s, %s, %s)",
                ["GM1", "Stad", False],
            )
    with pytest.raises(ProgrammingError), transaction.atomic(using="default"):
        ask("default", "SELECT nothing FROM nowhere")

    assert not Municipality.objects.filter(code="GM1").exists()


def test_it_is_counted(django_assert_num_queries):
    with django_assert_num_queries(1):
        ask("default", "SELECT 1")


def test_others_go_on_while_one_waits():
    turns = []
    waiting = threading.Thread(target=lambda: (ask("default", "SELECT pg_sleep(0.3)"), connections.close_all()))
    waiting.start()
    while waiting.is_alive():
        turns.append(time.sleep(0.01))

    assert len(turns) > 5
