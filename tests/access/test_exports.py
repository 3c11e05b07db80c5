"""What leaves as a file and is not public stands in the audit of its store before its first byte leaves."""

import os

import psycopg
import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from accounts.models import Municipality
from config import exports
from config.ledger import records
from config.stores import STORES
from interventions.models import DocumentFile
from tests.access.routes import all_routes
from tests.factories import factors as models
from tests.factories import figures, outcomes
from tests.factors import golden

CITY, ELSEWHERE = outcomes.CITY, "GM0599"
TEMPLATE = "/v1/outcome-files/template"
VERSION = "/v1/factor-models/{code}/versions/{version}"

OPEN = {
    "/v1/areas", "/v1/areas/{areaCode}", "/v1/areas/{areaCode}/geometry", "/v1/areas/{areaCode}/profile",
    "/v1/areas/{areaCode}/benchmarks", "/v1/factor-model-template",
}  # fmt: skip
"""Give everybody the same files."""
WRITTEN_DOWN = {
    "/v1/area-analyses/{documentId}", "/v1/area-analyses/{documentId}/editions/{edition}",
    "/v1/area-analyses/{documentId}/versions/{number}", "/v1/combinations", "/v1/coverage/matrix",
    f"{VERSION}/content",
    f"{VERSION}/selection", "/v1/observations", TEMPLATE, "/v1/plans-of-action/{documentId}",
    "/v1/plans-of-action/{documentId}/editions/{edition}", "/v1/plans-of-action/{documentId}/versions/{number}",
    "/v1/rankings/{id}/factors", "/v1/supply-files/template",
}  # fmt: skip
"""Give some people more than everybody may see."""


def taken():
    """What the audit of either store says of exports."""
    return [
        (store, row)
        for store in STORES
        for row in records.model(store, "AuditEntry")._default_manager.filter(action=exports.ACTION).order_by("id")
    ]


def told(answer):
    """The one entry of this answer: its store, for whom, about what, and what it says."""
    assert answer.status_code == 200, answer.content
    ((store, row),) = taken()
    assert row.after["path"] == answer.wsgi_request.path
    assert row.after["query"] == answer.wsgi_request.META["QUERY_STRING"]
    assert row.request_id == answer["X-Request-Id"]
    return store, row.actor, row.municipality_code, row.resource, row.resource_code, row.after


def test_every_route_that_gives_files_has_been_decided_on():
    found = {route.template for route in all_routes() if route.formats - {"json"}}

    assert found == OPEN | WRITTEN_DOWN


@pytest.fixture
def partner(stores, client_with):
    outcomes.city()
    outcomes.offering()
    return client_with("partner", municipality=CITY, organisation="org-a")


def test_a_template_filled_with_own_offerings_is_written_down(partner):
    answer = partner.get(f"{TEMPLATE}?period=2024-Q1")

    store, actor, city, resource, code, after = told(answer)
    assert (store, actor, city) == ("monitoring", f"client:partner-{CITY.lower()}-org-a", CITY)
    assert (resource, code) == ("outcome-files", "template")
    assert taken()[0][1].organisation_code == "org-a"
    assert after["rows"] > 0
    assert after["bytes"] == len(answer.content)
    assert after["entityTag"] == answer["ETag"]
    assert after["mediaType"] == answer["Content-Type"]


def test_the_administrator_of_the_municipality_reads_it_and_no_other(partner, client_with):
    partner.get(TEMPLATE)
    Municipality.objects.get_or_create(code=ELSEWHERE, defaults={"name": "Elders"})

    own, other = (client_with("administrator", municipality=city) for city in (CITY, ELSEWHERE))

    query = "/v1/audit-entries?action=file.exported"
    assert [row["after"]["path"] for row in own.get(query).json()["results"]] == [TEMPLATE]
    assert other.get(query).json()["count"] == 0
    changes = client_with("account-holder", municipality=CITY).get("/v1/changes").json()["results"]
    assert exports.ACTION not in {row["action"] for row in changes}


def test_writing_down_costs_one_query(partner):
    partner.get(TEMPLATE)

    with CaptureQueriesContext(connections["monitoring"]) as asked:
        partner.get(TEMPLATE)

    assert sum(query["sql"].startswith("INSERT") for query in asked) == 1


def test_who_has_the_bytes_already_and_who_asks_for_the_head_take_nothing(partner):
    tag = partner.get(TEMPLATE)["ETag"]

    assert partner.get(TEMPLATE, HTTP_IF_NONE_MATCH=tag).status_code == 304
    assert partner.head(TEMPLATE).status_code == 200
    assert len(taken()) == 1


