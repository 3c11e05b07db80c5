"""Profiles over HTTP: ours kept and afresh, beside a constant answer by the same server, FastAPI and Datasette."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bench import country
from bench.load_client import Load, load

GZIP = "Accept-Encoding: gzip\r\n"
HUGE = "1000000000"
RATIOS = (("kept profile", "constant answer"), ("kept profile", "bare answer"), ("304", "kept profile"),
          ("afresh", "FastAPI + asyncpg"), ("afresh", "Datasette"))  # fmt: skip


def measure(owner: Any, size: country.Size, folder: Path, *, seconds: float, rounds: int) -> None:
    """Print requests per second of every way, in turn, and their ratios; then memory while a million rows stream."""
    areas = [f"BU{number:08}" for number in range(0, size.neighbourhoods, max(1, size.neighbourhoods // 50))]
    with _ours() as (ours, process), _fastapi() as fastapi, _datasette(owner, areas, folder) as datasette:
        profiles = [f"/v1/areas/{area}/profile" for area in areas]
        tag, packed = _first(ours, profiles)
        ways = {
            "bare answer": (ours, [f"/bare/{packed}"], GZIP),
            "constant answer": (ours, [f"/constant/{packed}"], GZIP),
            "kept profile": (ours, profiles[:20], GZIP),
            "304": (ours, profiles[:1], f"{GZIP}If-None-Match: {tag}\r\n"),
            "afresh": (ours, [f"{path}?year=2024" for path in profiles], GZIP),
            "FastAPI + asyncpg": (fastapi, [f"/rows/{area}" for area in areas], ""),
            "Datasette": (datasette, [_datasette_path(area) for area in areas], ""),
        }
        found: dict[str, list[Load]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, (port, paths, headers) in ways.items():
                found[name].append(load(port, paths, headers=headers, seconds=seconds))
        _table(found, size)
        _export(ours, process.pid, size)


def _table(found: dict[str, list[Load]], size: country.Size) -> None:
    rows = size.indicators * size.years * 4
    print(
        f"Over HTTP, one worker, 16 connections, profiles of {rows:,} rows; goals: kept >= 0.80 of constant, 304 faster"
    )
    print("  than kept (constant: by a view of Django; bare: by the server alone), afresh >= 2 x FastAPI + asyncpg")
    print("  and >= 4 x Datasette (these give the rows, unjudged)")
    for name, loads in found.items():
        speed, p50, p99 = (median(getattr(one, name) for one in loads) for name in ("per_second", "p50", "p99"))
        size_told = f"{loads[-1].size:9,} bytes"
        print(f"  {name:20} {speed:9,.1f} req/s  p50 {p50:8.2f} p99 {p99:8.2f} ms  {size_told}")
    for above, below in RATIOS:
        ratio = median(a.per_second / b.per_second for a, b in zip(found[above], found[below], strict=True))
        print(f"  {above} / {below}: {ratio:.2f}")
    print(flush=True)


def _first(port: int, profiles: list[str]) -> tuple[str, int]:
    """Have every profile made once; the tag and packed size of the first."""
    answers = []
    for path in profiles:
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            answers.append((answer.headers["ETag"], len(answer.read())))
    return answers[0]


def _export(port: int, pid: int, size: country.Size) -> None:
    """A long export may not grow the server: the most memory it ever took, before and after."""
    years = max(1, min(size.years, round(1e6 / (len(size.areas) * size.indicators))))
    query = f"?format=csv&periodFrom={country.FIRST_YEAR}&periodUntil={country.FIRST_YEAR + years - 1}"
    before, begun, rows = _most_memory(pid), time.perf_counter(), -1
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/observations{query}", timeout=600) as answer:
        while piece := answer.read(1 << 20):
            rows += piece.count(b"\n")
    taken, grown = time.perf_counter() - begun, _most_memory(pid) - before
    print(
        f"Streaming {rows:,} rows as CSV: {rows / taken:,.0f} rows/s; the server grew by {grown:.0f} MB (at most 100)\n"
    )
    if rows != len(size.areas) * size.indicators * years or grown > 100:
        raise SystemExit("the export is not whole, or not bounded in memory")


def _most_memory(pid: int) -> float:
    """Megabytes, of the process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    pids = [pid, *(int(one) for one in (children.read_text().split() if children.exists() else []))]
    lines = [line for one in pids for line in Path(f"/proc/{one}/status").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


@contextmanager
def _ours() -> Iterator[tuple[int, Any]]:
    env = {"DJANGO_SETTINGS_MODULE": "bench.served.settings", "QUOTA_ANONYMOUS": HUGE}
    arguments = ["-m", "granian", "--interface", "wsgi", "--no-ws", "--workers", "1", "--blocking-threads", "4"]
    with _served([*arguments, "--host", "127.0.0.1", "--port"], ["bench.served.wsgi:application"], env) as found:
        yield found


@contextmanager
def _fastapi() -> Iterator[int]:
    from monitoring.services.figures.values import FIELDS

    arguments = ["-m", "uvicorn", "bench.served.fastapi_app:app", "--no-access-log", "--log-level", "error", "--port"]
    with _served(arguments, [], {"BENCH_COLUMNS": ", ".join(FIELDS)}) as (port, _process):
        yield port


@contextmanager
def _datasette(owner: Any, areas: list[str], folder: Path) -> Iterator[int]:
    """The rows of these areas and what they lie in, and no others: that can only help it."""
    from monitoring.services.figures.values import FIELDS

    target = folder / "peer.db"
    target.unlink(missing_ok=True)
    codes = sorted({code for area in areas for code in country.above(area)})
    columns = ", ".join(FIELDS)
    with sqlite3.connect(target) as made:
        made.execute(f"CREATE TABLE rows ({columns})")
        sql = f"SELECT {columns} FROM monitoring_observation WHERE area_code = ANY(%s)"  # noqa: S608
        marks = ", ".join("?" * len(FIELDS))
        found = (
            [str(cell) if hasattr(cell, "isoformat") else cell for cell in row] for row in owner.execute(sql, [codes])
        )
        made.executemany(f"INSERT INTO rows VALUES ({marks})", found)  # noqa: S608
        made.execute("CREATE INDEX rows_area ON rows (area_code)")
    arguments = ["-m", "datasette", "serve", "-i", str(target), "--setting", "max_returned_rows", "100000",
                 "--setting", "sql_time_limit_ms", "60000", "--port"]  # fmt: skip
    with _served(arguments, [], {}) as (port, _process):
        yield port
    target.unlink(missing_ok=True)


def _datasette_path(area: str) -> str:
    codes = "%2C".join(f"%27{code}%27" for code in country.above(area))
    return f"/peer.json?sql=select+*+from+rows+where+area_code+in+({codes})&_shape=arrays"


@contextmanager
def _served(before: list[str], after: list[str], env: Mapping[str, str]) -> Iterator[tuple[int, Any]]:
    """A server on a free port, as soon as it listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    process = subprocess.Popen([sys.executable, *before, str(port), *after], env={**os.environ, **env},
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None:
                    raise SystemExit(f"{' '.join(before)} ended at once") from None
                time.sleep(0.1)
        yield port, process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
