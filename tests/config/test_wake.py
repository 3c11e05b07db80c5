"""Waking workers: at once when nobody did, and once more for all who ask soon after."""

import pytest

from config import wake

TASK = "monitoring.tasks.refresh_aggregates"


@pytest.fixture
def sent(monkeypatch):
    """What was sent, as (moment, moment at which it begins); `clock[0]` is now."""
    messages, clock = [], [100.0]

    def send(task, *, countdown, **options):
        messages.append((clock[0], clock[0] + (countdown or 0)))

    monkeypatch.setattr(wake.app, "send_task", send)
    monkeypatch.setattr(wake.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(wake, "_begins", {})
    return messages, clock


def test_after_every_wish_a_worker_begins_and_no_oftener_than_once_in_a_pause(sent):
    messages, clock = sent
    wishes = [100.0, 100.01, 100.4, 100.99, 101.0, 101.5, 140.0, 140.1]

    for clock[0] in wishes:
        wake.wake(TASK)

    begins = [begin for _sent, begin in messages]
    assert begins == [100.0, 101.0, 102.0, 140.0, 141.0]
    for wish in wishes:
        assert any(wish <= begin <= wish + wake.PAUSE_SECONDS for begin in begins), wish


def test_each_task_is_woken_by_itself(sent):
    wake.wake(TASK)
    wake.wake("monitoring.tasks.work_out_corrections")

    assert len(sent[0]) == 2


def test_a_broker_that_is_away_is_asked_again(sent, monkeypatch):
    def away(*given, **options):
        raise OSError

    with monkeypatch.context() as while_away:
        while_away.setattr(wake.app, "send_task", away)
        wake.wake(TASK)
    wake.wake(TASK)

    assert sent[0] == [(100.0, 100.0)]
