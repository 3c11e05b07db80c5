"""Moments come with any offset and are answered in UTC."""

import pytest

from tests.accounts.api.test_keys import KEYS, NEW

pytestmark = pytest.mark.usefixtures("stores")


@pytest.fixture
def administrator(client_with):
    client = client_with("administrator")
    client.post("/v1/api-clients", NEW, format="json")
    return client


def test_moments_are_answered_in_utc(administrator):
    administrator.post(KEYS, {"expiresAt": "2099-07-01T12:00:00+02:00"}, format="json")

    assert administrator.get(KEYS).json()["results"][0]["expiresAt"] == "2099-07-01T10:00:00Z"


def test_a_moment_without_offset_is_refused(administrator):
    answer = administrator.post(KEYS, {"expiresAt": "2099-07-01T12:00:00"}, format="json")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "no-offset"
