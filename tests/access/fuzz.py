"""Fuzzing the running service from its own OpenAPI document (schemathesis), as one role.

Each operation gets requests that fit its document and requests that do not; where a path names something, half of them
name something that is there. What is held to the document: status, media type, headers, and the schema of each answer.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx
import orjson
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS
from schemathesis.core.failures import FailureGroup

CHECKED = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
           "response_schema_conformance")  # fmt: skip


class Known:
    """Things that are there, by the name of the path parameter that takes their code or id."""

    KEYS = ("code", "id", "level", "version", "externalId")

    def __init__(self, service: str, document: dict[str, Any], headers: dict[str, str]) -> None:
        self.service, self.headers = service, headers
        self.paths = sorted((path for path, found in document["paths"].items() if "get" in found), key=len)
        self.found: dict[str, list[dict[str, str]]] = {}

    def of(self, path: str) -> list[dict[str, str]]:
        """Sets of path parameters that lead somewhere; empty when its list shows nothing."""
        if path not in self.found:
            self.found[path] = list(self._look(path))[:6]
        return self.found[path]

    def _look(self, path: str) -> Iterator[dict[str, str]]:
        head, _brace, tail = path.rpartition("{")
        if not _brace:
            yield {}
            return
        name, parent = tail.split("}")[0], head.rstrip("/")
        if (
            "}" in tail and tail.split("}")[1]
        ):  # something fixed below a parameter: what leads to the parameter leads here
            yield from self.of(head + "{" + name + "}")
            return
        for above in self.of(parent):
            answer = httpx.get(self.service + _filled(parent, above), headers=self.headers, timeout=30)
            rows = answer.json().get("results", []) if answer.status_code == 200 else []
            for row in rows[:3]:
                if value := next((row[key] for key in (name, *self.KEYS) if row.get(key) is not None), None):
                    yield above | {name: str(value)}


def _filled(path: str, names: dict[str, str]) -> str:
    for name, value in names.items():
        path = path.replace("{" + name + "}", value)
    return path


def faults(
    *, service: str, key: str, examples: int, chosen: Callable[[str, str], bool] = lambda path, method: True,
    document: bytes = b"",
) -> list[str]:  # fmt: skip
    """What is wrong, one line per kind of fault. examples: per operation and kind of request; document: its own."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    told = orjson.loads(document or httpx.get(f"{service}/openapi.json", timeout=30).content)
    known = Known(service, told, headers)
    schema = schemathesis.openapi.from_dict(told)

    def ask(case: Any, *, headers: dict[str, str] = headers) -> Any:
        case.headers = {k: v for k, v in (case.headers or {}).items() if k != "Authorization"} | headers
        return case.call(base_url=service, timeout=30)

    wrong: list[str] = []
    for result in schema.get_all_operations():
        operation = result.ok()
        if chosen(operation.path, operation.method.upper()):
            there = known.of(operation.path) if "{" in operation.path else []
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                wrong += _fuzz(operation, mode, there, ask, examples).values()
    return wrong


def _fuzz(
    operation: Any, mode: Any, there: list[dict[str, str]], ask: Callable[..., Any], examples: int
) -> dict[str, str]:
    """Faults of one operation by kind, after some requests of one kind."""
    wrong: dict[str, str] = {}
    secured = bool(operation.definition.raw.get("security"))
    checks = CHECKS.get_by_names(list(CHECKED))

    @seed(9)
    @settings(max_examples=examples, phases=[Phase.generate], database=None, deadline=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.data())
    def run(data: Any) -> None:
        case = data.draw(operation.as_strategy(generation_mode=mode))
        if there and data.draw(st.booleans()):
            case.path_parameters = dict(data.draw(st.sampled_from(there)))
        answer = ask(case)
        if secured and answer.status_code < 300:
            for other in ({}, {"Authorization": "Bearer fm_0123456789_guess"}):
                if (status := ask(case, headers=other).status_code) != 401:
                    wrong["key"] = f"{operation.label} {status} without a key that counts"
        try:
            case.validate_response(answer, checks=checks)
        except FailureGroup as found:
            for failure in found.exceptions:
                told = f"{operation.label} {answer.status_code} {failure.title}: {failure.message[:300]}"
                wrong.setdefault(f"{failure.title} {failure.message[:80]}", told)

    with suppress(Unsatisfiable):  # every text is a code to this path: nothing is wrong enough
        run()
    return wrong
