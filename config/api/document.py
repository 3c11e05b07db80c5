"""`/v1/openapi.json`: open to all, from any origin (NLgov ADR /core/publish-openapi)."""

from functools import cache
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

from config.methods import read_only


@cache
def document() -> bytes:
    """The document; it follows from the code alone, so once per process."""
    with translation.override("nl"):
        schema: Any = SchemaGenerator().get_schema(request=None, public=True)
    return orjson.dumps(schema, default=str)


@read_only
def openapi(request: HttpRequest) -> HttpResponse:
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=3600"}
    return HttpResponse(document(), content_type="application/json", headers=headers)
