"""What every answer of the API has in common."""

import pytest

pytestmark = pytest.mark.usefixtures("stores")


def test_every_answer_names_the_version_and_is_not_stored(client_with):
    answer = client_with().get("/v1/")

    assert answer.status_code == 200
    assert answer["API-Version"] == "0.1.0"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/openapi.json/", "/nothing", "/v1/areas/"])
def test_what_is_not_there_is_a_problem_document_without_redirect(client_with, path):
    answer = client_with().get(path)

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 404
    assert answer["API-Version"]


def test_an_unknown_query_key_is_bad_input(client_with):
    answer = client_with().get("/v1/?surprise=1")

    assert answer.status_code == 400
    error = answer.json()["errors"][0]
    assert (error["in"], error["location"], error["code"]) == ("query", "surprise", "unknown-key")


def test_a_method_nobody_offers_is_405_with_allow(client_with):
    answer = client_with().delete("/v1/")

    assert answer.status_code == 405
    assert "GET" in answer["Allow"]
    assert answer["Content-Type"] == "application/problem+json"


def test_an_unasked_format_is_406(client_with):
    assert client_with().get("/v1/", HTTP_ACCEPT="image/png").status_code == 406


def test_a_wrong_key_is_401_and_says_how(client_with):
    client = client_with()
    client.credentials(HTTP_AUTHORIZATION="Bearer fm_0123456789_wrong")

    answer = client.get("/v1/")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_the_same_bytes_are_not_sent_twice(client_with):
    first = client_with().get("/v1/")

    again = client_with().get("/v1/", HTTP_IF_NONE_MATCH=first["ETag"])

    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    assert again["API-Version"]
