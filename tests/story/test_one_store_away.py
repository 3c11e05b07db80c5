"""Each store on its own server, and one of them away: the other's work goes on, and what is absent is said to be."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from deploy.local import postgres
from deploy.local.paths import RunFolder
from tests.story import running

REPORT = {
    "offeringCode": "demo-sociaal-sterk-noord",
    "measure": "reach",
    "period": "2026-Q3",
    "areaCode": "WK036365",
    "counts": {"targetGroup": 150, "invited": 46, "started": 31, "attendsStructurally": 20},
}


class Stores:
    """Two PostgreSQL servers, one per store, that can be stopped and started again."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self.stack = folder, stack
        self.servers: dict[str, postgres.Server] = {}

    def start(self, database: str) -> postgres.Server:
        server = self.stack.enter_context(postgres.running(folder=RunFolder.at(self.folder / database), durable=False))
        server.provision(database=database)
        self.servers[database] = server
        return server

    def urls(self) -> dict[str, str]:
        names = {"factorenmodel": "DATABASE", "monitoring": "MONITORING_DATABASE"}
        return {
            f"{prefix}{suffix}_URL": self.servers[database].url(database=database, role=f"{database}_{role}")
            for database, prefix in names.items()
            for role, suffix in (("app", ""), ("owner", "_OWNER"))
        }

    @contextmanager
    def away(self, database: str) -> Iterator[None]:
        self.servers[database].child.stop()
        try:
            yield
        finally:
            self.start(database)


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[running.Service, Stores]]:
    with ExitStack() as stack:
        stores = Stores(tmp_path_factory.mktemp("stores"), stack)
        for database in ("factorenmodel", "monitoring"):
            stores.start(database)
        service = stack.enter_context(running.started(running.free_port(), **stores.urls()))
        yield service, stores
    shutil.rmtree(service.folder, ignore_errors=True)


def eventually(look: Callable[[], bool], *, seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while not look():
        if time.monotonic() > until:
            return False
        time.sleep(0.3)
    return True


def test_with_the_model_store_away_a_partner_still_delivers_and_nothing_is_lost(apart):
    service, stores = apart
    partner, holder = service.key("PARTNER_KEY"), service.key("ACCOUNTHOLDER_KEY")
    for known in (partner, holder):
        assert httpx.get(f"{service.url}/v1/outcome-reports", headers=known).status_code == 200

    with stores.away("factorenmodel"):
        delivered = httpx.post(f"{service.url}/v1/outcome-reports", json=REPORT, headers=partner, timeout=30)
        profile = httpx.get(f"{service.url}/v1/areas/WK036300/profile", timeout=30)
        models = httpx.get(f"{service.url}/v1/factor-models", timeout=30)
        unseen = httpx.get(f"{service.url}/v1/outcome-reports", headers=service.key("ADVISER_KEY"), timeout=30)

    assert delivered.status_code == 201, delivered.text
    assert profile.status_code == 200
    assert "factors" in profile.json()["absent"]
    assert (models.status_code, models.json()["status"]) == (503, 503)
    assert models.headers["Retry-After"]
    assert unseen.status_code == 503
    query = "offeringCode=demo-sociaal-sterk-noord&measure=reach&period=2026-Q3&areaCode=WK036365&view=working"

    def visible() -> bool:
        answer = httpx.get(f"{service.url}/v1/outcome-aggregates?{query}", headers=holder, timeout=30)
        return answer.status_code == 200 and any(r["counts"]["started"] == 31 for r in answer.json()["results"])

    assert eventually(visible)


def test_with_the_monitoring_store_away_coverage_says_what_is_absent(apart):
    service, stores = apart
    holder = service.key("ACCOUNTHOLDER_KEY")

    with stores.away("monitoring"):
        coverage = httpx.get(f"{service.url}/v1/coverage/factors?municipalityCode=GM0363", headers=holder, timeout=30)
        profile = httpx.get(f"{service.url}/v1/areas/WK036300/profile", timeout=30)
        refused = httpx.post(
            f"{service.url}/v1/outcome-reports", json=REPORT, headers=service.key("PARTNER_KEY"), timeout=30
        )
        ranking = httpx.get(f"{service.url}/v1/ranking-definitions/public-rip-2019", timeout=30)

    assert coverage.status_code == 200
    assert "monitoring" in coverage.json()["absent"]
    assert ranking.status_code == 200
    assert (profile.status_code, refused.status_code) == (503, 503)
    assert refused.headers["Content-Type"] == "application/problem+json"
