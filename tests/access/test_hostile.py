"""Hostile requests on every route as every kind of caller: no 5xx, nothing undocumented, always a problem document."""

from urllib.parse import quote, urlencode

import pytest

from tests.access.hostile import Attack, attacks, operations

pytestmark = pytest.mark.usefixtures("stores")
PROBLEM = "application/problem+json"


def _fault(attack: Attack, client) -> str:
    """What is wrong with the answer, or nothing."""
    path = quote(attack.path.encode("utf-8", "surrogateescape"), safe="/%")
    query = urlencode(attack.query, errors="surrogateescape")
    answer = client.generic(
        attack.method, f"{path}?{query}" if query else path, attack.body, content_type="application/json"
    )
    status, kind = answer.status_code, answer.headers.get("Content-Type", "")
    known = str(status) in attack.documented or (status == 404 and kind == PROBLEM)
    if status >= 500 or not known or (status >= 400 and kind != PROBLEM):
        return f"{attack.method} {attack.path[:80]} {attack.what}: {status} {kind}"
    return ""


ROLES = ("", "partner", "data-steward", "model-editor", "administrator")
APART = 13  # about so many values in a row attack one parameter: each gets one, and another one than its neighbour


@pytest.fixture
def sweep(client_with, settings):
    """The faults found by some attacks as one role, without a limit on requests."""
    settings.QUOTA_CLIENT = settings.QUOTA_ORGANISATION = settings.QUOTA_ANONYMOUS = 10**6

    def run(role: str, chosen: list[Attack]) -> list[str]:
        client = client_with(role)
        client.raise_request_exception = False
        return [fault for attack in chosen if (fault := _fault(attack, client))]

    return run


@pytest.mark.parametrize("turn", range(len(ROLES)))
def test_no_hostile_request_gets_an_answer_nobody_documented(sweep, turn):
    """One attack on each parameter and body, by one of the roles in turn; `make proof` does all by all."""
    chosen = list(attacks())[turn * APART :: APART * len(ROLES)]

    assert sweep(ROLES[turn], chosen) == []


@pytest.mark.proof
@pytest.mark.parametrize("role", ROLES)
def test_no_hostile_request_by_any_role_gets_an_answer_nobody_documented(sweep, role):
    assert sweep(role, list(attacks())) == []


def test_the_attacks_reach_every_operation_with_something_to_attack():
    reached = {(attack.method, attack.path) for attack in attacks()}

    missed = [
        (method, template)
        for template, method, operation in operations()
        if (operation.get("parameters") or "requestBody" in operation) and "{" not in template
        and (method, template) not in reached
    ]  # fmt: skip

    assert missed == []
    assert len(list(attacks())) > 2000
