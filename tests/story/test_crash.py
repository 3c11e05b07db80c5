"""Killed at random points: every receipt's report is there exactly once, and the aggregates are as a rebuild gives."""

import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from tests.factories import outcomes
from tests.story.crashing import SERVERS, Town, insisted, town

QUARTERS = [f"{year}-Q{quarter}" for year in (2024, 2025) for quarter in (1, 2, 3, 4)]
AREAS = [*outcomes.NEIGHBOURHOODS, "BU90010101", "BU90010102", "district-a", outcomes.CITY, "unknown"]
OFFERINGS = [f"offering-{n}" for n in range(12)]


def deliveries(count: int, dice: Random) -> list[dict[str, Any]]:
    """First reports, and corrections of some of them; in the order of time per report."""
    keys = list(product(OFFERINGS, QUARTERS, AREAS))
    dice.shuffle(keys)
    chosen = (keys * (1 + count // len(keys)))[:count]
    return [
        outcomes.report(
            offeringCode=offering, period=quarter, areaCode=area,
            counts={"targetGroup": 400, "invited": 120, "started": 30 + number % 60},
        )
        for number, (offering, quarter, area) in enumerate(chosen)
    ]  # fmt: skip


def deliver_under_fire(place: Town, count: int, kills: list[str], dice: Random) -> dict[tuple[str, ...], Any]:
    """Four senders, and somebody who kills; returns what the receipts promise: report → its counts."""
    sent = deliveries(count, dice)
    done, promised = threading.Semaphore(0), {}
    lanes: list[list[tuple[int, dict[str, Any]]]] = [[], [], [], []]
    for number, report in enumerate(sent):  # one report always in the same lane, so that its last version is known
        lanes[hash((report["offeringCode"], report["areaCode"], report["period"])) % 4].append((number, report))

    def send(lane: list[tuple[int, dict[str, Any]]]) -> None:
        headers = {"Authorization": f"Bearer {place.key}"}
        with httpx.Client(base_url=place.url, headers=headers, timeout=20) as client:
            for number, report in lane:
                receipt = insisted(client, "/v1/outcome-reports", report, key=f"delivery-{number}")
                assert receipt["counts"]["rejected"] == 0  # type: ignore[index]
                promised[report["offeringCode"], report["period"], report["areaCode"]] = report["counts"]
                done.release()

    moments = sorted(dice.sample(range(count // 10, count * 9 // 10), len(kills)))
    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(send, lane) for lane in lanes]
        arrived = 0
        for moment, victim in zip(moments, kills, strict=True):
            while arrived < moment and not all(one.done() for one in running):
                arrived += done.acquire(timeout=0.2)
            assert not all(one.done() for one in running), f"nothing was under way when {victim} was to be killed"
            place.kill(victim)
        for one in running:
            one.result()
    return promised


def stored(place: Town) -> dict[tuple[str, ...], Any]:
    """Every report as the API lists it; a report that is there twice fails."""
    found: dict[tuple[str, ...], Any] = {}
    url: str | None = "/v1/outcome-reports?pageSize=500"
    with httpx.Client(base_url=place.url, headers={"Authorization": f"Bearer {place.key}"}, timeout=60) as client:
        while url:
            answer = client.get(url).raise_for_status().json()
            for row in answer["results"]:
                key = row["offeringCode"], row["period"], row["areaCode"]
                assert key not in found
                found[key] = row["counts"]
            url = answer["next"]
    return found


def wait_until_counted(place: Town, seconds: float = 60) -> None:
    """The workers work off what is marked, without any help."""
    asked = "from monitoring.models import AggregateMark; print(AggregateMark.objects.count())"
    until = time.monotonic() + seconds
    while place.manage("shell", "-v", "0", "-c", asked).split()[-1] != "0":
        assert time.monotonic() < until, "marks are left over"
        time.sleep(0.5)


def prove(count: int, kills: list[str], seed: int) -> None:
    # not in pytest's folder: other runs of pytest close that to the account PostgreSQL has when we are root
    with tempfile.TemporaryDirectory(prefix="fm-crash-") as folder, town(Path(folder)) as place:
        promised = deliver_under_fire(place, count, kills, Random(seed))
        place.wait_until_ready()
        wait_until_counted(place)

        listed = stored(place)
        periods = {period: f"{period[:4]}-{3 * int(period[-1]) - 2:02}-01" for period in QUARTERS}
        given = {(o, p[:10], a): {k: v for k, v in c.items() if v is not None} for (o, p, a), c in listed.items()}
        assert given == {(o, periods[p], a): counts for (o, p, a), counts in promised.items()}
        assert "0 cells" in place.manage("rebuild_aggregates", "--check")


def test_nothing_is_lost_or_counted_twice_when_each_server_is_killed_once():
    prove(800, list(SERVERS), seed=1)


@pytest.mark.proof
def test_nothing_is_lost_or_counted_twice_in_five_thousand_deliveries():
    dice = Random(2)
    kills = [name for _round in range(6) for name in dice.sample(SERVERS, len(SERVERS))]
    prove(5000, kills, seed=3)
