"""Headers that every kind of answer carries."""

from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.usefixtures("stores")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/", 200), ("GET", "/v1/openapi.json", 200), ("GET", "/v1/?x=1", 400), ("POST", "/v1/rankings", 401),
        ("GET", "/v1/nothing", 404), ("DELETE", "/v1/areas", 405), ("GET", "/livez", 200),
        ("OPTIONS", "/v1/areas", 200),
    ],
)  # fmt: skip
def test_every_kind_of_answer_has_the_security_headers(client_with, method, path, status):
    answer = client_with().generic(method, path)

    assert answer.status_code == status
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer["Strict-Transport-Security"].startswith("max-age=31536000")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["API-Version"]
    assert answer["Content-Type"]
    assert "Server" not in answer


def test_what_is_not_open_is_not_stored_anywhere(client_with):
    partner = client_with("partner")

    for path in ("/v1/outcome-reports", "/v1/measurement-plans", "/v1/nothing"):
        assert partner.get(path)["Cache-Control"] == "no-store"


def test_security_txt_says_whom_to_tell_and_until_when(client_with, settings):
    settings.SECURITY_CONTACT = "mailto:security@gemeente.example"

    answer = client_with().get("/.well-known/security.txt")

    told = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    left = datetime.fromisoformat(told["Expires"]) - datetime.now(UTC)
    assert answer["Content-Type"].startswith("text/plain")
    assert told["Contact"] == "mailto:security@gemeente.example"
    assert timedelta(days=30) < left < timedelta(days=365)
