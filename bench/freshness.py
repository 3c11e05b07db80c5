"""python -m bench.freshness [--quick] [--batches]: from an accepted report to a visible aggregate, at 50 a second.

The whole service as `make run` starts it, with its real worker and beat. A partner's own reports are corrected at a
steady 50 a second; of every tenth we ask over HTTP until the working aggregate shows it. With --batches the other nine
come in one request, which leaves the web server room on a busy machine. Goal: under 5 s at the median.
"""

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles
from types import MappingProxyType
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[1]
RATE, SAMPLE = 50, 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="5 seconds of reports instead of 30")
    parser.add_argument("--batches", action="store_true", help="nine of ten reports nine at a time")
    asked = parser.parse_args()
    seconds = 5 if asked.quick else 30
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    service = subprocess.Popen(
        [sys.executable, "-m", "deploy.local", "run"], cwd=ROOT, text=True, stdout=subprocess.PIPE,
        env=os.environ | {"PORT": str(port)}, start_new_session=True,
    )  # fmt: skip
    folder = ROOT / ".local" / str(port)
    try:
        started = any("Ctrl-C" in line for line in service.stdout or ())
        if not started:
            raise SystemExit("the service did not start")
        keys = dict(re.findall(r"export (\w+)=(\S+)", (folder / "demo-keys.env").read_text()))
        _measure(Api(f"http://127.0.0.1:{port}/v1", keys["PARTNER_KEY"]), seconds, batches=asked.batches)
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


class Api:
    def __init__(self, url: str, key: str) -> None:
        self.url, self.headers = url, {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def call(self, path: str, body: Any = None, headers: Mapping[str, str] = MappingProxyType({})) -> Any:
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(self.url + path, data, {**self.headers, **headers})
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return json.load(answer)


def _measure(api: Api, seconds: int, *, batches: bool) -> None:
    reports = [
        r for r in api.call("/outcome-reports?measure=reach&pageSize=500")["results"] if r["areaCode"] != "unknown"
    ]
    sampled, others = reports[::2], reports[1::2]  # nobody else corrects what is waited for
    began, delays, late = time.monotonic(), [], 0.0
    with ThreadPoolExecutor(24) as pool:
        waiting, sending = [], []
        for number in range(RATE * seconds):
            due = began + number / RATE
            time.sleep(max(0.0, due - time.monotonic()))
            late = max(late, time.monotonic() - due)
            if number % SAMPLE == 0 and sampled:
                waiting.append(pool.submit(_until_visible, api, sampled.pop()))
            elif not batches:
                sending.append(pool.submit(_deliver, api, others[number % len(others)], number % 3))
            elif number % SAMPLE == SAMPLE - 1:
                some = [others[(number - back) % len(others)] for back in range(SAMPLE - 1)]
                sending.append(pool.submit(_deliver_together, api, some, number % 3))
        for one in sending:
            one.result()
        sent = time.monotonic() - began
        delays = [one.result() for one in waiting]
    low, high = min(delays), quantiles(delays, n=20)[-1] if len(delays) > 1 else max(delays)
    print(f"{RATE * seconds} reports in {sent:.1f} s (asked for {RATE} a second, at most {late:.2f} s behind)")
    print(f"from the answer to the visible aggregate, {len(delays)} samples: median {median(delays):.2f} s, "
          f"fastest {low:.2f} s, 95 % within {high:.2f} s (goal: median under 5 s)")  # fmt: skip


def _deliver(api: Api, report: dict[str, Any], more: int) -> int:
    """A correction of one part by a few; returns the new value of that part."""
    body = _corrected(report, more)
    api.call("/outcome-reports", body)
    return int(body["counts"]["targetGroup"])


def _deliver_together(api: Api, reports: list[dict[str, Any]], more: int) -> None:
    body = {"requests": [_corrected(report, more) for report in reports]}
    api.call("/outcome-reports/_batch", body, {"Idempotency-Key": str(uuid4())})


def _corrected(report: dict[str, Any], more: int) -> dict[str, Any]:
    counts = {name: value for name, value in report["counts"].items() if value is not None}
    counts["targetGroup"] += more + 1
    return {name: report[name] for name in ("offeringCode", "measure", "period", "areaCode")} | {"counts": counts}


def _until_visible(api: Api, report: dict[str, Any]) -> float:
    wanted = _deliver(api, report, 4)
    begun = time.monotonic()
    asked = "&".join(f"{name}={report[name]}" for name in ("offeringCode", "measure", "areaCode", "period"))
    while time.monotonic() - begun < 60:
        cells = api.call(f"/outcome-aggregates?view=working&{asked}")["results"]
        if any(cell["counts"]["targetGroup"] == wanted for cell in cells):
            return time.monotonic() - begun
        time.sleep(0.2)  # asking more often than that would be most of the work
    raise SystemExit("an accepted report did not become visible within a minute")


if __name__ == "__main__":
    main()
