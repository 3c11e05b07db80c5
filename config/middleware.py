"""What every answer carries, also the errors: request id, version, security headers, language, entity tag."""

import hashlib
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from corsheaders.middleware import CorsMiddleware
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import get_language_from_request

from config import exports, pages, walls
from config.api import problems
from config.stores import StoreAway
from config.valkey import AWAY

Handler = Callable[[HttpRequest], HttpResponse]
VARY = ("Accept", "Accept-Language", "Authorization")
log = structlog.get_logger("http")


def new_id() -> str:
    """Of a request."""
    return str(uuid.uuid4())


def log_request(method: str | None, path: str, status: int, started: float, **more: str) -> None:
    """One line for one request. The path only: query values may name people's areas or free text."""
    milliseconds = round((time.perf_counter() - started) * 1000, 1)
    log.info("request", method=method, path=path, status=status, milliseconds=milliseconds, **more)


class RequestId:
    """Gives each request an id that follows into logs, problems and tasks; logs one line per request."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = new_id()  # type: ignore[attr-defined]
        structlog.contextvars.bind_contextvars(request_id=request.request_id)  # type: ignore[attr-defined]
        started = time.perf_counter()
        try:
            response = self.handle(request)
            log_request(request.method, request.path, response.status_code, started)
        finally:
            structlog.contextvars.clear_contextvars()
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response


class PublicHeaders:
    """API-Version and the security headers of the NLgov API Design Rules on every answer."""

    api_policy = "default-src 'none'; frame-ancestors 'none'"
    page_policy = f"{api_policy}; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
    administration_policy = f"{page_policy}; script-src 'self'"
    headers = {
        "Referrer-Policy": "no-referrer",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.handle(request)
        response["API-Version"] = settings.API_VERSION
        response.headers.setdefault("Content-Security-Policy", self._policy(request.path))
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    @classmethod
    def of_programs(cls) -> dict[str, str]:
        """The same for an answer of the API that is given before Django."""
        return {"API-Version": settings.API_VERSION, "Content-Security-Policy": cls.api_policy, **cls.headers}

    def _policy(self, path: str) -> str:
        """What a browser may load: nothing for the API, our own styles for pages, our own scripts for the admin."""
        if pages.is_for_programs(path):
            return self.api_policy
        return self.administration_policy if path.startswith("/beheer/") else self.page_policy


class Cors(CorsMiddleware):
    """For pages of another origin. Who names none is only told that the answer might have been another."""

    def __call__(self, request: HttpRequest) -> Any:
        if "HTTP_ORIGIN" in request.META or request.method == "OPTIONS":
            return super().__call__(request)
        response: Any = self.get_response(request)
        if self.is_enabled(request):
            response.headers["Vary"] = ", ".join(filter(None, (response.headers.get("Vary"), "origin")))
        return response


class OfPages(MiddlewareMixin):
    """What only people's pages need: a program's request passes by, whatever cookie it brings."""

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request) if pages.is_for_programs(request.path) else super().__call__(request)


class Sessions(OfPages, SessionMiddleware):
    """Who is logged in; no program ever is."""


class Forms(OfPages, CsrfViewMiddleware):
    """Only what our own pages sent."""


class People(OfPages, AuthenticationMiddleware):
    """Whose session it is."""


class Messages(OfPages, MessageMiddleware):
    """What is told on the next page."""


class BehindWall:
    """A request sees no partner data until its caller is known (config/walls.py)."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with walls.closed():
            return self.handle(request)


class FaultsAreProblems:
    """Whatever Django or a library answers with 4xx or 5xx becomes a problem document too; its Allow header stays.

    A person's browser gets the same as a page.
    """

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.handle(request)
        if response.status_code < 400 or pages.tells(request, response):
            return response
        if pages.is_for_people(request):
            problem = pages.fault(request, response.status_code)
        elif response.headers.get("Content-Type") == problems.MEDIA_TYPE:
            return response
        else:
            problem = problems.page(request, response.status_code)
        for name in ("Allow", "Retry-After", "WWW-Authenticate"):
            if name in response:
                problem[name] = response[name]
        return problem

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page that needs a store or the counters, while they are away."""
        if isinstance(exception, (StoreAway, OperationalError, InterfaceError, *AWAY)):
            log.warning("store away", problem=str(exception)[:300])
            return problems.page(request, 503)
        return None


def language_of(request: HttpRequest) -> str:
    """`nl`, unless `?lang=` or Accept-Language asks for `en`."""
    asked = request.GET.get("lang")
    return asked if asked in {"nl", "en"} else get_language_from_request(request)


class ExportsWrittenDown:
    """No file with what is not public leaves before the audit says so; with the store of the audit away none does."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.handle(request)
        export = getattr(response, "export", None)
        if export and request.method == "GET" and response.status_code == 200 and exports.is_file(response):
            try:
                exports.write_down(export, request, response)
            except (DatabaseError, InterfaceError) as problem:
                log.warning("export not written down", problem=str(problem)[:300])
                return problems.page(request, 503)
        return response


class Language:
    """Dutch unless Accept-Language or `?lang=` asks for English."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = language_of(request)
        with translation.override(chosen):
            response = self.handle(request)
        response.headers.setdefault("Content-Language", chosen)
        if "Vary" in response.headers:
            patch_vary_headers(response, VARY)
        else:
            response.headers["Vary"] = ", ".join(VARY)
        return response


class EntityTag:
    """A strong ETag over the bytes of a successful GET, and 304 when the reader has them already."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.handle(request)
        if request.method not in {"GET", "HEAD"} or response.status_code != 200 or response.streaming:
            return response
        if "ETag" not in response:
            response["ETag"] = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
        known = parse_etags(request.headers.get("If-None-Match", ""))
        if "*" in known or response["ETag"] in {tag.removeprefix("W/") for tag in known}:  # weakly: RFC 9110 §13.1.2
            response.status_code = 304
            response.content = b""
            response.headers.pop("Content-Type", None)
            response.headers.pop("Content-Length", None)
        return response
