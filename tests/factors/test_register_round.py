"""Done when: the public model goes in by the service's own template and comes out again, over HTTP only."""

import io

import httpx
import openpyxl
import pytest
from django.test import Client

from tests.factories import accounts
from tests.factors.register_round import take_round

pytestmark = pytest.mark.usefixtures("stores")


class InProcess(httpx.BaseTransport):
    """Requests to the application in this process, so inside the transaction of the test."""

    def handle_request(self, request):
        answer = Client().generic(
            request.method, request.url.raw_path.decode(), request.read(),
            content_type=request.headers.get("Content-Type", ""), headers=dict(request.headers),
        )  # fmt: skip
        return httpx.Response(answer.status_code, headers=dict(answer.items()), content=answer.content)


@pytest.fixture
def http(stores):
    key = accounts.key("model-editor", municipality="GM0363", organisation="")
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(transport=InProcess(), base_url="http://testserver", headers=headers) as client:
        yield client


def test_the_public_model_goes_round_over_http_alone(http):
    done = take_round(http, municipality="GM0363")

    assert done.report["counts"] == {"factors": 92, "goals": 9, "sources": 110, "relations": 264, "evidence": 328}
    assert done.published["checksum"] == done.original_checksum
    assert {told["severity"] for told in done.checks} == {"warning"}
    assert done.pathways[0]["sentence"].startswith("Meer ‘")
    assert openpyxl.load_workbook(io.BytesIO(done.exported))["relations"].max_row == 329
