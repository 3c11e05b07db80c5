"""python -m bench.monitoring [--quick | --national] [--data FOLDER] [--only loading reading storage http]

Figures of a made-up country: loading, profiles in process and over HTTP, and storage, each beside a peer in the same
run. --quick: 66,600 figures, a minute or two. Without: 3.3 million. --national: 18,400 areas x 200 indicators x 10
years, 36.8 million figures, about 15 GB of disk. --data keeps the databases in a folder: a run that was broken off goes
on there, and figures once made serve again (loading is then left out, for it wants empty tables).

Candidates run in turn; a ratio is the median over the rounds, so read ratios and not milliseconds.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg

from bench import country, figures_http, figures_loading, figures_reading
from deploy.local import services

PARTS = ("loading", "reading", "storage", "http")


@dataclass(frozen=True)
class Run:
    """loaded: rows of a loaded file. profiles: areas read. seconds: of each load over HTTP."""

    size: country.Size
    loaded: int
    profiles: int
    seconds: float
    rounds: int


QUICK = Run(country.Size(300, 40, 5), 20_000, 40, 1, 2)
USUAL = Run(country.Size(1_500, 200, 10), 200_000, 120, 3, 3)
NATIONAL = Run(country.Size(16_575, 200, 10), 200_000, 200, 5, 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--national", action="store_true")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    asked = parser.parse_args()
    run = QUICK if asked.quick else NATIONAL if asked.national else USUAL
    with _folder(asked.data) as folder, services.started(folder) as variables:
        os.environ.update(variables)
        os.environ.update({"DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "ERROR"})
        subprocess.run([sys.executable, "manage.py", "migrate_stores", "-v", "0"], check=True)
        import django

        django.setup()
        with psycopg.connect(os.environ["MONITORING_DATABASE_OWNER_URL"], autocommit=True) as owner:
            _measure(owner, run, folder, asked.only)


def _measure(owner: Any, run: Run, folder: Path, parts: list[str]) -> None:
    begun = perf_counter()
    if figures_loading.broken_off(owner):
        figures_loading.clear(owner)
    country.make_places(owner, run.size)
    empty = owner.execute("SELECT NOT EXISTS (SELECT FROM monitoring_observation)").fetchone()[0]
    if "loading" in parts and empty:
        figures_loading.measure(owner, run.size, rows=run.loaded, rounds=run.rounds)
    if set(parts) - {"loading"}:
        country.make_figures(owner, run.size)
        print(
            f"{run.size.figures:,} figures of {len(run.size.areas):,} areas are there; {perf_counter() - begun:.0f} s\n"
        )
    if "reading" in parts:
        figures_reading.measure_profiles(run.size, areas=run.profiles)
    if "storage" in parts:
        figures_reading.measure_storage(owner, run.size)
    if "http" in parts:
        figures_http.measure(owner, run.size, folder, seconds=run.seconds, rounds=run.rounds)
    print(f"{perf_counter() - begun:.0f} s in all")


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
    else:
        with tempfile.TemporaryDirectory(prefix="fm-bench-") as made:
            yield Path(made)


if __name__ == "__main__":
    main()
