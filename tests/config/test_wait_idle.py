"""Waiting for the workers: every outbox read by those who follow it, the own one too."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from accounts.models import OutboxCursor
from config.ledger import outbox
from factors import tasks as factors
from factors.models import RankingMark
from monitoring import tasks as monitoring

pytestmark = pytest.mark.usefixtures("committed")


def wait():
    call_command("wait_idle", timeout=0)


def announce(store):
    with transaction.atomic(using=store):
        outbox.write(store=store, kind="something.else", payload={})


def test_it_waits_for_every_reader_of_every_outbox():
    RankingMark.objects.all().delete()
    for read in (factors.follow_monitoring, factors.follow_default, monitoring.follow_default):
        read()
    wait()

    announce("default")
    with pytest.raises(CommandError, match="default"):
        wait()
    monitoring.follow_default()
    with pytest.raises(CommandError, match="default"):
        wait()  # the reader of its own store has not read it yet
    factors.follow_default()
    wait()

    announce("monitoring")
    with pytest.raises(CommandError, match="monitoring"):
        wait()
    factors.follow_monitoring()
    wait()
    assert OutboxCursor.objects.filter(reader="factors-default").exists()
