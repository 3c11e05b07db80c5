"""A worker killed in the middle of its draws: the job is taken up again and made once (issue: nothing is lost)."""

import os
import secrets
import signal
import subprocess
import sys
import time

from accounts.models import AuditEntry, Job
from config.ledger.jobs import held
from factors.models import ModelVersion
from factors.ranking import Selection, parameter_set
from factors.ranking.doubt import MAX_DRAWS
from factors.services import ranking_jobs
from factors.services.wishes import Wish

WORK = "import django; django.setup(); from factors import tasks; tasks.make_rankings()"


def half_done(job):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        job.refresh_from_db()
        if job.done_count:
            return job.status == "running"
        time.sleep(0.002)
    return False


def free(job):
    """Whether the server has noticed that the worker is gone."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with held("default", f"ranking:{job.input['snapshotId']}") as ours:
            if ours:
                return True
        time.sleep(0.05)
    return False


def test_a_killed_worker_leaves_its_job_to_the_next(committed):
    version = ModelVersion.objects.select_related("model").get(model_id="public")
    wish = Wish(version, parameter_set("rip-2019", "extended"), Selection(), draws=MAX_DRAWS, seed=secrets.randbits(40))
    job = ranking_jobs.ask_for(wish=wish, requested_by="somebody")
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}

    worker = subprocess.Popen([sys.executable, "-c", WORK], env=environment)
    try:
        assert half_done(job)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert free(job)
    job.refresh_from_db()
    assert (job.status, job.result_path) == ("running", "")
    assert job.done_count < MAX_DRAWS

    assert ranking_jobs.make_asked_rankings() == 1

    job.refresh_from_db()
    assert (job.status, job.done_count) == ("succeeded", MAX_DRAWS)
    identity = job.result_path.rpartition("/")[2]
    assert AuditEntry.objects.filter(resource="rankings", resource_code=identity).count() == 1
    assert not Job.objects.filter(status="running").exists()
