"""README's calls, exactly as they stand there, against the service that `make run` starts."""

import time

import pytest

from tests.story import calls, running

CALLS = list(calls.calls_of(running.CHECKOUT / "README.md"))


def test_readme_shows_a_call_for_each_part_of_the_story():
    paths = " ".join(call.command for call in CALLS)

    for part in (
        "rankings",
        "/profile",
        "outcome-reports",
        "outcome-aggregates",
        "releases",
        "coverage/factors",
        "coverage/gaps",
    ):
        assert part in paths


@pytest.mark.parametrize("number", range(len(CALLS)))
def test_a_call_of_readme_answers_as_shown(service, number):
    call = CALLS[number]
    variables = {**service.keys, "API": f"{service.url}/v1"}

    # what a worker still has to do is visible seconds later, so a difference may be looked at again
    until = time.monotonic() + 90
    while True:
        answer = calls.carry_out(call, variables)
        different = calls.missing(call.shown, answer.json())
        if not different or answer.request.method != "GET" or time.monotonic() > until:
            break
        time.sleep(0.5)

    assert different == [], f"{answer.status_code} {answer.text[:1500]}"
