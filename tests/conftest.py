"""Fixtures: both stores migrated as owner and served as app role, with the reference data in them.

Most tests run inside a transaction per store that is rolled back. Tests of workers, crashes and concurrency need
commits: they use `committed`, which afterwards empties what is not reference data through the owners' connections.
"""

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.core.cache import cache
from django.core.management import call_command
from hypothesis import HealthCheck, settings
from psycopg import sql
from rest_framework.test import APIClient

from tests.factories import accounts as account_factory
from tests.factories import outcomes

# A busy machine is no fault of a test; half of the usual examples in every run, more with EXAMPLES=500.
settings.register_profile(
    "suite", deadline=None, suppress_health_check=[HealthCheck.too_slow],
    max_examples=int(os.environ.get("EXAMPLES", "50")),
)  # fmt: skip
settings.load_profile("suite")

STORES = ["default", "monitoring"]
OWNERS = {"default": "DATABASE_OWNER_URL", "monitoring": "MONITORING_DATABASE_OWNER_URL"}
# what the reference commands fill; tests that commit leave it as they found it
KEPT = re.compile(
    r"django_|auth_|factors_(?!rankingmark)|interventions_(effectlevel|interventiondatabase|servicetype|intervention|recog|org)"
    r"|monitoring_(area|datasource|figurestate|indicator|observation$|observationhistory|observationseries)"
)

# the newest row of tables that reference data and tests share
reference_rows: dict[str, int] = {}


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> None:
    """Migrate as the owners in a process of its own, so that this one only ever holds the app roles."""
    subprocess.run([sys.executable, "manage.py", "migrate_stores", "-v", "0"], check=True)
    with django_db_blocker.unblock():
        call_command("load_reference", stdout=io.StringIO())
        call_command("rebuild_series", stdout=io.StringIO())  # as a worker would, soon after
    with psycopg.connect(os.environ[OWNERS["monitoring"]]) as connection:
        for table in ("monitoring_area", "monitoring_areamembership"):
            newest = sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(sql.Identifier(table))
            reference_rows[table] = connection.execute(newest).fetchone()[0]  # type: ignore[index]


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Real commits in both stores; emptied afterwards by the owners."""
    with django_db_blocker.unblock():
        yield
    empty_changing_tables()


@pytest.fixture
def town(committed: None) -> None:
    """A small city with one offering, for good until `committed` takes it away."""
    outcomes.city()
    outcomes.offering()


def empty_changing_tables() -> None:
    for variable in OWNERS.values():
        with psycopg.connect(os.environ[variable]) as connection:
            rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            changing = [sql.Identifier(name) for (name,) in rows if not KEPT.match(name)]
            connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(changing)))
    with psycopg.connect(os.environ[OWNERS["monitoring"]]) as connection:
        for table, newest in reference_rows.items():
            connection.execute(sql.SQL("DELETE FROM {} WHERE id > %s").format(sql.Identifier(table)), [newest])


@pytest.fixture
def stores(request: pytest.FixtureRequest) -> None:
    """Both stores inside transactions that are rolled back."""
    request.applymarker(pytest.mark.django_db(databases=STORES))
    request.getfixturevalue("_django_db_helper")


@pytest.fixture
def client_with() -> Callable[..., APIClient]:
    """An API client with a fresh key: `client_with("partner", organisation="org-a")`; no role is anonymous."""

    def make(role: str = "", *, municipality: str = "GM0363", organisation: str = "") -> APIClient:
        client = APIClient()
        if role:
            key = account_factory.key(role, municipality=municipality, organisation=organisation)
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
        return client

    return make
