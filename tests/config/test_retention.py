"""What was kept long enough goes, and the audit says what went."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from config.ledger import records
from config.stores import STORES

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
