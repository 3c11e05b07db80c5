"""Jobs of either store are there for who asked, and for nobody else."""

import uuid

import pytest

from config.ledger.records import model
from config.stores import STORES

pytestmark = pytest.mark.usefixtures("stores")
ASKED_BY = "client:area-adviser-gm0363"


def job(store, **fields):
    return model(store, "Job")._default_manager.create(kind="test", requested_by=ASKED_BY, **fields)


@pytest.mark.parametrize("store", STORES)
def test_who_asked_sees_how_far_it_is(client_with, store):
    made = job(store, status="running", done_count=3, total_count=10)

    told = client_with("area-adviser").get(f"/v1/jobs/{made.pk}").json()

    assert (told["id"], told["status"], told["doneCount"], told["totalCount"]) == (str(made.pk), "running", 3, 10)
    assert (told["resultUrl"], told["finishedAt"]) == (None, None)


@pytest.mark.parametrize("store", STORES)
def test_nobody_else_sees_it(client_with, store):
    made = job(store)

    assert client_with("data-steward").get(f"/v1/jobs/{made.pk}").status_code == 404
    assert client_with("area-adviser", municipality="GM0599").get(f"/v1/jobs/{made.pk}").status_code == 404
    assert client_with("dashboard").get(f"/v1/jobs/{made.pk}").status_code == 403
    assert client_with().get(f"/v1/jobs/{made.pk}").status_code == 401


@pytest.mark.parametrize("name", [uuid.UUID(int=0), "not-an-id"])
def test_a_job_that_is_not_there(client_with, name):
    assert client_with("area-adviser").get(f"/v1/jobs/{name}").status_code == 404
