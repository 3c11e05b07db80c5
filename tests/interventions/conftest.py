"""A known municipality, the demo in it, a ranking, and a monitoring store that does not answer."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from accounts.models import Municipality
from factors.services import rankings
from interventions.services.demo import load_demo


@pytest.fixture
def city(stores: None) -> str:
    Municipality.objects.get_or_create(code="GM0363", defaults={"name": "Amsterdam"})
    return "GM0363"


@pytest.fixture
def demo(city: str) -> None:
    load_demo()


@pytest.fixture
def ranked(stores: None) -> None:
    """The rankings that workers would have computed by now."""
    rankings.recompute_marked()


@pytest.fixture
def monitoring_away(stores: None) -> None:
    """The connection to the monitoring store is gone."""
    connections["monitoring"].ensure_connection()
    connections["monitoring"].connection.close()


@pytest.fixture
def queries_of() -> Callable[[Callable[[], Any]], int]:
    """How many queries a call makes in both stores together."""

    def count(call: Callable[[], Any]) -> int:
        with (
            CaptureQueriesContext(connections["default"]) as main,
            CaptureQueriesContext(connections["monitoring"]) as other,
        ):
            call()
        return len(main) + len(other)

    return count
