"""Own, foreign, unknown, anonymous: of what belongs to one municipality nobody elsewhere learns even that it is there.

Each route with something in its path is decided on: either it shows the same to everybody, or it is asked for a thing
of one municipality by its own people, by the same role elsewhere, by that role with a made-up name, and by nobody.
"""

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from accounts import identities
from accounts.models import Client, Municipality
from accounts.tokens import Bearer
from config.ledger import records
from config.stores import STORES
from monitoring.models import MeasurementPlan
from tests.access.expected import EXPECTED
from tests.factories import interventions as make
from tests.factories import outcomes

pytestmark = pytest.mark.usefixtures("stores")
OWN, ELSEWHERE = outcomes.CITY, "GM0599"
UUID = "00000000-0000-4000-8000-000000000000"

SHARED = {
    "areas", "area-groups", "indicators", "interventions", "intervention-databases", "published-rankings", "rankings",
    "releases", "societal-results",
}  # fmt: skip
"""First part of the paths that show the same to everybody: published, released, or of nobody in particular."""
SHARED_ROUTES = {
    "/v1/offerings/{offeringCode}",
    "/v1/organisations/{organisationCode}",
    "/v1/ranking-definitions/{code}",
}

VERSION = "/v1/factor-models/{code}/versions/{version}"
OWNED: dict[str, tuple[str, ...]] = {
    "account-holder": (
        "/v1/agreements/{agreementCode}", "/v1/offerings/{offeringCode}/delivery",
    ),
    "area-adviser": (
        "/v1/improvement-actions/{actionId}", "/v1/plans-of-action/{documentId}",
        "/v1/plans-of-action/{documentId}/versions/{number}", "/v1/plans-of-action/{documentId}/documents",
        "/v1/jobs/{id}",
    ),
    "data-steward": (
        "/v1/measurement-plans/{planId}", "/v1/outcome-reports/{reportId}", "/v1/outcome-reports/{reportId}/effects",
        "/v1/outcome-reports/{reportId}/notes", "/v1/receipts/{receiptId}", "/v1/receipts/{receiptId}/effects",
    ),
    "partner": ("/v1/outcome-reports/by-external-id/{externalId}", "/v1/outcome-reports/{reportId}"),
    "administrator": (
        "/v1/api-clients/{clientCode}", "/v1/api-clients/{clientCode}/keys",
        "/v1/api-clients/{clientCode}/keys/{prefix}", "/v1/api-clients/{clientCode}/memberships",
        "/v1/api-clients/{clientCode}/memberships/{membershipId}", "/v1/api-clients/{clientCode}/identities",
        "/v1/api-clients/{clientCode}/identities/{identityId}",
    ),
    "model-editor": (
        "/v1/factor-models/{code}", f"{VERSION}", f"{VERSION}/content", f"{VERSION}/checks", f"{VERSION}/factors",
        f"{VERSION}/goals", f"{VERSION}/relations", f"{VERSION}/evidence", f"{VERSION}/sources",
        f"{VERSION}/factors/{{factorCode}}", f"{VERSION}/circles", f"{VERSION}/selection",
    ),
}  # fmt: skip
NOT_ASKED_HERE = {
    "/v1/observation-files/{fileId}": "monitoring/figures/api/test_observation_files.py",
    "/v1/observation-files/{fileId}/rows": "monitoring/figures/api/test_observation_files.py",
    "/v1/organisations/{organisationCode}/delivery": "interventions/api/test_delivery.py",
    "/v1/area-analyses/{documentId}": "interventions/api/test_area_analyses.py",
    "/v1/area-analyses/{documentId}/diff": "interventions/api/test_area_analyses.py",
    "/v1/area-analyses/{documentId}/documents": "interventions/api/test_documents.py",
    "/v1/area-analyses/{documentId}/editions/{edition}": "interventions/api/test_area_analyses.py",
    "/v1/area-analyses/{documentId}/versions/{number}": "interventions/api/test_area_analyses.py",
    "/v1/plans-of-action/{documentId}/diff": "interventions/api/test_plans_of_action.py",
    "/v1/plans-of-action/{documentId}/editions/{edition}": "interventions/api/test_plans_of_action.py",
    "/v1/factor-models/{code}/versions": "factors/api/test_factor_models.py",
    f"{VERSION}/diff": "factors/api/test_questions.py",
    f"{VERSION}/evidence/{{evidenceCode}}": "factors/api/test_drafts.py",
    f"{VERSION}/goals/{{goalCode}}": "factors/api/test_drafts.py",
    f"{VERSION}/relations/{{fromCode}}/{{toCode}}": "factors/api/test_drafts.py",
    f"{VERSION}/sources/{{sourceCode}}": "factors/api/test_drafts.py",
}
"""Needs more than one thing to be asked for, so it is not asked here; the test file of its resource."""


