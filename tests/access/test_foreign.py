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
from factors.models import RankingDefinition
from factors.services import rankings
from factors.services.marks import mark
from monitoring.models import MeasurementPlan
from monitoring.services.figures import observation_files
from tests.access.expected import EXPECTED
from tests.factories import factors, outcomes
from tests.factories import interventions as make
from tests.factors import golden

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
    "/v1/duplicate-dismissals/{dismissalId}",
    "/v1/ranking-definitions/{code}",
    "/v1/area-analyses/{documentId}/editions/{edition}",
}

VERSION = "/v1/factor-models/{code}/versions/{version}"
BETWEEN = "?fromVersion=1&untilVersion=1"
OWNED: dict[str, tuple[str, ...]] = {
    "account-holder": (
        "/v1/agreements/{agreementCode}", "/v1/offerings/{offeringCode}/delivery",
        f"/v1/organisations/{{organisationCode}}/delivery?municipalityCode={OWN}",
    ),
    "area-adviser": (
        "/v1/improvement-actions/{actionId}", "/v1/plans-of-action/{documentId}",
        "/v1/plans-of-action/{documentId}/versions/{number}", "/v1/plans-of-action/{documentId}/documents",
        f"/v1/plans-of-action/{{documentId}}/diff{BETWEEN}", "/v1/plans-of-action/{documentId}/editions/{edition}",
        "/v1/jobs/{id}",
    ),
    "data-steward": (
        "/v1/measurement-plans/{planId}", "/v1/outcome-reports/{reportId}", "/v1/outcome-reports/{reportId}/effects",
        "/v1/outcome-reports/{reportId}/notes", "/v1/receipts/{receiptId}", "/v1/receipts/{receiptId}/effects",
        "/v1/observation-files/{fileId}", "/v1/observation-files/{fileId}/rows",
    ),
    "partner": ("/v1/outcome-reports/by-external-id/{externalId}", "/v1/outcome-reports/{reportId}"),
    "administrator": (
        "/v1/api-clients/{clientCode}", "/v1/api-clients/{clientCode}/keys",
        "/v1/api-clients/{clientCode}/keys/{prefix}", "/v1/api-clients/{clientCode}/memberships",
        "/v1/api-clients/{clientCode}/memberships/{membershipId}", "/v1/api-clients/{clientCode}/identities",
        "/v1/api-clients/{clientCode}/identities/{identityId}",
    ),
    "model-editor": (
        "/v1/factor-models/{code}", "/v1/factor-models/{code}/versions", VERSION, f"{VERSION}/content",
        f"{VERSION}/checks", f"{VERSION}/circles", f"{VERSION}/selection", f"{VERSION}/diff?against=draft",
        f"{VERSION}/factors", f"{VERSION}/factors/{{factorCode}}", f"{VERSION}/goals", f"{VERSION}/goals/{{goalCode}}",
        f"{VERSION}/relations", f"{VERSION}/relations/{{fromCode}}/{{toCode}}", f"{VERSION}/evidence",
        f"{VERSION}/evidence/{{evidenceCode}}", f"{VERSION}/sources", f"{VERSION}/sources/{{sourceCode}}",
    ),
}  # fmt: skip
ANALYSES: tuple[str, ...] = (
    "/v1/area-analyses/{documentId}", f"/v1/area-analyses/{{documentId}}/diff{BETWEEN}",
    "/v1/area-analyses/{documentId}/documents", "/v1/area-analyses/{documentId}/versions/{number}",
)  # fmt: skip
"""Of the municipality until an edition is frozen, which everybody sees; asked apart, for a draft needs a ranking."""


