"""Answering with a kept profile: by the view, and for anonymous readers before Django is asked anything.

Such an answer costs one small query. It is not counted by the quota, for counting costs as much as answering.
"""

import re
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags
from django.utils.translation import get_language_from_request

from config.middleware import VARY, PublicHeaders, log_request, new_id
from monitoring.services.profiles.profile_documents import STORE, Document, recall
from monitoring.services.profiles.register import science

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
PATH = re.compile(r"/v1/areas/([A-Za-z0-9-]{1,100})/profile")
ASKED = {"": None, "lang=nl": "nl", "lang=en": "en"}  # query → language; any other key needs the view
JSON = {"", "*/*", "application/json"}
SPECIAL = {"HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_ORIGIN"}
VARIES = ", ".join((*VARY, "Accept-Encoding", "Origin"))
CACHE = "no-cache"  # keep it, and ask whether it still holds
GZIP = re.compile(r"\b(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[0-9.]+\s*)?(?:,|$)")
REASONS = {200: "200 OK", 304: "304 Not Modified"}


class KeptProfiles:
    """WSGI middleware: a profile that holds, for whoever sent no key and asks for nothing special.

    It stands round Django, whose request, signals and middleware would cost more than the answer.
    """

    def __init__(self, application: Application) -> None:
        self.application = application
        self.always = list(PublicHeaders.of_programs().items())

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        started, path = time.perf_counter(), environ.get("PATH_INFO", "")
        document = _kept(environ, path)
        if document is None:
            return self.application(environ, start_response)
        (status, headers, content), number = _told(environ, document), new_id()
        log_request(environ["REQUEST_METHOD"], path, status, started, request_id=number)
        start_response(REASONS[status], [*self.always, *headers.items(), ("X-Request-Id", number)])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [content]


def _kept(environ: Environ, path: str) -> Document | None:
    """What is asked for, if that is a plain profile that is kept and holds."""
    place, query = PATH.fullmatch(path), environ.get("QUERY_STRING", "")
    plain = place and environ["REQUEST_METHOD"] in {"GET", "HEAD"} and query in ASKED
    if not place or not plain or environ.get("HTTP_ACCEPT", "") not in JSON or not SPECIAL.isdisjoint(environ):
        return None
    _let_go_of_old()
    language = ASKED[query] or _language(environ)
    try:
        made_from = science(language).mark
        return recall(place[1], language, made_from) if made_from else None
    except (OperationalError, InterfaceError):
        _let_go()
        return None  # the view tries a new connection, and says what is away


def _language(environ: Environ) -> str:
    if not environ.get("HTTP_ACCEPT_LANGUAGE"):
        return settings.LANGUAGE_CODE
    request = HttpRequest()
    request.META = environ
    return get_language_from_request(request)


def _let_go_of_old() -> None:
    """Of connections that lasted long enough, as Django does when a request begins."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


def _let_go() -> None:
    """Of a connection that broke while nobody used it."""
    connection = connections[STORE]
    if not connection.in_atomic_block:
        connection.close()


def answer(request: HttpRequest, document: Document) -> HttpResponse:
    """The document as the reader wants it: compressed or not, or 304 when it has it already."""
    status, headers, content = _told(request.META, document)
    return HttpResponse(content, status=status, headers=headers)


def _told(environ: Mapping[str, Any], document: Document) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and content."""
    packed = bool(GZIP.search(environ.get("HTTP_ACCEPT_ENCODING", "")))
    tags = (f'"{document.tag}"', f'"{document.tag}-gzip"')  # other bytes, another strong tag
    headers = {"ETag": tags[packed], "Cache-Control": CACHE, "Content-Language": document.language, "Vary": VARIES}
    if _has(environ.get("HTTP_IF_NONE_MATCH", ""), tags):
        return 304, headers, b""
    content = document.packed if packed else document.content
    headers |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
    return 200, headers | ({"Content-Encoding": "gzip"} if packed else {}), content


def _has(known: str, tags: Collection[str]) -> bool:
    """Whether the reader has one of them; most say so with just that tag."""
    return known in tags or (bool(known) and not {"*", *tags}.isdisjoint(
        tag.removeprefix("W/") for tag in parse_etags(known)))  # fmt: skip
