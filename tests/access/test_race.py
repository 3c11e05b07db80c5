"""Time of check, time of use: what is taken from a caller while its batch runs, the batch no longer gets."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connections

from accounts.models import ApiKey, RoleGrant
from monitoring.models import OutcomeReport, Receipt
from tests.factories import outcomes

BATCH = "/v1/outcome-reports/_batch"
PARTNER = "partner-gm9001-org-a"


def while_it_waits(send, then):
    """Send a request that must wait for a lock on the reports; do something; let it go on; its answer."""
    with psycopg.connect(os.environ["MONITORING_DATABASE_OWNER_URL"]) as holder, ThreadPoolExecutor(1) as pool:
        holder.execute("LOCK TABLE monitoring_receipt IN ACCESS EXCLUSIVE MODE")

        def run():
            try:
                return send()
            finally:
                connections.close_all()

        answer = pool.submit(run)
        with psycopg.connect(os.environ["MONITORING_DATABASE_OWNER_URL"], autocommit=True) as watcher:
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'monitoring_receipt'::regclass"
            deadline = time.monotonic() + 20
            while not watcher.execute(waiting).fetchone()[0]:
                assert time.monotonic() < deadline and not answer.done(), "the batch never came to its receipt"
                time.sleep(0.01)
        then()
        holder.rollback()
        return answer.result(timeout=60)


def take_role(administrator):
    row = RoleGrant.objects.get(client_id=PARTNER)
    assert administrator.delete(f"/v1/api-clients/{PARTNER}/memberships/{row.pk}").status_code == 204


def revoke_key(administrator):
    prefix = ApiKey.objects.get(client_id=PARTNER).prefix
    assert administrator.delete(f"/v1/api-clients/{PARTNER}/keys/{prefix}").status_code == 204


def keep(administrator):
    pass


@pytest.mark.parametrize(("take", "status", "kept"), [(take_role, 403, 0), (revoke_key, 401, 0), (keep, 201, 1)])
def test_a_batch_whose_sender_loses_its_rights_meanwhile_writes_nothing(town, client_with, take, status, kept):
    partner = client_with("partner", municipality=outcomes.CITY, organisation="org-a")
    administrator = client_with("administrator", municipality=outcomes.CITY)

    answer = while_it_waits(
        lambda: partner.post(BATCH, {"requests": [outcomes.report()]}, format="json", HTTP_IDEMPOTENCY_KEY="once"),
        lambda: take(administrator),
    )

    assert answer.status_code == status, answer.content
    assert (OutcomeReport.objects.count(), Receipt.objects.count()) == (kept, kept)
