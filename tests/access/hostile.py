"""Hostile requests for every operation of the OpenAPI document, and what no answer to them may be."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from config.api.document import document
from tests.access.routes import SAMPLES, UUID

NUL, BIDI, HUGE = "a\x00b", "\u202e", 10**40
TEXTS = (NUL, "'; DROP TABLE x; --", "../../../etc/passwd", BIDI, "-1", str(HUGE), "9999-99-99", "%", "x" * 5000, "",
         "{}", "NaN", "\udcff", "١٢")  # fmt: skip
CODES = (NUL, "..", "%2e%2e", "a" * 3000, "'\"", BIDI, "0", str(HUGE), "\udcff")
BODIES: tuple[bytes, ...] = (
    b"", b"null", b"[]", b"{}", b"[[]]", b'"text"', b"0", b"[" * 100_000, b'{"a":' * 100_000, b"\xff\xfe", b'{"a":NaN}',
    b'{"\\u0000":"\\u0000"}', b'{"a":"\\ud800"}', b"[" + b"{}," * 5000 + b"{}]", b"1" + b"0" * 5000,
)  # fmt: skip


@dataclass(frozen=True)
class Attack:
    """One hostile request; `what` names it in a failure."""

    what: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    documented: frozenset[str] = frozenset()


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(path template, method, operation) of the document."""
    for template, found in orjson.loads(document())["paths"].items():
        for method, operation in found.items():
            yield f"/v1{template}", method.upper(), operation


def attacks() -> Iterator[Attack]:
    """Every operation: each path parameter, each query key and the body in turn."""
    for template, method, operation in operations():
        documented = frozenset(operation["responses"])
        parameters = operation.get("parameters", [])
        path, names = _path(template, {}), [p["name"] for p in parameters if p["in"] == "path"]
        start = b"{}" if method != "GET" else b""
        for name in names:
            for value in CODES:
                odd = _path(template, {name: value})
                yield Attack(f"{name}={value[:20]!r}", method, odd, body=start, documented=documented)
        for name in (p["name"] for p in parameters if p["in"] == "query"):
            for value in TEXTS:
                what = f"?{name}={value[:20]!r}"
                yield Attack(what, method, path, ((name, value),), start, documented)
            many = tuple((name, str(n)) for n in range(50))
            yield Attack(f"?{name}=… 50 times", method, path, many, start, documented)
        if "requestBody" in operation:
            for body in BODIES:
                yield Attack(f"body {body[:20]!r}", method, path, body=body, documented=documented)
            for body in _typed_wrong(operation):
                yield Attack(f"body {body[:60]!r}", method, path, body=body, documented=documented)


def _path(template: str, given: dict[str, str]) -> str:
    for part in [p for p in template.split("/") if p.startswith("{")]:
        name = part.strip("{}")
        sample = SAMPLES.get(name, UUID if name.lower().endswith("id") else "sample")
        template = template.replace(part, given.get(name, sample))
    return template


def _typed_wrong(operation: dict[str, Any]) -> Iterator[bytes]:
    """The documented body with one member at a time of a wrong kind."""
    schemas = orjson.loads(document())["components"]["schemas"]
    reference = operation["requestBody"]["content"].get("application/json", {}).get("schema", {}).get("$ref", "")
    members = schemas.get(reference.rsplit("/", 1)[-1], {}).get("properties", {})
    for name in members:
        for value in (None, True, -1, 1.5, "\x00", "", [], {}, [[]], [{"a": []}], {"a": {"b": []}}, 2**63, "x" * 9000):
            yield orjson.dumps({name: value}, option=orjson.OPT_PASSTHROUGH_SUBCLASS)
