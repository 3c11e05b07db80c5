"""The OpenAPI document, made from what each resource states about itself (NLgov ADR rules in spectral.yaml)."""

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from config.api.access import Needs
from config.api.resources import ListResource, Resource

IDEMPOTENCY_KEY = OpenApiParameter(
    name="Idempotency-Key",
    location=OpenApiParameter.HEADER,
    type=str,
    description="Sleutel waarmee dezelfde aanvraag zonder dubbel gevolg opnieuw gestuurd kan worden; 1–255 tekens.",
)

IF_MATCH = OpenApiParameter(
    name="If-Match",
    location=OpenApiParameter.HEADER,
    type=str,
    required=True,
    description="De ETag van wat gelezen is; anders 428, of 412 als het intussen gewijzigd is.",
)


class ResourceSchema(AutoSchema):
    """Reads `access`, `query`, `item` and `bodies` of a Resource."""

    view: Resource  # type: ignore[assignment, override]
    method: str

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False

    def get_operation_id(self) -> str:
        words = [w.capitalize() for w in self.view.__class__.__name__.removesuffix("View").split()]
        return self.method.lower() + "".join(words)

    def get_tags(self) -> list[str]:
        return [self.view.tag or self.view.__class__.__module__.split(".")[0]]

    def get_description(self) -> str:  # type: ignore[override]
        text = (getattr(self.view, self.method.lower()).__doc__ or self.view.__class__.__doc__ or "").strip()
        rule = self.view.access[self.method]
        return f"{text}\n\nScope: `{rule.scope}`{'' if isinstance(rule, Needs) else ' (openbaar)'}."

    def get_summary(self) -> str | None:
        return (self.view.__class__.__doc__ or "").strip().split("\n")[0].rstrip(".") or None

    def get_auth(self) -> list[dict[str, list[str]]]:
        rule = self.view.access[self.method]
        return [{"key": []}, {"oauth2": [rule.scope]}] if isinstance(rule, Needs) else []

    def get_override_parameters(self) -> list[Any]:
        parameters: list[Any] = [self.view.query] if self.view.query().fields else []
        if self.method == "GET":
            parameters += _asked_of(self.view)
        if self.method == "POST" and self.view.idempotent_store:
            parameters.append(IDEMPOTENCY_KEY)
        if self.method in self.view.matched:
            parameters.append(IF_MATCH)
        return parameters

    def get_request_serializer(self) -> Any:
        return self.view.bodies.get(self.method, (None, {}))[0]

    def get_response_serializers(self) -> Any:
        if self.method in self.view.bodies:
            return self.view.bodies[self.method][1]
        answer: Any = self.view.item
        if isinstance(self.view, ListResource):
            item: Any = self.view.item
            answer = _list_of(item, tuple(self.view.besides.items()))
        # `forms`: other media types a view answers in, with their OpenAPI type
        forms = getattr(self.view, "forms", {})
        return {(200, "application/json"): answer, **{(200, kind): form for kind, form in forms.items()}}


def _asked_of(view: Resource) -> list[OpenApiParameter]:
    """`fields` and `expand` of a read: names separated by commas. Those of `fields` stand in the answer's schema."""
    shapes = {key: {"enum": list(field.known)} if key == "expand" else {} for key, field in view.names_taken().items()}
    return [
        OpenApiParameter(key, {"type": "array", "items": {"type": "string", **shapes[key]}},
                         style="form", explode=False, description=str(field.help_text))
        for key, field in view.names_taken().items()
    ]  # fmt: skip


@cache
def _list_of(item: type[serializers.BaseSerializer], besides: tuple[tuple[str, Any], ...]) -> Any:
    """The shape of a list, once per item: several lists may show the same one."""
    name = item.__name__.removesuffix("Serializer")
    return inline_serializer(f"{name}List", fields=_page_of(item) | dict(besides))


def _page_of(item: Any) -> dict[str, Any]:
    return {
        "count": serializers.IntegerField(allow_null=True),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": item(many=True),
    }


VERBS = {"read": "lezen", "write": "schrijven", "review": "beoordelen"}
VERSION_HEADER = {"description": "Volledige versie van de API.", "schema": {"type": "string"}}
HEADERS = {
    "ETag": {"description": "Sterke merker van deze bytes.", "schema": {"type": "string"}},
    "Link": {"description": "first, prev, next, last (RFC 8288).", "schema": {"type": "string"}},
    "Location": {"description": "Waar de nieuwe bron staat.", "schema": {"type": "string"}},
    "RateLimit": {
        "description": "Wat over is, en voor hoeveel seconden.",
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": "Aantal (q) per w seconden.",
        "schema": {"type": "string"},
    },
    "Retry-After": {"description": "Seconden tot een nieuwe poging.", "schema": {"type": "integer"}},
}
PROBLEM_TEXTS = {
    "400": "Ongeldige invoer", "401": "Aanmelden nodig", "403": "Geen toestemming", "404": "Niet gevonden",
    "406": "Dit formaat wordt niet geleverd", "408": "Te traag", "409": "Conflict", "413": "Te groot",
    "412": "Intussen gewijzigd", "415": "Dit formaat wordt niet gelezen", "422": "Idempotency-Key hergebruikt",
    "428": "If-Match ontbreekt", "429": "Te veel aanvragen", "500": "Onverwachte fout",
    "503": "Tijdelijk niet beschikbaar",
}  # fmt: skip