def test_every_route_with_something_in_its_path_has_been_decided_on():
    named = {path for path, rules in EXPECTED.items() if path.startswith("/v1/") and "{" in path and "GET" in rules}
    # each trail is asked by a stranger in accounts/api/test_audit.py
    trails = {path for path in named if path.endswith("/audittrail")}
    shared = {path for path in named - trails if path.split("/")[2] in SHARED} | SHARED_ROUTES

    owned = {path for paths in OWNED.values() for path in paths}

    assert named == shared | owned | trails | set(NOT_ASKED_HERE)
    assert not shared & owned


def made(client, path, **body):
    answer = client.post(f"/v1/{path}", body, format="json")
    assert answer.status_code == 201, answer.content
    return answer.json()


@pytest.fixture
def callers(client_with):
    """By role: who is of the municipality and who has the same role elsewhere."""
    Municipality.objects.get_or_create(code=ELSEWHERE, defaults={"name": "Elders"})
    return {
        role: (
            client_with(role, municipality=OWN, organisation="org-a" if role == "partner" else ""),
            client_with(role, municipality=ELSEWHERE, organisation="org-b" if role == "partner" else ""),
        )
        for role in OWNED
    }


@pytest.fixture
def things(callers):
    """One of everything in the municipality, by the names of path parameters."""
    outcomes.city()
    outcomes.offering("offering-a")
    make.offering("offering-a", municipality_code=OWN)
    make.agreement("agreement-a", municipality_code=OWN)
    plan = MeasurementPlan.objects.filter(offering_code="offering-a").order_by("id")[0]
    partner, adviser, editor = (callers[role][0] for role in ("partner", "area-adviser", "model-editor"))
    receipt = made(partner, "outcome-reports", **outcomes.report(externalId="ours-1"))
    report = partner.get("/v1/outcome-reports").json()["results"][0]
    document = made(adviser, "plans-of-action", areaCode="WK900101", title="Plan", plan={"soThats": []})
    action = made(adviser, "improvement-actions", areaCode="WK900101", description="Vragen wat zij willen",
                  owner="adviser-1", dueDate="2026-03-01")  # fmt: skip
    job = records.model("default", "Job")._default_manager.create(
        kind="test", requested_by=f"client:area-adviser-{OWN.lower()}", municipality_code=OWN
    )
    client = Client.objects.get(code=f"data-steward-{OWN.lower()}")
    identity = identities.register(
        client=client, actor="test", bearer=Bearer("https://issuer.example", "a", "a"), municipality_code=OWN
    )
    model = made(editor, "factor-models", code="ours", nameNl="Ons model", nameEn="Our model", municipalityCode=OWN)
    draft = made(editor, "factor-models/ours/versions")
    path = f"factor-models/ours/versions/{draft['version']}"
    made(editor, f"{path}/factors", code="factor-a", nameNl="Factor", nameEn="Factor", kind="risk",
         lifeDomains=["home"], lifePhases=["adolescence"])  # fmt: skip
    return {
        "agreementCode": "agreement-a", "offeringCode": "offering-a", "planId": plan.pk, "reportId": report["id"],
        "receiptId": receipt["id"], "externalId": "ours-1", "documentId": document["id"], "number": 1,
        "actionId": action["id"], "id": job.pk, "clientCode": client.code, "prefix": client.keys.get().prefix,
        "membershipId": client.grants.get().pk, "identityId": identity.pk, "code": model["code"],
        "version": draft["version"], "factorCode": "factor-a",
    }  # fmt: skip


def unknown(name, value):
    """A made-up name of the same kind."""
    text = str(value)
    return "999999" if text.isdecimal() else UUID if len(text) == 36 else "nobody-knows-this"


def filled(template, values):
    for name, value in values.items():
        template = template.replace("{" + name + "}", str(value))
    return template


def asked(client, path):
    """Status, what the problem says but for its number, and the queries it took in each store."""
    counted = {store: CaptureQueriesContext(connections[store]) for store in STORES}
    for one in counted.values():
        one.__enter__()
    answer = client.get(path)
    for one in counted.values():
        one.__exit__(None, None, None)
    told = {k: v for k, v in answer.json().items() if k != "instance"} if answer.status_code >= 400 else {}
    reach = "set_config"  # the wall is told of a new caller once per connection
    return (
        answer.status_code,
        told,
        [sum(reach not in q["sql"] for q in one.captured_queries) for one in counted.values()],
    )


@pytest.mark.parametrize("role", OWNED)
def test_what_is_foreign_is_as_unknown_as_what_is_not_there(callers, things, client_with, role):
    own, stranger = callers[role]
    wrong = []

    for template in OWNED[role]:
        path = filled(template, things)
        first = template[template.index("{") + 1 : template.index("}")]
        nowhere = filled(template, things | {first: unknown(first, things[first])})
        here, foreign, missing = asked(own, path)[0], asked(stranger, path), asked(stranger, nowhere)
        nobody = asked(client_with(), path)[0]
        if here != 200 or foreign[0] != 404 or foreign != missing or nobody not in {401, 404}:
            wrong.append((template, here, foreign, missing, nobody))

    assert wrong == []
