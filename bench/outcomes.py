"""python -m bench.outcomes [--quick]: delivering outcome reports, against their peers in the same run.

One report: POST over HTTP to our service and to plain Django views behind the same server: one as the documentation of
DRF has it written, a serializer with `update_or_create`, a single INSERT ... ON CONFLICT; each commits every report.
Files and batches: the same rows by COPY into a staging table and an upsert into a copy of our table, without a check, a
receipt, a history or a mark. Candidates run in turn; a ratio is the median over the rounds.
"""

# ruff: noqa: S608 - statements over tables of this bench
import argparse
import cProfile
import csv
import io
import os
import pstats
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import psycopg

from bench.outcome_city import CITY, ORGANISATION, elsewhere
from deploy.local import services

TODAY = date(2026, 11, 26)
FILE_COLUMNS = ("offeringCode", "measure", "period", "areaCode", "targetGroup", "invited", "started")


@dataclass(frozen=True)
class Size:
    """offerings x areas reports per delivery; singles: POSTs per round."""

    offerings: int
    areas: int
    singles: int
    rounds: int


QUICK, FULL = Size(10, 100, 60, 3), Size(50, 190, 300, 5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under a minute: 1,000 reports instead of 9,500")
    parser.add_argument("--profile", action="store_true", help="say where the time of one CSV file goes")
    asked = parser.parse_args()
    size = QUICK if asked.quick else FULL
    with tempfile.TemporaryDirectory(prefix="fm-bench-") as folder, services.started(Path(folder)) as variables:
        os.environ.update(variables)
        os.environ.update({"DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "ERROR"})
        subprocess.run([sys.executable, "manage.py", "migrate_stores", "-v", "0"], check=True)
        import django

        django.setup()
        _city(size)
        elsewhere()
        import config.wsgi  # noqa: F401 - the walls and the garbage collector as in the web server
        from bench.outcome_peers import singles

        with psycopg.connect(os.environ["MONITORING_DATABASE_OWNER_URL"], autocommit=True) as owner:
            owner.execute("CREATE TABLE peer (LIKE monitoring_outcomereport INCLUDING ALL)")
            owner.execute("ANALYZE monitoring_area, monitoring_offeringfact, monitoring_measurementplan")
            if asked.profile:
                _profile(size)
            _deliveries(owner, size)
            singles(size.singles, size.rounds)


def _city(size: Size) -> None:
    """A city of neighbourhoods and offerings that are asked for their reach every quarter."""
    from config.ledger.outbox import Event
    from monitoring.models import Area
    from monitoring.services.facts import take_over

    areas = [CITY, *(_area(number) for number in range(size.areas))]
    Area.objects.bulk_create(
        Area(code=code, level="municipality" if code == CITY else "neighbourhood", name_nl=code, municipality_code=CITY)
        for code in areas
    )
    for number in range(size.offerings):
        payload = {
            "offeringCode": _offering(number), "municipalityCode": CITY, "organisationCode": ORGANISATION,
            "interventionCode": f"intervention-{number % 7}", "serviceType": "open-individual-support",
            "cityWide": True, "areaCodes": [], "factorCodes": [], "startsOn": "2010-01-01", "endsOn": None,
            "agreements": [], "intendedReach": None, "demo": False,
        }  # fmt: skip
        take_over(Event(1, number + 1, "offering.changed", payload))


def _area(number: int) -> str:
    return f"WK9901{number:03}"


def _offering(number: int) -> str:
    return f"bench-offering-{number}"


def _rows(size: Size, period: str) -> list[tuple[Any, ...]]:
    """(offering, measure, period, area, target group, invited, started); the same for the same arguments."""
    return [
        (_offering(n), "reach", period, _area(a), 400 + (n * 31 + a * 17) % 200, 100 + (n + a) % 90, 20 + (n * a) % 60)
        for n in range(size.offerings)
        for a in range(size.areas)
    ]


def _csv(rows: list[tuple[Any, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([FILE_COLUMNS, *rows])
    return text.getvalue().encode()


def _json(rows: list[tuple[Any, ...]]) -> bytes:
    import orjson

    return orjson.dumps({"requests": [
        {**dict(zip(FILE_COLUMNS[:4], row[:4], strict=True)),
         "counts": dict(zip(FILE_COLUMNS[4:], row[4:], strict=True))} for row in rows
    ]})  # fmt: skip


STAGED = ("id, municipality_code, organisation_code, offering_code, measure, period_kind, period_start, period_end, "
          "area_code, counts, explanation, status, version, external_id, recorded_by, receipt_id, demo")  # fmt: skip


def _staged(rows: list[tuple[Any, ...]]) -> bytes:
    """The same values, ready for COPY: making them is not the peer's work."""
    from uuid import uuid4

    from monitoring.periods import parse

    receipt, lines = uuid4(), []
    for offering, measure, text, area, group, invited, started in rows:
        period, counts = parse(text), f"{{{group},NULL,{invited},{started},NULL,NULL}}"
        lines.append("\t".join(map(str, (
            uuid4(), CITY, ORGANISATION, offering, measure, period.kind, period.start, period.end, area, counts, "",
            "accepted", 1, "", "bench", receipt, "f",
        ))))  # fmt: skip
    return ("\n".join(lines) + "\n").encode()


def _upsert(owner: Any, content: bytes) -> None:
    """The floor: staged and upserted without a question."""
    with owner.transaction(), owner.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE staged (LIKE peer INCLUDING DEFAULTS) ON COMMIT DROP")
        with cursor.copy(f"COPY staged ({STAGED}) FROM STDIN") as copy:
            copy.write(content)
        cursor.execute(
            f"""INSERT INTO peer ({STAGED}) SELECT {STAGED} FROM staged
                ON CONFLICT (offering_code, measure, period_start, period_kind, area_code) DO UPDATE
                SET counts = excluded.counts, explanation = excluded.explanation, receipt_id = excluded.receipt_id"""
        )


def _client() -> Any:
    """A client in this process that speaks for the organisation; the same path as over HTTP, without the socket."""
    from django.conf import settings
    from rest_framework.test import APIClient

    from tests.factories import accounts

    settings.ALLOWED_HOSTS = ["*"]
    client = APIClient()
    key = accounts.key("partner", municipality=CITY, organisation=ORGANISATION)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    return client


def _send(client: Any, path: str, content: bytes, kind: str, key: str) -> Any:
    return client.generic("POST", path, content, content_type=kind, HTTP_IDEMPOTENCY_KEY=key)


def _delivered(answer: Any) -> None:
    """Reading the answer is the partner's work, so it is not timed; nor is it left for our collector of garbage, as
    what the test client reads would be."""
    import orjson

    if answer.status_code not in (200, 201) or orjson.loads(answer.content)["counts"]["rejected"]:
        raise SystemExit(f"not delivered: {answer.status_code} {answer.content[:500]!r}")


def _profile(size: Size) -> None:
    client, profile = _client(), cProfile.Profile(process_time)
    content = _csv(_rows(size, "2010-Q1"))
    profile.runcall(_send, client, "/v1/outcome-files", content, "text/csv", "profile")
    pstats.Stats(profile).sort_stats("cumulative").print_stats(45)


def _deliveries(owner: Any, size: Size) -> None:
    client, times = _client(), dict[str, list[float]]()
    batch = min(size.offerings * size.areas, 5000)
    for turn in range(size.rounds):
        rows, later = _rows(size, f"{2011 + turn}-Q1"), _rows(size, f"{2011 + turn}-Q2")[:batch]
        content, items, plain, some = _csv(rows), _json(later), _staged(rows), _staged(later)
        _timed(times, "COPY + upsert", lambda plain=plain: _upsert(owner, plain))
        for again in ("first time", "again"):
            dead = _dead(owner)
            _timed(times, f"CSV, {again}", lambda content=content, key=f"c{turn}{again}": _send(
                client, "/v1/outcome-files", content, "text/csv", key))  # fmt: skip
            left = _dead(owner) - dead
        _timed(times, "COPY + upsert of a batch", lambda some=some: _upsert(owner, some))
        for again in ("first time", "again"):
            _timed(times, f"JSON batch, {again}", lambda items=items, key=f"j{turn}{again}": _send(
                client, "/v1/outcome-reports/_batch", items, "application/json", key))  # fmt: skip
    count = size.offerings * size.areas
    print(f"Delivering {count:,} reports as CSV, {batch:,} as JSON, with checks, receipt, history and marks.")
    print("Goals: CSV >= 0.40, JSON >= 0.25 of the peer; again at least as fast as the first time, no dead rows.")
    for name, found in times.items():
        of_batch = "JSON" in name or "batch" in name
        peer = "COPY + upsert of a batch" if of_batch else "COPY + upsert"
        ratio = median(a / b for a, b in zip(times[peer], found, strict=True))
        print(f"  {name:26} {(batch if of_batch else count) / median(found):10,.0f} reports/s  {ratio:5.2f} of {peer}")
    print(f"  dead rows left by the last file sent again: {left}\n")


def _dead(owner: Any) -> int:
    """Dead rows of the partner tables, as the server counts them."""
    owner.execute("SELECT pg_stat_force_next_flush()")
    tables = ("outcomereport", "outcomereporthistory", "aggregatemark", "correctioneffect")
    sql = "SELECT sum(n_dead_tup + n_tup_del + n_tup_upd) FROM pg_stat_user_tables WHERE relname = ANY(%s)"
    return int(owner.execute(sql, [[f"monitoring_{name}" for name in tables]]).fetchone()[0] or 0)


def _timed(times: dict[str, list[float]], name: str, run: Callable[[], Any]) -> None:
    begun = perf_counter()
    answer = run()
    times.setdefault(name, []).append(perf_counter() - begun)
    if answer is not None:
        _delivered(answer)


if __name__ == "__main__":
    main()
