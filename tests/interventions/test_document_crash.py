"""A worker killed while it makes a document: the next one makes it, once."""

import os
import signal
import subprocess
import sys
import time

import pytest

from interventions.models import DocumentFile, PlanOfAction
from interventions.services.cycle.demo_cycle import plan_content
from interventions.services.cycle.document_files import ask_for, make_asked_documents
from interventions.services.cycle.documents import create_document

HANG = """
import django, time
django.setup()
from interventions import tasks
from interventions.services.cycle import document_files
def render(*given, **more):
    print("at it", flush=True)
    time.sleep(120)
document_files.render = render
tasks.make_documents()
"""


@pytest.fixture
def job(committed):
    """A job for a plan in a municipality of its own."""
    plan = PlanOfAction(municipality_code="GM0363", area_code="WK036360", title_nl="Plan")
    version = create_document(document=plan, content=plan_content(None), why="Eerste", actor="somebody")
    return ask_for(version=version, form="html", requested_by="somebody")


def test_a_killed_worker_leaves_its_document_to_the_next(job):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}

    worker = subprocess.Popen([sys.executable, "-c", HANG], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert worker.stdout.readline() == "at it\n"
        job.refresh_from_db()
        assert job.status == "running"
        assert make_asked_documents() == 0  # it is in somebody's hands
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    until = time.monotonic() + 10
    while not (made := make_asked_documents()) and time.monotonic() < until:
        time.sleep(0.1)  # until the server notices that the worker is gone

    job.refresh_from_db()
    assert (made, job.status, DocumentFile.objects.count()) == (1, "succeeded", 1)
    assert make_asked_documents() == 0
