"""Every fault as application/problem+json (RFC 9457), with all errors at once (NLgov ADR, conventions.md §2)."""

from collections.abc import Iterator
from typing import Any

import orjson
import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from rest_framework import exceptions, status
from rest_framework.response import Response

from config.api.formats import JsonRenderer
from config.errors import Fault, Refusal
from config.slow_bodies import TooManySlowBodies, TooSlow
from config.stores import StoreAway

MEDIA_TYPE = "application/problem+json"
log = structlog.get_logger(__name__)

TITLES = {
    "invalid-input": gettext_lazy("Ongeldige invoer"),
    "syntax": gettext_lazy("Onleesbare invoer"),
    "not-authenticated": gettext_lazy("Aanmelden nodig"),
    "authentication-failed": gettext_lazy("Aanmelden mislukt"),
    "permission-denied": gettext_lazy("Geen toestemming"),
    "not-found": gettext_lazy("Niet gevonden"),
    "method-not-allowed": gettext_lazy("Methode niet toegestaan"),
    "not-acceptable": gettext_lazy("Dit formaat wordt niet geleverd"),
    "too-slow": gettext_lazy("Te traag"),
    "conflict": gettext_lazy("Conflict met de huidige stand"),
    "key-in-progress": gettext_lazy("Dezelfde aanvraag loopt nog"),
    "precondition-failed": gettext_lazy("Intussen gewijzigd"),
    "too-large": gettext_lazy("Te groot"),
    "unsupported-media-type": gettext_lazy("Dit formaat wordt niet gelezen"),
    "key-reused": gettext_lazy("Sleutel hergebruikt voor andere inhoud"),
    "precondition-required": gettext_lazy("If-Match ontbreekt"),
    "quota-exceeded": gettext_lazy("Te veel aanvragen"),
    "internal-error": gettext_lazy("Onverwachte fout"),
    "temporarily-unavailable": gettext_lazy("Tijdelijk niet beschikbaar"),
}
DETAILS = {
    "not-authenticated": gettext_lazy("Stuur een geldige sleutel of token mee in de kop Authorization."),
    "permission-denied": gettext_lazy("Deze sleutel of dit token geeft geen recht op deze handeling."),
    "not-found": gettext_lazy("Deze bron bestaat niet, of u heeft er geen toegang toe."),
    "internal-error": gettext_lazy("Er ging iets mis. Noem bij navraag het nummer in 'instance'."),
    "temporarily-unavailable": gettext_lazy("Een deel van de dienst is even weg. Probeer het straks opnieuw."),
    "too-slow": gettext_lazy("De inhoud kwam te langzaam binnen. Stuur haar opnieuw over een betere verbinding."),
    "too-large": gettext_lazy("De aanvraag is groter dan toegestaan."),
}
CODES_OF_STATUS = {
    400: "invalid-input", 401: "not-authenticated", 403: "permission-denied", 404: "not-found",
    405: "method-not-allowed", 406: "not-acceptable", 408: "too-slow", 409: "conflict", 412: "precondition-failed",
    413: "too-large", 415: "unsupported-media-type", 422: "key-reused", 428: "precondition-required",
    429: "quota-exceeded", 500: "internal-error", 503: "temporarily-unavailable",
}  # fmt: skip


def body(
    request: Any, *, status: int, code: str = "", detail: str = "", faults: tuple[Fault, ...] = ()
) -> dict[str, Any]:
    """The problem document as plain values."""
    code = code or CODES_OF_STATUS.get(status, "invalid-input")
    problem: dict[str, Any] = {
        "type": f"{settings.PUBLIC_URL}/problems/{code}",
        "title": str(TITLES.get(code) or TITLES[CODES_OF_STATUS.get(status, "invalid-input")]),
        "status": status,
        "detail": str(detail or DETAILS.get(code, "") or _count(faults)),
        "instance": f"urn:uuid:{getattr(request, 'request_id', '')}",
    }
    if faults or status == 400:
        problem["errors"] = [_error(fault) for fault in faults]
    return problem


def _count(faults: tuple[Fault, ...]) -> str:
    if not faults:
        return _("De aanvraag klopt niet.")
    return ngettext("%(n)d onderdeel klopt niet.", "%(n)d onderdelen kloppen niet.", len(faults)) % {"n": len(faults)}


