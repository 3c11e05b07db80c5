"""Time of check, time of use: what is taken from a caller while its batch runs, the batch no longer gets."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connections

from accounts.models import ApiKey, RoleGrant
from config.api import access
from config.api.writing import KEPT_TO_RIGHTS
from monitoring.models import Job, MeasurementPlan, OutcomeReport, Receipt, Release
from monitoring.services.releasing import releases
from tests.access.routes import all_routes
from tests.factories import interventions as make
from tests.factories import outcomes

BATCH = "/v1/outcome-reports/_batch"
PARTNER = "partner-gm9001-org-a"
OWNERS = {"default": "DATABASE_OWNER_URL", "monitoring": "MONITORING_DATABASE_OWNER_URL"}


def while_it_waits(send, then, *, store="monitoring", table="monitoring_receipt"):
    """Send a request that must wait for a lock on a table; do something; let it go on; its answer."""
    with psycopg.connect(os.environ[OWNERS[store]]) as holder, ThreadPoolExecutor(1) as pool:
        holder.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")

        def run():
            try:
                return send()
            finally:
                connections.close_all()

        answer = pool.submit(run)
        with psycopg.connect(os.environ[OWNERS[store]], autocommit=True) as watcher:
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
            deadline = time.monotonic() + 20
            while not watcher.execute(waiting, [table]).fetchone()[0]:
                assert time.monotonic() < deadline, "the request never came to its table"
                assert not answer.done(), answer.result().content
                time.sleep(0.01)
        then()
        time.sleep(access.RIGHTS_LAST)  # a write that takes so long is held to the rights of its end
        holder.rollback()
        return answer.result(timeout=60)


def take_role(administrator, code=PARTNER):
    row = RoleGrant.objects.get(client_id=code)
    assert administrator.delete(f"/v1/api-clients/{code}/memberships/{row.pk}").status_code == 204


def revoke_key(administrator):
    prefix = ApiKey.objects.get(client_id=PARTNER).prefix
    assert administrator.delete(f"/v1/api-clients/{PARTNER}/keys/{prefix}").status_code == 204


def keep(administrator, code=PARTNER):
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


@pytest.mark.parametrize(("seconds", "times"), [(60, 1), (-1, 2)])
def test_a_write_asks_again_for_rights_only_if_it_took_a_while(
    town, client_with, monkeypatch, django_assert_num_queries, seconds, times
):
    partner = client_with("partner", municipality=outcomes.CITY, organisation="org-a")
    monkeypatch.setattr(access, "RIGHTS_LAST", seconds)

    with django_assert_num_queries(times, using="default"):
        assert partner.post("/v1/outcome-reports", outcomes.report(), format="json").status_code == 201


def test_every_change_asks_for_the_rights_of_its_end():
    changes = [
        (route.template, method, getattr(route.view, method.lower()))
        for route in all_routes()
        for method in route.methods & {"PUT", "PATCH", "DELETE"}
    ]

    assert len(changes) > 30
    assert [change[:2] for change in changes if change[2] not in KEPT_TO_RIGHTS] == []


def a_plan(steward):
    plan = MeasurementPlan.objects.filter(offering_code="offering-a").order_by("id")[0]
    path = f"/v1/measurement-plans/{plan.pk}"
    told = steward.get(path).json()
    return path, {name: told[name] for name in ("monitorType", "periodKind", "validFrom")}


def an_agreement(steward):
    make.offering("offering-a", municipality_code=outcomes.CITY)
    make.agreement("agreement-a", municipality_code=outcomes.CITY)
    return "/v1/agreements/agreement-a", {}


PLAN, AGREEMENT = (a_plan, "monitoring", "monitoring_auditentry"), (an_agreement, "default", "interventions_agreement")
WRITES = [
    ("PUT", *PLAN, {"among": "Iedereen"}), ("PATCH", *PLAN, {"among": "Iedereen"}), ("DELETE", *PLAN, {}),
    ("PATCH", *AGREEMENT, {"amount": 7}),
]  # fmt: skip


@pytest.mark.parametrize(("take", "status"), [(take_role, 403), (keep, 200)])
@pytest.mark.parametrize(("method", "made", "store", "table", "change"), WRITES)
def test_a_change_whose_maker_loses_the_role_meanwhile_is_not_kept(
    town, client_with, method, made, store, table, change, take, status
):
    steward = client_with("data-steward", municipality=outcomes.CITY)
    administrator = client_with("administrator", municipality=outcomes.CITY)
    path, body = made(steward)
    before = steward.get(path).json()
    sent = {} if method == "DELETE" else body | change if method == "PUT" else change

    answer = while_it_waits(
        lambda: steward.generic(method, path, json.dumps(sent), content_type="application/json", HTTP_IF_MATCH="*"),
        lambda: take(administrator, "data-steward-gm9001"), store=store, table=table,
    )  # fmt: skip

    assert answer.status_code in ({status, 204} if status == 200 else {status}), answer.content
    after = client_with("account-holder", municipality=outcomes.CITY).get(path)
    assert (after.status_code == 200 and after.json() == before) == (status == 403)


def test_who_gives_up_the_own_role_or_key_may_do_so(town, client_with):
    administrator = client_with("administrator", municipality=outcomes.CITY)
    code = "administrator-gm9001"
    prefix = ApiKey.objects.get(client_id=code).prefix

    assert administrator.delete(f"/v1/api-clients/{code}/keys/{prefix}").status_code == 204
    assert administrator.get("/v1/api-clients").status_code == 401


def lost_before(job):
    RoleGrant.objects.all().delete()


def never(job):
    pass


@pytest.mark.parametrize(
    ("before", "during", "kept"), [(lost_before, never, 0), (never, lost_before, 0), (never, never, 1)]
)
def test_a_job_whose_asker_loses_the_role_keeps_nothing(town, client_with, monkeypatch, before, during, kept):
    steward = client_with("data-steward", municipality=outcomes.CITY)
    job = Job.objects.get(pk=steward.post("/v1/releases", {}, format="json").json()["id"])
    before(job)
    make_release = releases.create_release

    def slowly(**asked):
        made = make_release(**asked)
        during(job)
        return made

    monkeypatch.setattr(releases, "create_release", slowly)
    releases.make_asked_releases()

    job.refresh_from_db()
    assert Release.objects.count() == kept
    assert (job.status, [error["code"] for error in job.errors]) == (
        ("succeeded", []) if kept else ("failed", ["rights-taken"])
    )
