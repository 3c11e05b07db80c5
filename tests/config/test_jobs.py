"""Long tasks: a worker that is killed leaves its job to the next, and a job that kills its workers is given up."""

import os
import signal
import subprocess
import sys
import time
from datetime import date

import pytest

from config.ledger import jobs
from interventions.models import AreaAnalysis
from interventions.services.cycle import document_files
from interventions.services.cycle.documents import create_document
from monitoring.models import Job, ObservationLoad, Release
from monitoring.services.figures import observation_files, observation_jobs
from monitoring.services.releasing import releases
from tests.factories import outcomes

pytestmark = pytest.mark.usefixtures("town")
DIE = "def die(*_given, **_named): os.kill(os.getpid(), signal.SIGKILL)"


def killed(*lines):
    """A real worker process that dies as soon as it comes to the work."""
    code = "\n".join(["import os, signal, django; django.setup()", DIE, *lines])
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == -signal.SIGKILL


def free(job, store):
    """Wait until the server has noticed that the worker is gone."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with jobs.held(store, f"job:{job.pk}") as ours:
            if ours:
                return
        time.sleep(0.02)
    raise AssertionError("the lock of a dead worker stays")


def a_release():
    given = {"municipality_code": outcomes.CITY, "actor": "command:test", "day": date(2026, 6, 1), "minimum": 10}
    dying = ("from monitoring.services.releasing import releases", "releases.create_release = die",
             "releases.make_asked_releases()")  # fmt: skip
    return releases.ask_for_release(**given), dying, releases.make_asked_releases, "monitoring"


def a_document():
    document = AreaAnalysis(municipality_code=outcomes.CITY, area_code="WK900101", title_nl="Analyse")
    version = create_document(document=document, content={}, why="Nieuw", actor="command:test")
    dying = ("from interventions.services.cycle import document_files", "document_files.render = die",
             "document_files.make_asked_documents()")  # fmt: skip
    job = document_files.ask_for(version=version, form="pdf", requested_by="command:test")
    return job, dying, document_files.make_asked_documents, "default"


def a_file():
    load = observation_files.queue(observation_files.Delivered(b"indicatorCode\nx\n", "text/csv", "command:test"))
    dying = ("from monitoring.services.figures import observation_jobs", "observation_jobs.sheet_of = die",
             "observation_jobs.load_queued()")  # fmt: skip
    return Job.objects.get(pk=load.pk), dying, observation_jobs.load_queued, "monitoring"


@pytest.mark.parametrize("asked", [a_release, a_document, a_file])
def test_a_job_that_kills_every_worker_is_given_up(asked):
    job, dying, work, store = asked()
    for _attempt in range(jobs.MOST_INTERRUPTIONS):
        killed(*dying)
        free(job, store)
        job.refresh_from_db()
        assert job.status == "running"

    work()

    job.refresh_from_db()
    assert job.status == "failed"
    assert "interrupted" in {error["code"] for error in job.errors}
    assert job.finished_at
    assert work() == 0
    assert not ObservationLoad.objects.filter(status="queued").exists()


def test_a_worker_that_dies_once_costs_nothing():
    job, dying, work, store = a_release()
    killed(*dying)
    free(job, store)

    assert work() == 1

    job.refresh_from_db()
    assert (job.status, job.errors, Release.objects.count()) == ("succeeded", [], 1)


def test_a_file_that_is_no_longer_wanted_is_not_loaded():
    job, _dying, work, _store = a_file()
    assert jobs.cancel(job)

    work()

    job.refresh_from_db()
    load = ObservationLoad.objects.get(pk=job.pk)
    assert (job.status, load.status) == ("cancelled", "refused")
    assert [fault["code"] for fault in load.faults] == ["cancelled"]
    assert load.content is None
