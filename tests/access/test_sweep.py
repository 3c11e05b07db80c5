"""Every route × method × role has an answer somebody decided on (tests/access/expected.py)."""

import pytest

from tests.access.expected import EXPECTED, ROLES
from tests.access.routes import all_routes

pytestmark = pytest.mark.usefixtures("stores")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def test_every_route_has_been_decided_on():
    found = {(route.template, method) for route in all_routes() for method in route.methods}

    decided = {(template, method) for template, rules in EXPECTED.items() for method in rules}

    assert found == decided


@pytest.mark.parametrize("role", ["", *ROLES])
def test_a_role_gets_the_decided_answer_everywhere(client_with, role):
    client = client_with(role)
    refusal = 403 if role else 401
    wrong = []

    for route in all_routes():
        for method in METHODS:
            status = client.generic(method, route.sample, b"{}", content_type="application/json").status_code
            allowed = EXPECTED[route.template].get(method)
            if allowed is None:
                fits = status == 405
            elif role in allowed:
                fits = status not in {401, 403, 405} and status < 500
            else:
                fits = status == refusal
            if not fits:
                wrong.append((role, method, route.template, status))

    assert wrong == []