def complete_responses(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Post-processing hook: problems, headers and security on every operation."""
    components = result.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    _say_null_for_empty(schemas)
    _any_value_may_be_null(schemas)
    schemas.update(_problem_schemas())
    components["securitySchemes"] = _security_schemes(result["paths"])
    result["security"] = [{"key": []}]
    tags: set[str] = set()
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            operation.setdefault("security", [])
            tags.update(operation["tags"])
            _complete(path, method, operation)
    result["tags"] = [{"name": tag, "description": import_string(f"{tag}.TAG")} for tag in sorted(tags)]
    return result


def _security_schemes(paths: dict[str, Any]) -> dict[str, Any]:
    """A key of ours, or a token of an outside issuer; with every scope that an operation asks for."""
    asked = [s["oauth2"][0] for o in paths.values() for m in o.values() for s in m.get("security", []) if "oauth2" in s]
    return {
        "key": {"type": "http", "scheme": "bearer", "description": "API-sleutel van een organisatie of toepassing."},
        "oauth2": {
            "type": "oauth2",
            "description": "Token (JWT) van een uitgever die hier is toegelaten, voor een aangemelde toepassing.",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": settings.OAUTH_TOKEN_URL,
                    "scopes": {scope: _scope_text(scope) for scope in sorted(set(asked))},
                }
            },
        },
    }


def _scope_text(scope: str) -> str:
    what, _dot, verb = scope.partition(".")
    return f"{what}: {VERBS.get(verb, verb)}"


def _say_null_for_empty(schemas: dict[str, Any]) -> None:
    """A text that is empty inside is null outside, so an empty default is no default to show."""
    for schema in schemas.values():
        for field in schema.get("properties", {}).values():
            if field.get("default") == "" and field.get("minLength"):
                del field["default"]


def _any_value_may_be_null(part: Any) -> None:
    """`oneOf` of anything and null would refuse null, which is both; anything alone says the same and takes it."""
    if isinstance(part, dict):
        if part.get("oneOf") == [{}, {"type": "null"}]:
            del part["oneOf"]
        for value in part.values():
            _any_value_may_be_null(value)


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    for status, answer in list(responses.items()):
        answer.setdefault("headers", {}).update(_headers(path, method, status, operation))
    if method == "get":
        responses["304"] = {
            "description": "Niet gewijzigd",
            "headers": _headers(path, method, "304", operation),
        }
    for status in _problems(path, method, operation):
        responses.setdefault(status, _problem(status))
    operation["responses"] = dict(sorted(responses.items()))


def _headers(path: str, method: str, status: str, operation: dict[str, Any]) -> dict[str, Any]:
    names = ["RateLimit", "RateLimit-Policy"] if status.startswith("2") else []
    if method == "get":
        names.append("ETag")
    if status in {"201", "202"}:
        names.append("Location")
    if status == "202":
        names.append("Retry-After")
    if method == "get" and any(p["name"] in {"page", "cursor"} for p in operation.get("parameters", [])):
        names.append("Link")
    return {"API-Version": VERSION_HEADER} | {name: HEADERS[name] for name in names}


def _problems(path: str, method: str, operation: dict[str, Any]) -> list[str]:
    found = ["400", "406", "429", "500", "503"]
    if operation["security"]:
        found += ["401", "403"]
    else:
        found += ["401"]
    # what is asked of somebody else's municipality, or by a code nobody has, is not there either
    asked = [p["name"] for p in operation.get("parameters", [])]
    if operation["security"] or "{" in path or "page" in asked or any(name.endswith("Code") for name in asked):
        found.append("404")
    if method != "get":
        found += ["403", "404", "408", "409", "413", "415"]
    elif "view" in asked:
        found.append("403")  # one of the views is not for everybody
    if any(p["name"] == "If-Match" for p in operation.get("parameters", [])):
        found += ["412", "428"]
    if method == "post" and any(p["name"] == "Idempotency-Key" for p in operation.get("parameters", [])):
        found.append("422")
    return found


def _problem(status: str) -> dict[str, Any]:
    headers = {"API-Version": VERSION_HEADER}
    if status in {"429", "503"}:
        headers["Retry-After"] = HEADERS["Retry-After"]
    if status == "429":
        headers |= {name: HEADERS[name] for name in ("RateLimit", "RateLimit-Policy")}
    schema = "InvalidProblem" if status == "400" else "Problem"
    content = {"application/problem+json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": PROBLEM_TEXTS[status], "headers": headers, "content": content}


def _problem_schemas() -> dict[str, Any]:
    text = {"type": "string"}
    error = {
        "type": "object",
        "required": ["in", "location", "code", "detail"],
        "properties": {
            "in": {"type": "string", "enum": ["body", "query", "header"]},
            "location": text,
            "code": text,
            "detail": text,
            "value": {},
            "expected": {},
        },
    }
    members = {"type": {"type": "string", "format": "uri-reference"}, "title": text, "status": {"type": "integer"},
               "detail": text, "instance": text}  # fmt: skip
    errors = {"type": "array", "items": error}
    required = ["type", "title", "status", "detail", "instance"]
    return {
        "Problem": {"type": "object", "required": required, "properties": {**members, "errors": errors}},
        "InvalidProblem": {
            "type": "object",
            "required": [*required, "errors"],
            "properties": {**members, "errors": errors},
        },
    }
