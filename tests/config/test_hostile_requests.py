"""What no honest program sends: an answer in bounded time, a problem document, nothing of the inside."""

import gzip
import time

import orjson
import pytest
from django.test import RequestFactory

from config.api.formats import JsonParser

pytestmark = pytest.mark.usefixtures("stores")
PROBLEM = "application/problem+json"
WRITES = "/v1/outcome-reports"


def problem_of(answer, status):
    assert answer.status_code == status
    assert answer["Content-Type"] == PROBLEM
    assert answer["API-Version"]
    found = answer.json()
    assert {"type", "title", "status", "detail", "instance"} <= set(found)
    assert "Traceback" not in answer.content.decode()
    return found


def test_form_data_is_415(client_with):
    problem_of(client_with("partner").post(WRITES, {"a": "b"}, format="multipart"), 415)


def test_a_packed_body_is_415(client_with):
    answer = client_with("partner").generic(
        "POST", WRITES, gzip.compress(b"{}"), content_type="application/json", headers={"Content-Encoding": "gzip"}
    )

    problem_of(answer, 415)


def test_an_unknown_content_type_is_415(client_with):
    answer = client_with("partner").post(WRITES, b"<a/>", content_type="application/xml")
    problem_of(answer, 415)


def test_a_body_over_the_limit_is_413(client_with, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = client_with("partner").post(WRITES, b" " * 1001, content_type="application/json")
    problem_of(answer, 413)


@pytest.mark.parametrize(
    "body",
    [b"[" * 200_000, b'{"a":' * 200_000, b"\xff\xfe\x00", b'{"a": NaN}', b'{"a": "\\u0000"}', b'{"a": "\\ud800"}', b""],
    ids=["deep list", "deep object", "not UTF-8", "NaN", "NUL", "half a character", "nothing"],
)
def test_a_body_that_is_no_sound_json_is_400(client_with, body):
    answer = client_with("partner").post(WRITES, body, content_type="application/json")
    assert problem_of(answer, 400)["errors"] or body == b""


def test_a_text_that_only_speaks_of_nul_is_read():
    request = RequestFactory().post("/", rb'{"a": "\\u0000"}', content_type="application/json")

    assert JsonParser().parse(request) == {"a": r"\u0000"}


def test_a_hundred_thousand_ids_in_a_filter_are_answered_soon(client_with):
    query = "&".join(f"areaCode=WK{n:06d}" for n in range(100_000))
    began = time.monotonic()

    answer = client_with().get(f"/v1/observations?{query}")

    assert answer.status_code in {200, 400, 414}
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "path",
    ["/v1//areas", "/v1/./areas", "/v1/../v1/areas", "/v1/areas/%2e%2e/areas", "/v1/areas/..%2f..%2fetc", "//v1/areas",
     "/V1/areas", "/v1/areas.json", "/v1/areas;x=1", "/v1/areas%00", "/v1/areas/%00", "/v1/areas/a%0d%0aX-Evil:1"],
)  # fmt: skip
def test_a_path_trick_reaches_nothing(client_with, path):
    answer = client_with().get(path)

    problem_of(answer, 404)
    assert "X-Evil" not in answer


def test_an_odd_host_is_400(client_with):
    problem_of(client_with().get("/v1/", HTTP_HOST="evil.example"), 400)


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic YTpi", "Bearer " + "x" * 60_000, "Bearer é\x00", "x"])
def test_an_odd_authorization_header_is_401(client_with, header):
    problem_of(client_with().get("/v1/", HTTP_AUTHORIZATION=header), 401)


def test_odd_accept_and_language_headers_do_no_harm(client_with):
    answer = client_with().get("/v1/", HTTP_ACCEPT="*/*;q=x, " * 500, HTTP_ACCEPT_LANGUAGE="-,;q=9," * 5000)

    assert answer.status_code in {200, 400, 406}


def test_head_is_get_without_its_body(client_with):
    get, head = client_with().get("/v1/"), client_with().head("/v1/")

    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == get["ETag"]
    assert head["Content-Type"] == get["Content-Type"]


def test_options_names_the_methods_and_changes_nothing(client_with):
    answer = client_with("partner").options("/v1/outcome-reports")

    assert answer.status_code in {200, 204}
    assert {"GET", "HEAD", "POST", "OPTIONS"} == {method.strip() for method in answer["Allow"].split(",")}


def test_a_listed_origin_may_ask_from_a_browser(client_with, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://dashboard.example"]
    asked = {"HTTP_ORIGIN": "https://dashboard.example", "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "GET"}

    answer = client_with().options("/v1/areas", **asked)

    assert answer["Access-Control-Allow-Origin"] == "https://dashboard.example"
    assert "GET" in answer["Access-Control-Allow-Methods"]


def test_an_unlisted_origin_gets_no_leave(client_with, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://dashboard.example"]
    asked = {"HTTP_ORIGIN": "https://evil.example", "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "GET"}

    for answer in (client_with().options("/v1/areas", **asked), client_with().get("/v1/", **asked)):
        assert "Access-Control-Allow-Origin" not in answer


def test_the_openapi_document_is_open_to_every_origin(client_with):
    answer = client_with().get("/v1/openapi.json", HTTP_ORIGIN="https://evil.example")

    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert orjson.loads(answer.content)["openapi"].startswith("3.")
