"""The running service is fuzzed from its own document (schemathesis) as each role: no 5xx, nothing undocumented,
every answer as its schema says, and nothing secured without a key. `make proof` does all operations by all roles."""

import os
import socket
import subprocess
import sys
import time

import httpx
import pytest
from rest_framework.test import APIClient

from accounts.models import Municipality
from deploy.local.services import OWNER_VARIABLES
from monitoring.models import Area, AreaMembership
from tests.access import fuzz
from tests.access.expected import EXPECTED, ROLES
from tests.conftest import empty_changing_tables
from tests.factories import accounts as account_factory
from tests.factories import outcomes

CALLERS = ("", *ROLES)


@pytest.fixture(scope="module")
def keys(django_db_setup, django_db_blocker):
    """A key per role in one small town where something was delivered; all of it committed, and gone afterwards."""
    with django_db_blocker.unblock():
        outcomes.city()
        outcomes.offering()
        Municipality.objects.get_or_create(code=outcomes.CITY, defaults={"name": "Stad"})
        made = {
            role: account_factory.key(
                role, municipality=outcomes.CITY, organisation="org-a" if role == "partner" else ""
            )
            for role in ROLES
        }
        partner = APIClient()
        partner.credentials(HTTP_AUTHORIZATION=f"Bearer {made['partner']}")
        assert partner.post("/v1/outcome-reports", outcomes.report(externalId="r-1"), format="json").status_code == 201
        yield made | {"": ""}
        empty_changing_tables()
        Area.objects.filter(municipality_code=outcomes.CITY).delete()
        children = [*outcomes.NEIGHBOURHOODS, "BU90010101", "BU90010102", "district-a"]
        AreaMembership.objects.filter(child_code__in=children).delete()


@pytest.fixture(scope="module")
def service(keys):
    """The address of the API, served by the real web server on the same stores."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    quotas = {f"QUOTA_{name}": "1000000" for name in ("CLIENT", "ORGANISATION", "ANONYMOUS")}
    env = {name: value for name, value in os.environ.items() if name not in OWNER_VARIABLES} | quotas
    options = ["--interface", "wsgi", "--no-ws", "--blocking-threads", "4", "--host", "127.0.0.1", "--port", str(port)]
    web = subprocess.Popen([sys.executable, "-m", "granian", *options, "config.wsgi:application"], env=env)
    try:
        deadline = time.monotonic() + 240
        while not _ready(port):
            assert web.poll() is None and time.monotonic() < deadline
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        web.terminate()
        try:
            web.wait(60)
        except subprocess.TimeoutExpired:
            web.kill()


def _ready(port):
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def turn_of(role):
    """Each operation by one of those who may, in turn; who may not is refused in the sweep."""
    numbers = {path: n for n, path in enumerate(sorted(EXPECTED))}

    def chosen(path, method):
        template = f"/v1{path}"
        allowed = [caller for caller in CALLERS if caller in EXPECTED[template][method]]
        return allowed[numbers[template] % len(allowed)] == role

    return chosen


@pytest.mark.parametrize("role", CALLERS)
def test_the_running_service_keeps_to_its_document(service, keys, role):
    assert fuzz.faults(service=service, key=keys[role], examples=3, chosen=turn_of(role)) == []


@pytest.mark.proof
@pytest.mark.parametrize("role", CALLERS)
def test_the_running_service_keeps_to_its_document_whoever_asks_what(service, keys, role):
    assert fuzz.faults(service=service, key=keys[role], examples=25) == []
