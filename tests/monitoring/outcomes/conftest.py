"""A small city of its own, one offering of org-a, and clients that speak for it."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.factories import outcomes


@pytest.fixture
def city(stores: None) -> None:
    outcomes.city()
    outcomes.offering()


@pytest.fixture
def partner(city: None, client_with: Callable[..., APIClient]) -> APIClient:
    return client_with("partner", municipality=outcomes.CITY, organisation="org-a")


@pytest.fixture
def post(partner: APIClient) -> Callable[..., Any]:
    """Deliver a report as org-a: `post(counts=…)`, `post({...})`, `post(dry_run=True)`."""

    def send(body: Any = None, *, key: str = "", dry_run: bool = False, **changes: Any) -> Any:
        sent = outcomes.report(**changes) if body is None else body
        headers = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
        return partner.post(f"/v1/outcome-reports{'?dryRun=true' if dry_run else ''}", sent, format="json", **headers)

    return send
