"""What the API answers is what the OpenAPI document promises."""

from functools import cache

import orjson
import pytest
from openapi_schema_validator import OAS31Validator

from config.api.document import document

pytestmark = pytest.mark.usefixtures("demo", "ranked")
CITY = "municipalityCode=GM0363&activeOn=2026-11-21"
CALLS = [
    ("/organisations", "/organisations", ""),
    ("/organisations/{organisationCode}", "/organisations/demo-stichting-meedoen", ""),
    ("/effect-levels", "/effect-levels", ""),
    ("/intervention-databases", "/intervention-databases", ""),
    ("/service-types", "/service-types", ""),
    ("/interventions", "/interventions?pageSize=500", ""),
    ("/interventions/{interventionCode}", "/interventions/demo-sociaal-sterk", ""),
    ("/offerings", "/offerings", ""),
    ("/offerings/{offeringCode}", "/offerings/demo-zorgen-oost", ""),
    ("/agreements", "/agreements", "account-holder"),
    ("/coverage/factors", f"/coverage/factors?{CITY}", ""),
    ("/coverage/gaps", f"/coverage/gaps?{CITY}&minimumLevel=3&lifePhase=adolescence", "account-holder"),
    ("/coverage/matrix", f"/coverage/matrix?{CITY}", ""),
]


@cache
def promised() -> dict:
    return orjson.loads(document())


@pytest.mark.parametrize(("path", "call", "role"), CALLS, ids=[path for path, _call, _role in CALLS])
def test_the_answer_fits_the_document(client_with, path, call, role):
    answer = client_with(role).get(f"/v1{call}")

    assert answer.status_code == 200
    schema = promised()["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    name = schema["$ref"].rsplit("/", 1)[-1]
    assert set(answer.json()) == set(promised()["components"]["schemas"][name]["properties"])
    faults = list(OAS31Validator(schema | {"components": promised()["components"]}).iter_errors(answer.json()))
    assert [(list(fault.absolute_path), fault.message[:200]) for fault in faults] == []
