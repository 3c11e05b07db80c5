"""What was kept long enough goes, and the audit says what went."""

import hashlib
import subprocess
import sys
from datetime import timedelta

import orjson
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from config.ledger import records
from config.stores import STORES
from interventions.models import DocumentFile, PlanOfAction, PlanVersion
from monitoring.models import ObservationLoad, Receipt

pytestmark = pytest.mark.usefixtures("committed")


def entry(store, code, days):
    records.model(store, "AuditEntry")._default_manager.create(
        at=timezone.now() - timedelta(days=days), actor="client:a", action="tried", resource="x", resource_code=code
    )


def run():
    done = subprocess.run([sys.executable, "manage.py", "remove_expired"], check=True, capture_output=True, text=True)
    return done.stdout


def left(store, **chosen):
    return records.model(store, "AuditEntry")._default_manager.filter(**chosen)


def test_old_entries_go_from_both_stores_and_young_ones_stay():
    for store in STORES:
        entry(store, "old", 5000)
        entry(store, "young", 10)

    printed = run()

    for store in STORES:
        assert list(left(store, action="tried").values_list("resource_code", flat=True)) == ["young"]
        assert f"{store} AuditEntry: 1 removed" in printed


def test_the_audit_proves_what_was_removed():
    entry("default", "one", 5000)
    entry("default", "two", 4000)

    printed = run()

    proof = left("default", action="retention.removed").get()
    assert (proof.resource, proof.before["count"]) == ("AuditEntry", 2)
    assert proof.before["oldest"] < proof.before["newest"]
    assert proof.before["checksum"] in printed


def test_nothing_old_leaves_no_trace():
    run()

    assert not left("default", action="retention.removed").exists()


def test_a_running_job_is_never_too_old():
    job = records.model("default", "Job")._default_manager.create(
        kind="x", requested_by="client:a", created_at=timezone.now() - timedelta(days=9000)
    )

    run()

    assert records.model("default", "Job")._default_manager.filter(pk=job.pk).exists()


def receipt(at):
    return Receipt.objects.create(municipality_code="GM0363", organisation_code="org-a", delivered_by="client:a",
                                  delivered_at=at, channel="file", rows="[]")  # fmt: skip


def observation_file(at):
    return ObservationLoad.objects.create(requested_by="client:a", digest="0" * 64, finished_at=at)


def idempotent(at):
    known = records.model("monitoring", "IdempotencyRecord")._default_manager
    return known.create(scope="a", key=str(at), fingerprint="0" * 64, created_at=at)


def finished_job(at):
    return records.model("monitoring", "Job")._default_manager.create(kind="x", requested_by="a", finished_at=at)


def working_document(at, edition=""):
    document = PlanOfAction(municipality_code="GM0363", area_code="WK036300", title_nl="Plan")
    document.save(force_insert=True)
    PlanVersion.objects.create(document=document, number=1, content={}, checksum="0" * 64, edition=edition,
                               title_nl="Plan", why_nl="x", actor="client:a")  # fmt: skip
    return DocumentFile.objects.create(resource="plans-of-action", document_id=document.pk, number=1, form="pdf",
                                       content=b"%PDF", size=4, sha256="0" * 64, version_checksum="0" * 64,
                                       made_at=at)  # fmt: skip


def session(at):
    return Session.objects.create(session_key=f"{at:%Y%m%d}", session_data="x", expire_date=at)


KINDS = [
    ("monitoring", receipt, 5000), ("monitoring", observation_file, 5000), ("monitoring", idempotent, 30),
    ("monitoring", finished_job, 5000), ("default", working_document, 5000), ("default", session, 1),
]  # fmt: skip


@pytest.mark.parametrize(("store", "make", "days"), KINDS)
def test_each_kind_goes_when_its_time_has_come_and_the_audit_proves_it(store, make, days):
    old, young = make(timezone.now() - timedelta(days=days)), make(timezone.now() + timedelta(hours=1))
    kind = type(old)

    printed = run()

    proof = left(store, action="retention.removed").get()
    assert list(kind._default_manager.values_list("pk", flat=True)) == [young.pk]
    assert (proof.resource, proof.before["count"], proof.actor) == (kind.__name__, 1, "command:remove_expired")
    assert f"{store} {kind.__name__}: 1 removed, sha256 {proof.before['checksum']}" in printed


def test_the_file_of_an_edition_stays_for_good():
    file = working_document(timezone.now() - timedelta(days=9000), edition="2016")

    run()

    assert DocumentFile.objects.filter(pk=file.pk).exists()
    assert not left("default", action="retention.removed").exists()


def test_whoever_keeps_a_copy_can_check_the_proof():
    moment = timezone.now() - timedelta(days=5000)
    kept = [session(moment), session(moment + timedelta(days=1))]
    copy = [
        {"session_key": one.session_key, "session_data": one.session_data, "expire_date": one.expire_date}
        for one in kept
    ]

    run()

    said = left("default", action="retention.removed").get().before
    sums = hashlib.sha256()
    for row in copy:
        sums.update(orjson.dumps(row, default=str, option=orjson.OPT_SORT_KEYS))
    assert said["checksum"] == sums.hexdigest()


def test_every_kind_of_row_that_goes_has_a_setting_and_its_line_in_the_register():
    register = (settings.BASE_DIR / "docs" / "processing-register.md").read_text()

    for name in ("AUDIT_DAYS", "IDEMPOTENCY_DAYS", "JOB_DAYS", "RECEIPT_DAYS", "DOCUMENT_FILE_DAYS",
                 "OBSERVATION_FILE_DAYS"):  # fmt: skip
        assert getattr(settings, name) > 0
        assert f"`{name}`" in register