def test_a_draft_leaves_a_line_and_a_published_version_none(stores, client_with):
    models.published(golden.MODEL, municipality=CITY)
    models.draft(golden.MODEL, municipality=CITY)
    editor = client_with("model-editor", municipality=CITY)
    for name in ("json", "xlsx", "csv", "graphml", "cytoscape"):
        assert editor.get(f"/v1/factor-models/small/versions/1.0.0/content?format={name}").status_code == 200
    assert client_with().get("/v1/factor-models/small/versions/1.0.0/selection?format=graphml").status_code == 200
    assert taken() == []

    answer = editor.get("/v1/factor-models/small/versions/draft/content?format=json")

    assert told(answer)[:5] == (
        "default", f"client:model-editor-{CITY.lower()}", CITY, "factor-models", "small/versions/draft/content"
    )  # fmt: skip
    assert client_with("administrator", municipality=CITY).get("/v1/factor-models/small/audittrail").json()["count"]


def test_a_plan_as_a_document_stands_in_the_trail_of_the_plan(partner, client_with):
    adviser = client_with("area-adviser", municipality=CITY)
    body = {"areaCode": "WK900101", "title": "Plan", "plan": {"soThats": []}}
    made = adviser.post("/v1/plans-of-action", body, format="json").json()
    DocumentFile.objects.create(resource="plans-of-action", document_id=made["id"], number=1, form="pdf", size=4,
                                content=b"%PDF", sha256="0" * 64, version_checksum="0" * 64)  # fmt: skip

    answer = adviser.get(f"/v1/plans-of-action/{made['id']}/versions/1?format=pdf")

    assert told(answer)[3:5] == ("plans-of-action", f"{made['id']}/versions/1")
    trail = client_with("administrator", municipality=CITY).get(f"/v1/plans-of-action/{made['id']}/audittrail").json()
    assert exports.ACTION in {row["action"] for row in trail["results"]}


@pytest.mark.parametrize("path", [
    *(f"/v1/observations?areaCode=area-a&format={form}" for form in ("csv", "xlsx", "json-stat2")),
    "/v1/combinations?indicatorCode=indicator-a&areaCode=area-a&period=2024&format=csv",
])  # fmt: skip
def test_figures_for_who_sees_those_of_the_municipality_too(partner, client_with, path):
    figures.an_area()
    figures.an_indicator()
    figures.loaded(figures.an_observation())
    assert {client_with(role).get(path).status_code for role in ("", "dashboard")} == {200}
    assert taken() == []

    answer = client_with("data-steward", municipality=CITY).get(path)

    store, *_others, after = told(answer)
    assert (store, after["rows"]) == ("monitoring", 1)


def test_the_matrix_with_working_reach_is_written_down_and_the_public_one_is_not(partner, client_with):
    path = f"/v1/coverage/matrix?municipalityCode={CITY}&format=csv"
    for role in ("", "dashboard", "model-editor"):
        assert client_with(role, municipality=CITY).get(path).status_code == 200
    Municipality.objects.get_or_create(code=ELSEWHERE, defaults={"name": "Elders"})
    assert client_with("account-holder", municipality=ELSEWHERE).get(path).status_code == 200
    assert taken() == []

    assert told(client_with("account-holder", municipality=CITY).get(path))[3:5] == ("coverage", "matrix")


def test_an_empty_template_is_nobodys(partner, client_with):
    steward = client_with("data-steward", municipality=CITY)
    assert steward.get("/v1/supply-files/template").status_code == 200
    assert taken() == []

    assert told(steward.get(f"/v1/supply-files/template?municipalityCode={CITY}"))[2] == CITY


def as_owner(statement):
    with psycopg.connect(os.environ["MONITORING_DATABASE_OWNER_URL"]) as connection:
        connection.execute(statement)


@pytest.mark.usefixtures("town")
def test_without_its_line_no_file_leaves(client_with):
    partner = client_with("partner", municipality=CITY, organisation="org-a")
    assert partner.get(TEMPLATE).status_code == 200
    role = connections["monitoring"].settings_dict["USER"]
    as_owner(f'REVOKE INSERT ON monitoring_auditentry FROM "{role}"')

    try:
        refused = partner.get(TEMPLATE)
    finally:
        as_owner(f'GRANT INSERT ON monitoring_auditentry TO "{role}"')

    assert (refused.status_code, refused["Content-Type"]) == (503, "application/problem+json")
    assert len(taken()) == 1
