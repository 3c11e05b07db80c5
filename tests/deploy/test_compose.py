"""docker-compose.yml keeps to the shape of the Compose specification, and to what a server of ours needs.

This looks at the file only. Source of the keys: https://github.com/compose-spec/compose-spec (05-services.md and on).
"""

import re
from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from django.conf import settings

from deploy.local.paths import CHECKOUT
from deploy.local.services import BROKER_VARIABLE, OWNER_VARIABLES, STORES

COMPOSE: Mapping[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
SERVICES: Mapping[str, Any] = COMPOSE["services"]

# The keys of the specification that this file uses, each with the type it must have.
SERVICE_KEYS: Mapping[str, type | tuple[type, ...]] = {
    "build": dict, "cap_drop": list, "command": list, "depends_on": dict, "entrypoint": list, "environment": dict,
    "healthcheck": dict, "image": str, "networks": list, "ports": list, "read_only": bool, "restart": str,
    "security_opt": list, "shm_size": str, "stop_grace_period": str, "tmpfs": list, "user": str, "volumes": list,
}  # fmt: skip
CHECK_KEYS = {"test", "interval", "timeout", "retries", "start_period"}
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}
RESTARTS = {"no", "always", "on-failure", "unless-stopped"}
ROOT_USERS = {"root", "0", "0:0"}
REQUIRED = re.compile(r"\$\{[A-Z_]+:\?\}")

each_service = pytest.mark.parametrize("name", SERVICES)


def test_the_file_has_only_known_sections() -> None:
    assert {key for key in COMPOSE if not key.startswith("x-")} == {"name", "services", "networks", "volumes"}


def test_all_parts_of_the_system_are_there_with_a_server_per_store() -> None:
    assert set(SERVICES) == {"gateway", "web", "worker", "beat", "migrate", "main-store", "monitoring-store", "valkey"}


@each_service
def test_a_service_has_known_keys_of_the_right_type(name: str) -> None:
    for key, value in SERVICES[name].items():
        assert isinstance(value, SERVICE_KEYS[key]), key


@each_service
def test_a_service_names_what_exists(name: str) -> None:
    service = SERVICES[name]
    volumes = [volume.split(":")[0] for volume in service.get("volumes", [])]
    files = [volume for volume in volumes if volume.startswith("./")]

    assert set(service["networks"]) <= set(COMPOSE["networks"])
    assert set(volumes) - set(files) <= set(COMPOSE["volumes"])
    assert all((CHECKOUT / file).is_file() for file in files)
    assert set(service.get("depends_on", {})) <= set(SERVICES)
    assert all(wait["condition"] in CONDITIONS for wait in service.get("depends_on", {}).values())
    assert "build" not in service or (CHECKOUT / service["build"]["dockerfile"]).is_file()


@each_service
def test_a_service_is_not_root_and_cannot_become_it(name: str) -> None:
    service = SERVICES[name]

    assert service["user"] not in ROOT_USERS
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@each_service
def test_a_service_says_when_it_restarts_and_how_its_health_is_seen(name: str) -> None:
    service = SERVICES[name]

    assert service["restart"] in RESTARTS
    if name == "migrate":  # ends by itself; the others wait for its success
        assert service["healthcheck"] == {"disable": True}
    else:
        assert {"test", "interval", "timeout", "retries"} <= set(service["healthcheck"]) <= CHECK_KEYS
        assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


@each_service
def test_no_secret_stands_in_the_file_and_none_has_a_default(name: str) -> None:
    for key, value in SERVICES[name].get("environment", {}).items():
        if re.search("PASSWORD|SECRET|URL", key):
            assert REQUIRED.search(value), key
        assert not re.search(r"\$\{[A-Z_]+:?-", value), f"{key} has a default"
    assert not re.search(r"\$\{", " ".join(SERVICES[name].get("command", []))), "arguments are for all to read"


def test_only_the_gateway_is_reachable_and_only_from_the_server_itself() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert list(published) == ["gateway"]
    assert all(port.startswith("127.0.0.1:") for port in published["gateway"])
    assert [name for name, service in SERVICES.items() if "outside" in service["networks"]] == ["gateway"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_the_gateway_takes_bodies_in_whole_and_cuts_off_who_falls_silent() -> None:
    lines = [line.split("#")[0].strip() for line in (CHECKOUT / "deploy/gateway.conf").read_text().splitlines()]
    limit = int(next(line for line in lines if line.startswith("client_max_body_size")).split()[1].rstrip("m;"))

    assert {"proxy_request_buffering on;", "client_header_timeout 10s;", "client_body_timeout 10s;"} <= set(lines)
    assert "proxy_pass http://web:8000;" in lines
    assert limit * 1024 * 1024 >= settings.MAX_FILE_BYTES
    assert sum("{" in line for line in lines) == sum("}" in line for line in lines)


def test_only_migrations_get_the_owners_roles() -> None:
    for name, service in SERVICES.items():
        holds = set(OWNER_VARIABLES) & set(service.get("environment", {}))
        assert holds == (set(OWNER_VARIABLES) if name == "migrate" else set())


def test_the_application_gets_the_address_of_every_service() -> None:
    for name in ("web", "worker", "beat", "migrate"):
        assert {*(store.variable for store in STORES), BROKER_VARIABLE} <= set(SERVICES[name]["environment"])


def test_the_image_holds_what_the_application_needs_and_no_local_data() -> None:
    lines = (CHECKOUT / ".dockerignore").read_text().splitlines()

    assert lines[0] == "*"
    assert {"!manage.py", "!requirements.txt"} <= set(lines)
    assert not {"!.local", "!.env", "!.git", "!.venv"} & set(lines)