def _error(fault: Fault) -> dict[str, Any]:
    error: dict[str, Any] = {
        "in": fault.place,
        "location": fault.location,
        "code": fault.code,
        "detail": str(fault.detail),
    }
    if fault.value is not None:
        error["value"] = fault.value
    if fault.expected is not None:
        error["expected"] = fault.expected
    return error


def faults_of(detail: Any, *, place: str = "body", path: str = "") -> Iterator[Fault]:
    """Flatten DRF's nested validation errors into faults with JSON pointers (or query keys)."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            here = path if key == "non_field_errors" else f"{path}/{str(key).replace('~', '~0').replace('/', '~1')}"
            yield from faults_of(value, place=place, path=here)
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            nested = isinstance(value, dict | list)
            yield from faults_of(value, place=place, path=f"{path}/{index}" if nested else path)
    else:
        location = path.strip("/").split("/")[0] if place == "query" else f"#{path}"
        yield Fault(location, str(getattr(detail, "code", "invalid")).replace("_", "-"), str(detail), place)


def handle(problem: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; None lets Django answer 500 through `server_error`."""
    request = context["request"]
    answer, headers = _answer(problem, request)
    if answer is None:
        return None
    if isinstance(problem, exceptions.APIException):
        headers |= _headers_of(problem, context)
    request.accepted_renderer = JsonRenderer()
    request.accepted_media_type = MEDIA_TYPE
    return Response(answer, status=answer["status"], headers=headers, content_type=MEDIA_TYPE)


def _answer(problem: Exception, request: Any) -> tuple[dict[str, Any] | None, dict[str, str]]:
    if isinstance(problem, Refusal):
        detail, faults = problem.detail, problem.faults
        document = body(request, status=problem.status, code=problem.code, detail=detail, faults=faults)
        return document | getattr(problem, "members", {}), {}
    if isinstance(problem, exceptions.ParseError):
        fault = Fault("", "syntax", str(problem.detail))
        return body(request, status=400, code="syntax", detail=str(problem.detail), faults=(fault,)), {}
    if isinstance(problem, exceptions.ValidationError):
        place = getattr(problem, "place", "body")
        return body(request, status=400, faults=tuple(faults_of(problem.detail, place=place))), {}
    if isinstance(problem, RequestDataTooBig):
        return body(request, status=413), {}
    if isinstance(problem, Http404):
        return body(request, status=404), {}
    if isinstance(problem, DjangoPermissionDenied):
        return body(request, status=403), {}
    if isinstance(problem, UnreadablePostError) and isinstance(problem.__cause__, TooManySlowBodies):
        return body(request, status=503), {"Retry-After": "5"}
    if isinstance(problem, UnreadablePostError) and isinstance(problem.__cause__, TooSlow):
        return body(request, status=408), {}
    if isinstance(problem, StoreAway | OperationalError | InterfaceError):
        log.warning("store away", problem=str(problem)[:300])
        return body(request, status=503), {"Retry-After": "5"}
    if isinstance(problem, exceptions.APIException):
        return body(request, status=problem.status_code, detail=_own_words(problem)), {}
    return None, {}


def _own_words(problem: exceptions.APIException) -> str:
    """Our sentence where we have one, else DRF's translated one."""
    code = CODES_OF_STATUS.get(problem.status_code, "")
    return "" if code in DETAILS and not isinstance(problem, exceptions.AuthenticationFailed) else str(problem.detail)


def _headers_of(problem: exceptions.APIException, context: dict[str, Any]) -> dict[str, str]:
    headers = {}
    challenge = getattr(problem, "challenge", "")
    if challenge or problem.status_code == status.HTTP_401_UNAUTHORIZED:
        headers["WWW-Authenticate"] = ", ".join(filter(None, ('Bearer realm="factorenmodel"', challenge)))
    if wait := getattr(problem, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


def page(request: HttpRequest, status: int) -> HttpResponse:
    """The same document for what Django answers itself."""
    headers = {"Retry-After": "5"} if status == 503 else {}
    content = orjson.dumps(body(request, status=status))
    return HttpResponse(content, status=status, content_type=MEDIA_TYPE, headers=headers)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return page(request, 500)


__all__ = ["bad_request", "body", "faults_of", "handle", "not_found", "page",
           "permission_denied", "server_error"]  # fmt: skip