def test_every_route_with_something_in_its_path_has_been_decided_on():
    named = {path for path, rules in EXPECTED.items() if path.startswith("/v1/") and "{" in path and "GET" in rules}
    # each trail is asked by a stranger in accounts/api/test_audit.py
    trails = {path for path in named if path.endswith("/audittrail")}
    shared = {path for path in named - trails if path.split("/")[2] in SHARED} | SHARED_ROUTES

    owned = {path.partition("?")[0] for paths in (*OWNED.values(), ANALYSES) for path in paths}

    assert named == shared | owned | trails
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
    frozen = adviser.post(f"/v1/plans-of-action/{document['id']}/editions", {"edition": "2026", "why": "Klaar"},
                          format="json", HTTP_IF_MATCH="*")  # fmt: skip
    assert frozen.status_code == 201, frozen.content
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
    made(editor, f"{path}/goals", code="goal-a", nameNl="Doel", nameEn="Goal", domainCode="work")
    made(editor, f"{path}/sources", code="source-a", title="Een studie", year=2020)
    made(editor, f"{path}/evidence", code="finding-a", fromCode="factor-a", toCode="goal-a", sign="weakens",
         evidenceType="review", sourceCode="source-a")  # fmt: skip
    file = observation_files.new_load(
        observation_files.Delivered(b"", "text/csv", f"client:data-steward-{OWN.lower()}", OWN)
    )
    file.status, file.outcomes = "succeeded", "c"
    file.save(force_insert=True)
    return {
        "agreementCode": "agreement-a", "offeringCode": "offering-a", "planId": plan.pk, "reportId": report["id"],
        "receiptId": receipt["id"], "externalId": "ours-1", "documentId": document["id"], "number": 1,
        "actionId": action["id"], "id": job.pk, "clientCode": client.code, "prefix": client.keys.get().prefix,
        "membershipId": client.grants.get().pk, "identityId": identity.pk, "code": model["code"],
        "version": draft["version"], "factorCode": "factor-a", "goalCode": "goal-a", "fromCode": "factor-a",
        "toCode": "goal-a", "evidenceCode": "finding-a", "sourceCode": "source-a", "fileId": file.pk, "edition": "2026",
        "organisationCode": "org-a",
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


def told_apart(templates, things, *, own, stranger, anonymous):
    """The routes at which a stranger, or nobody, learns more than of a made-up name."""
    wrong = []
    for template in templates:
        path = filled(template, things)
        first = template[template.index("{") + 1 : template.index("}")]
        nowhere = filled(template, things | {first: unknown(first, things[first])})
        here, foreign, missing = asked(own, path)[0], asked(stranger, path), asked(stranger, nowhere)
        nobody = asked(anonymous, path)[0]
        if here != 200 or foreign[0] != 404 or foreign != missing or nobody not in {401, 404}:
            wrong.append((template, here, foreign, missing, nobody))
    return wrong


@pytest.mark.parametrize("role", OWNED)
def test_what_is_foreign_is_as_unknown_as_what_is_not_there(callers, things, client_with, role):
    own, stranger = callers[role]

    assert told_apart(OWNED[role], things, own=own, stranger=stranger, anonymous=client_with()) == []


def test_an_analysis_is_unknown_elsewhere_until_it_is_frozen(callers, client_with):
    outcomes.city()
    factors.published(golden.MODEL)
    factors.definition("small-rip")
    mark(RankingDefinition.objects.filter(code="small-rip"), reason="test")
    rankings.recompute_marked()
    (own, stranger), nobody = callers["area-adviser"], client_with()
    document = made(own, "area-analyses", areaCode="WK900101", title="Analyse", definitionCode="small-rip")
    things = {"documentId": document["id"], "number": 1}

    assert told_apart(ANALYSES, things, own=own, stranger=stranger, anonymous=nobody) == []

    edition = f"/v1/area-analyses/{document['id']}/editions"
    frozen = own.post(edition, {"edition": "2026", "why": "Klaar"}, format="json", HTTP_IF_MATCH="*")
    assert frozen.status_code == 201, frozen.content
    assert [client.get(f"{edition}/2026").status_code for client in (own, stranger, nobody)] == [200, 200, 200]
    assert [client.get(filled(ANALYSES[3], things)).status_code for client in (own, stranger)] == [200, 404]
