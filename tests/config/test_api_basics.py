"""What every answer of the API has in common."""

import pytest
from django.test import Client
from django.urls import resolve
from django.utils import translation
from rest_framework import fields
from rest_framework.serializers import ListSerializer, Serializer

from tests.access.routes import all_routes

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


def test_every_fault_of_a_question_is_told_at_once(client_with):
    answer = client_with().get("/v1/areas?surprise=1&year=soon&pageSize=0&level=moon")

    told = {error["location"]: error["code"] for error in answer.json()["errors"]}
    assert answer.status_code == 400
    assert told.keys() == {"surprise", "year", "pageSize", "level"}


def test_a_key_said_twice_is_refused_where_only_one_would_count(client_with):
    answer = client_with().get("/v1/areas?municipalityCode=GM0363&municipalityCode=GM0599")

    assert [(error["location"], error["code"]) for error in answer.json()["errors"]] == [
        ("municipalityCode", "repeated-key")]  # fmt: skip


@pytest.mark.parametrize(
    "path",
    ["/v1/", "/v1/openapi.json", "/livez", "/readyz", "/problems/not-found", "/.well-known/security.txt", "/",
     "/waarom", "/mijn", "/mijn/aanbod", "/mijn/aanleveren", "/inloggen", "/uitloggen", "/v1/areas", "/assets/a.css"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["DELETE", "PATCH", "PUT"])
def test_what_cannot_be_changed_says_so_to_everybody(stores, path, method):
    answer = Client(enforce_csrf_checks=True).generic(method, path)

    assert answer.status_code == 405
    assert answer["Allow"] and method not in answer["Allow"]


@pytest.mark.parametrize("path", ["/inloggen", "/mijn/aanleveren", "/uitloggen"])
def test_a_form_from_elsewhere_is_still_refused(stores, path):
    assert Client(enforce_csrf_checks=True).post(path, {}).status_code == 403


def test_a_method_nobody_offers_is_405_with_allow(client_with):
    answer = client_with().delete("/v1/")

    assert answer.status_code == 405
    assert "GET" in answer["Allow"]
    assert answer["Content-Type"] == "application/problem+json"


def test_an_unasked_format_is_406(client_with):
    assert client_with().get("/v1/", HTTP_ACCEPT="image/png").status_code == 406


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("text/csv;q=0.5, application/json;q=0.9", "application/json"),
        ("application/json;q=0.1, text/csv", "text/csv"),
        ("application/json;q=0, */*", "text/csv"),
        ("text/html, */*;q=0.1", "application/json"),
        ("application/json; charset=utf-8; q=0.9, image/png", "application/json"),
    ],
)
def test_the_reader_gets_what_it_likes_best(client_with, accept, given):
    answer = client_with().get("/v1/observations", HTTP_ACCEPT=accept)

    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (200, given)


def test_a_format_of_no_value_is_refused(client_with):
    answer = client_with().get("/v1/", HTTP_ACCEPT="application/json;q=0, image/png;q=0.5")

    assert answer.status_code == 406


@pytest.mark.parametrize(("language", "words"), [("nl", "regel 2, teken 6"), ("en", "line 2, character 6")])
def test_broken_json_is_told_in_the_language_of_the_reader(client_with, language, words):
    answer = client_with("model-editor").post(
        "/v1/ranking-definitions", '{\n "a":}', content_type="application/json", HTTP_ACCEPT_LANGUAGE=language
    )

    assert answer.status_code == 400
    assert words in answer.json()["detail"]


def test_a_wrong_key_is_401_and_says_how(client_with):
    client = client_with()
    client.credentials(HTTP_AUTHORIZATION="Bearer fm_0123456789_wrong")

    answer = client.get("/v1/")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("known", ["{}", "W/{}", '"other", W/{}'])
def test_the_same_bytes_are_not_sent_twice(client_with, known):
    first = client_with().get("/v1/")

    again = client_with().get("/v1/", HTTP_IF_NONE_MATCH=known.format(first["ETag"]))

    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    assert again["API-Version"]


BY_HAND = {  # refused too, by what reads them: their own tests say so
    "GeometrySerializer", "IndicatorDocumentSerializer", "ObservationBatchSerializer", "OutcomeReportInputSerializer",
    "AgreementInputSerializer", "AgreementChangeSerializer", "InterventionInputSerializer",
    "InterventionChangeSerializer", "OfferingInputSerializer", "OfferingChangeSerializer",
    "OrganisationInputSerializer", "OrganisationChangeSerializer", "PortfolioRequestSerializer",
    "RankingRequestSerializer",
    "ScenarioRequestSerializer", "NewRankingDefinitionSerializer", "RankingDefinitionChangeSerializer",
}  # fmt: skip


def test_every_body_refuses_a_key_that_nobody_knows():
    views = [vars(resolve(route.sample).func).get("cls") for route in all_routes()]
    bodies = {body for view in views for body, _answers in getattr(view, "bodies", {}).values()
              if isinstance(body, type) and body.__name__ not in BY_HAND}  # fmt: skip

    deaf = []
    for body in bodies:
        bound = body(data={"surprise": 1})
        if bound.is_valid() or "surprise" not in bound.errors:
            deaf.append(body.__name__)

    assert len(bodies) > 20
    assert deaf == []


def test_the_framework_speaks_dutch():
    kinds = [kind for kind in vars(fields).values() if isinstance(kind, type) and issubclass(kind, fields.Field)]
    said = {text for kind in (*kinds, ListSerializer, Serializer) for text in kind.default_error_messages.values()}

    english = []
    for text in said:
        with translation.override("en"):
            original = str(text)
        with translation.override("nl"):
            if str(text) == original:
                english.append(original)

    assert len(said) > 30
    assert english == []


@pytest.mark.parametrize(
    ("role", "path", "body"),
    [
        ("partner", "/v1/outcome-reports/_batch", {"requests": [{}], "surprise": 1}),
        ("data-steward", "/v1/observations/_batch", {"items": [{}], "surprise": 1}),
    ],
)
def test_a_batch_refuses_a_key_that_nobody_knows(client_with, role, path, body):
    client = client_with(role, organisation="org-a" if role == "partner" else "")

    answer = client.post(path, body, format="json", HTTP_IDEMPOTENCY_KEY="one")

    assert (answer.status_code, answer.json()["errors"][0]["location"]) == (400, "#/surprise")
