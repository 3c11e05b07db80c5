"""Both stores at one moment, restored on another server: the same rows, and events that are still read once."""

import os
import subprocess
import sys
from contextlib import ExitStack
from datetime import date

import psycopg
import pytest

from config import exports
from config.ledger import outbox, records
from config.stores import STORES
from deploy.local import services
from monitoring.models import Aggregate
from monitoring.services.aggregation import aggregates
from monitoring.services.delivery.deliveries import deliver
from monitoring.services.delivery.known import Sender
from tests.factories import outcomes

GIVEN = ("DATABASE_URL", "MONITORING_DATABASE_URL", "DATABASE_OWNER_URL", "MONITORING_DATABASE_OWNER_URL", "REDIS_URL")
SENDER = Sender("client:test", frozenset({(outcomes.CITY, "org-a")}))
UNREAD = "SELECT kind FROM default_outbox WHERE (xid, id) > (%s, %s) ORDER BY xid, id"
NEW = "INSERT INTO default_outbox (kind, payload) VALUES (%s, '{}')"


@pytest.fixture
def elsewhere(tmp_path):
    """Settings of two empty stores on a server of their own."""
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as ours:
            for name in GIVEN:
                ours.delenv(name)
            variables = stack.enter_context(services.started(tmp_path / "elsewhere"))
        yield os.environ | variables


def manage(*arguments, env=None):
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, env=env, check=False, capture_output=True, text=True)


def announce(kind):
    outbox.write(store="default", kind=kind, payload={})


def test_a_backup_is_restored_elsewhere_with_the_same_rows_and_aggregates(town, tmp_path, request):
    deliver(raws=[outcomes.report()], sender=SENDER, day=date(2024, 6, 1))
    aggregates.refresh()
    announce("read-before")
    outbox.follow(source="default", target="monitoring", reader="bench", handle=lambda event: None)
    announce("not-yet-read")

    taken = manage("backup", str(tmp_path / "backup"))
    there = request.getfixturevalue("elsewhere")
    restored = manage("restore", str(tmp_path / "backup"), env=there)

    assert (taken.returncode, restored.returncode) == (0, 0), taken.stderr + restored.stderr
    assert "monitoring: " in restored.stdout
    for store in STORES:
        written = records.model(store, "AuditEntry")._default_manager.get(action=exports.ACTION)
        assert (written.actor, written.resource) == ("command:backup", "backups")
        assert written.after["sha256"] in taken.stdout
    assert "each with the rows and checksum it had" in restored.stdout
    assert Aggregate.objects.exists()
    rebuilt = manage("rebuild_aggregates", "--check", env=there)
    assert (rebuilt.returncode, rebuilt.stdout) == (0, "aggregates: 0 cells changed\n")
    assert unread(there) == ["not-yet-read"]
    with psycopg.connect(there["DATABASE_URL"]) as connection:
        connection.execute(NEW, ["new"])
    assert unread(there) == ["not-yet-read", "new"]
    assert newest_fact(there) < 0


def unread(env):
    """Kinds of the events that the other store has yet to read, in its order."""
    with psycopg.connect(env["MONITORING_DATABASE_OWNER_URL"]) as connection:
        cursor = connection.execute("SELECT xid, position FROM monitoring_outboxcursor WHERE reader = 'bench'")
        place = cursor.fetchone()
    with psycopg.connect(env["DATABASE_OWNER_URL"]) as connection:
        return [kind for (kind,) in connection.execute(UNREAD, place)]


def newest_fact(env):
    """The transaction that the newest copy of an offering came from: any change of it from now on is newer."""
    with psycopg.connect(env["MONITORING_DATABASE_OWNER_URL"]) as connection:
        return connection.execute("SELECT max(xid) FROM monitoring_offeringfact").fetchone()[0]


def test_a_damaged_backup_or_a_full_store_changes_nothing(committed, tmp_path):
    folder = tmp_path / "backup"
    manage("backup", str(folder))

    full = manage("restore", str(folder))
    (folder / "default.dump").write_bytes((folder / "default.dump").read_bytes()[:-1] + b"x")
    damaged = manage("restore", str(folder))
    again = manage("backup", str(folder))

    assert full.returncode == damaged.returncode == again.returncode == 1
    assert "holds tables already" in full.stderr
    assert "not the file that was written" in damaged.stderr
    assert "is not empty" in again.stderr


def test_whoever_writes_an_outbox_is_waited_for(committed, tmp_path):
    """A change whose event is written but not committed is in neither store's copy, or in both."""
    assert STORES == ("default", "monitoring")
    with psycopg.connect(os.environ["DATABASE_URL"]) as writing:
        writing.execute(NEW, ["slow"])
        taking = subprocess.Popen([sys.executable, "manage.py", "backup", str(tmp_path / "b")], stdout=subprocess.PIPE)
        with pytest.raises(subprocess.TimeoutExpired):
            taking.wait(timeout=12)
        writing.commit()
        out, _ = taking.communicate(timeout=120)

    assert taking.returncode == 0
    assert b"default: " in out
