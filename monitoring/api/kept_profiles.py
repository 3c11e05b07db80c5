"""Answering with a kept profile: by the view, and for anonymous readers before anything else is asked.

Such an answer costs one small query. It is not counted by the quota, for counting costs as much as answering.
"""

import re
from collections.abc import Callable, Collection

from django.db import InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags
from django.utils.translation import get_language_from_request

from config.middleware import VARY
from monitoring.services.profile_documents import STORE, Document, recall
from monitoring.services.register import science

PATH = re.compile(r"/v1/areas/([A-Za-z0-9-]{1,100})/profile")
ASKED = {"": None, "lang=nl": "nl", "lang=en": "en"}  # query → language; any other key needs the view
JSON = {"", "*/*", "application/json"}
VARIES = ", ".join((*VARY, "Accept-Encoding", "Origin"))
CACHE = "no-cache"  # keep it, and ask whether it still holds
GZIP = re.compile(r"\b(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[0-9.]+\s*)?(?:,|$)")


class KeptProfiles:
    """Middleware: a profile that holds, for whoever sent no key and asks for nothing special."""

    def __init__(self, handle: Callable[[HttpRequest], HttpResponse]) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._kept(request) or self.handle(request)

    def _kept(self, request: HttpRequest) -> HttpResponse | None:
        asked, path = request.META, PATH.fullmatch(request.path_info)
        query = asked.get("QUERY_STRING", "")
        plain = path and request.method in {"GET", "HEAD"} and query in ASKED
        if not path or not plain or asked.get("HTTP_ACCEPT", "") not in JSON:
            return None
        if "HTTP_AUTHORIZATION" in asked or "HTTP_ORIGIN" in asked:
            return None
        language = ASKED[query] or get_language_from_request(request)
        try:
            made_from = science(language).mark
            document = recall(path[1], language, made_from) if made_from else None
        except (OperationalError, InterfaceError):
            _let_go()
            return None  # the view tries a new connection, and says what is away
        return answer(request, document) if document else None


def _let_go() -> None:
    """Of a connection that broke while nobody used it."""
    connection = connections[STORE]
    if not connection.in_atomic_block:
        connection.close()


def answer(request: HttpRequest, document: Document) -> HttpResponse:
    """The document as the reader wants it: compressed or not, or 304 when it has it already."""
    packed = bool(GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")))
    tags = (f'"{document.tag}"', f'"{document.tag}-gzip"')  # other bytes, another strong tag
    headers = {"ETag": tags[packed], "Cache-Control": CACHE, "Content-Language": document.language, "Vary": VARIES}
    if _has(request.META.get("HTTP_IF_NONE_MATCH", ""), tags):
        return HttpResponse(status=304, headers=headers)
    content = document.packed if packed else document.content
    headers |= {"Content-Length": str(len(content))} | ({"Content-Encoding": "gzip"} if packed else {})
    return HttpResponse(content, content_type="application/json", headers=headers)


def _has(known: str, tags: Collection[str]) -> bool:
    """Whether the reader has one of them; most say so with just that tag."""
    return known in tags or (bool(known) and not {"*", *tags}.isdisjoint(
        tag.removeprefix("W/") for tag in parse_etags(known)))  # fmt: skip
