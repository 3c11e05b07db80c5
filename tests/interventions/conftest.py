"""A known municipality, the demo in it, a ranking, and a monitoring store that does not answer."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from accounts.models import Municipality
from factors.models import RankingDefinition
from factors.services import rankings
from factors.services.marks import mark
from interventions.services.coverage import kept
from interventions.services.cycle.document_files import make_asked_documents
from interventions.services.register.demo import load_demo


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Tests roll back, which no reader of the service ever sees."""
    kept.forget()


@pytest.fixture
def city(stores: None) -> str:
    Municipality.objects.get_or_create(code="GM0363", defaults={"name": "Amsterdam"})
    return "GM0363"


@pytest.fixture
def demo(city: str) -> None:
    load_demo()


@pytest.fixture
def ranked(stores: None) -> None:
    """The rankings that workers would have computed by now, also where a test that commits emptied the marks."""
    mark(RankingDefinition.objects.filter(newest_snapshot=None), reason="test")
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


@pytest.fixture
def document_of() -> Callable[..., Any]:
    """The newest version of a document in a form, asked for over HTTP and made by what a worker runs."""

    def ask(client: Any, path: str, form: str) -> Any:
        asked = client.post(f"{path}/documents", {"format": form}, format="json")
        assert asked.status_code in {200, 202}, asked.content
        make_asked_documents()
        url = asked.json()["url"] if asked.status_code == 200 else client.get(asked["Location"]).json()["resultUrl"]
        return client.get(url)

    return ask
