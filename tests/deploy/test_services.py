"""The local services are real servers, with the roles and in the places that people really have."""

import stat
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from deploy.local import postgres
from deploy.local.children import Failed
from deploy.local.paths import RunFolder
from deploy.local.services import OWNER_VARIABLES, STORES, Store, running, started

each_store = pytest.mark.parametrize("store", STORES, ids=lambda store: store.database)


def test_the_awkward_folder_is_longer_than_a_socket_address_and_has_a_space(awkward_folder: Path) -> None:
    assert len(str(awkward_folder)) > 110
    assert " " in str(awkward_folder)


@each_store
def test_the_app_role_reaches_its_store(variables: dict[str, str], store: Store) -> None:
    with psycopg.connect(variables[store.variable]) as connection:
        found = connection.execute("SELECT current_database(), current_user").fetchone()

    assert found == (store.database, f"{store.database}_app")


@each_store
def test_the_app_role_cannot_create_a_table(variables: dict[str, str], store: Store) -> None:
    with (
        psycopg.connect(variables[store.variable]) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE mine (id int)")


@each_store
def test_the_app_role_owns_nothing_and_has_no_special_right(variables: dict[str, str], store: Store) -> None:
    with psycopg.connect(variables[store.variable]) as connection:
        owned = connection.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole").fetchone()
        rights = connection.execute(
            "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()

    assert (owned, rights) == ((0,), (False,))


@each_store
def test_a_table_of_the_owner_is_closed_to_the_app_role_until_granted(variables: dict[str, str], store: Store) -> None:
    with psycopg.connect(variables[store.owner_variable], autocommit=True) as owner:
        owner.execute("CREATE TABLE closed (id int)")
        with psycopg.connect(variables[store.variable], autocommit=True) as app:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute("SELECT * FROM closed")
            owner.execute(f"GRANT SELECT ON closed TO {store.database}_app")

            assert app.execute("SELECT * FROM closed").fetchall() == []


def test_a_role_of_one_store_cannot_enter_the_other(variables: dict[str, str]) -> None:
    main, monitoring = STORES
    crossed = variables[main.variable].replace(f"/{main.database}?", f"/{monitoring.database}?")

    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(crossed)


def test_only_the_servers_account_can_reach_its_socket(variables: dict[str, str]) -> None:
    [sockets] = parse_qs(urlsplit(variables["DATABASE_URL"]).query)["host"]

    assert stat.S_IMODE(Path(sockets).stat().st_mode) == 0o700


def test_valkey_answers_with_the_password_and_refuses_without(variables: dict[str, str]) -> None:
    port = urlsplit(variables["REDIS_URL"]).port
    assert port is not None

    assert redis.Redis.from_url(variables["REDIS_URL"]).ping() is True
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(host="127.0.0.1", port=port, retry=Retry(NoBackoff(), 0)).ping()


@pytest.mark.usefixtures("variables")
def test_a_second_start_on_a_folder_in_use_is_refused(awkward_folder: Path) -> None:
    with pytest.raises(Failed, match="Already running"), started(awkward_folder):
        pass


def test_the_data_are_still_there_after_a_restart(tmp_path: Path) -> None:
    folder = RunFolder.at(tmp_path / "kept")
    with running(folder=folder) as first, psycopg.connect(first.variables[OWNER_VARIABLES[0]]) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 7 AS number")
        owner.commit()
        redis.Redis.from_url(first.variables["REDIS_URL"]).set("kept", "8")

    with running(folder=folder) as second, psycopg.connect(second.variables[OWNER_VARIABLES[0]]) as owner:
        assert owner.execute("SELECT number FROM kept").fetchone() == (7,)
        assert redis.Redis.from_url(second.variables["REDIS_URL"]).get("kept") == b"8"


def test_each_server_that_the_environment_names_is_used_and_not_started(
    variables: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", variables["DATABASE_URL"])
    monkeypatch.setenv("MONITORING_DATABASE_URL", variables["MONITORING_DATABASE_URL"])
    monkeypatch.setenv("MONITORING_DATABASE_OWNER_URL", variables["MONITORING_DATABASE_OWNER_URL"])

    with running(folder=RunFolder.at(tmp_path)) as services:
        names = [child.command.name for child in services.children]

    assert names == ["valkey"]
    assert services.variables["DATABASE_OWNER_URL"] == variables["DATABASE_URL"]  # a store with one role
    assert services.variables["MONITORING_DATABASE_OWNER_URL"] == variables["MONITORING_DATABASE_OWNER_URL"]


def test_provisioning_again_changes_nothing(tmp_path: Path) -> None:
    question = "SELECT datname, datdba::regrole::text, datacl::text FROM pg_database ORDER BY datname"
    with postgres.running(folder=RunFolder.at(tmp_path), durable=False) as server:
        server.provision(database="monitoring")
        with psycopg.connect(server.url(database="postgres", role=postgres.SUPERUSER), autocommit=True) as superuser:
            before = superuser.execute(question).fetchall()

            server.provision(database="monitoring")

            assert superuser.execute(question).fetchall() == before


def test_roles_get_the_passwords_that_the_environment_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    question = "SELECT count(*) FROM pg_authid WHERE rolname LIKE 'monitoring%' AND rolpassword LIKE 'SCRAM-SHA-256$%'"
    with postgres.running(folder=RunFolder.at(tmp_path), durable=False) as server:
        with psycopg.connect(server.url(database="postgres", role=postgres.SUPERUSER), autocommit=True) as superuser:
            server.provision(database="monitoring")
            assert superuser.execute(question).fetchone() == (0,)

            monkeypatch.setenv("OWNER_PASSWORD", "it's")
            monkeypatch.setenv("APP_PASSWORD", "secret")
            server.provision(database="monitoring")
            assert superuser.execute(question).fetchone() == (2,)
