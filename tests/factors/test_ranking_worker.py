"""The real worker: exactly the definitions that news touches, each mark once, however often it is told."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connections, transaction

from accounts.models import AuditEntry
from config.ledger import outbox
from config.wake import wake
from factors.models import RankingDefinition, RankingMark
from factors.services.definitions import change_definition
from tests.factories import factors as factory

TIMES = 100
PUBLIC = {"model_code": "public", "method": "five-elements-2023"}


class Worker:
    """A Celery worker with two processes and what it wrote."""

    def __init__(self, log: Path) -> None:
        self.log = log

    def computed(self) -> list[tuple[str, int]]:
        """(definition, marks taken) of every computation, in order."""
        lines = (line for line in self.log.read_text().splitlines() if "ranking definition computed" in line)
        told = [json.loads(line[line.index("{") :]) for line in lines]
        return [(each["definition"], each["marks"]) for each in told]

    def wait(self, done) -> None:
        until = time.monotonic() + 120
        while not done():
            assert time.monotonic() < until, self.log.read_text()[-2000:]
            time.sleep(0.05)


@pytest.fixture
def worker(committed, tmp_path) -> Iterator[Worker]:
    RankingMark.objects.all().delete()
    log = tmp_path / "worker.log"
    options = ["--concurrency=2", "--loglevel=info", "--without-mingle", "--without-gossip"]
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", *options]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "INFO"}
    with log.open("wb") as file, subprocess.Popen(command, env=environment, stdout=file, stderr=file) as process:
        told = Worker(log)
        try:
            told.wait(lambda: " ready." in log.read_text())
            yield told
        finally:
            process.terminate()
            process.wait()
            RankingDefinition.objects.filter(code__startswith="test-").delete()


def at_once(work) -> None:
    """The same a hundred times, by ten at once."""

    def once(number):
        try:
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(once, range(TIMES)))


def settled():
    return not RankingMark.objects.exists()


def test_a_hundred_changes_of_a_setting_leave_the_last_one_ranked_and_touch_no_other(worker):
    definition = factory.definition("test-ours", **PUBLIC)
    factory.definition("test-other", **PUBLIC)

    for number in range(TIMES):
        definition.refresh_from_db()
        selection = {"goals": [{"code": "crime", "weight": 1.0 + number % 2}, {"code": "work", "weight": 1.0}]}
        with transaction.atomic():
            held = RankingDefinition.objects.select_for_update(no_key=True).get(pk=definition.pk)
            change_definition(definition=held, seen=held.state, actor="test", selection=selection)

    worker.wait(settled)
    ours, other = (RankingDefinition.objects.get(pk=code) for code in ("test-ours", "test-other"))
    weights = dict(json.loads(ours.newest_snapshot.inputs)["selection"]["goals"])
    assert weights["crime"] == pytest.approx(4 / 3)  # twice as heavy as work, as the last change had it
    assert other.newest_snapshot is None
    computed = worker.computed()
    assert {code for code, _ in computed} == {"test-ours"}
    assert sum(marks for _, marks in computed) == TIMES  # each mark was taken, and by one
    assert len(computed) < TIMES  # together, not one by one


def test_a_hundred_releases_recompute_the_local_definitions_that_read_them_once(worker):
    local = {"form": "prevalence", "weight": 0.2}
    factory.definition("test-reads", area_code="WK036360", local_data=local | {"partner_weight": 0.1}, **PUBLIC)
    factory.definition("test-official", area_code="WK036360", local_data=local, **PUBLIC)
    factory.definition("test-elsewhere", area_code="GM0599", local_data=local | {"partner_weight": 0.1}, **PUBLIC)
    factory.definition("test-plain", **PUBLIC)

    def announce(_number):
        with transaction.atomic(using="monitoring"):
            said = {"municipalityCode": "GM0363", "number": 1}
            outbox.write(store="monitoring", kind="release.published", payload=said)

    at_once(announce)
    wake("factors.tasks.follow_monitoring")

    worker.wait(lambda: worker.computed() and settled())
    computed = worker.computed()
    assert {code for code, _ in computed} == {"test-reads"}
    assert sum(marks for _, marks in computed) == TIMES
    made = RankingDefinition.objects.get(pk="test-reads").newest_snapshot_id
    assert AuditEntry.objects.filter(resource="rankings", resource_code=made).count() <= 1
    assert RankingDefinition.objects.filter(pk__startswith="test-", newest_snapshot=None).count() == 3
