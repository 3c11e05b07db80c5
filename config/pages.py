"""Pages of the service itself: what a problem's `type` means, a fault as a person sees it, whom to tell of a leak."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html

from config.api.problems import TITLES, body, not_found, page
from config.methods import read_only

FOR_PROGRAMS = ("/v1", "/livez", "/readyz", "/.well-known/")


def is_for_programs(path: str) -> bool:
    """The API and what stands beside it for machines; the rest are pages."""
    return path.startswith(FOR_PROGRAMS)


def is_for_people(request: HttpRequest) -> bool:
    """Whether a fault is better told as a page than as a problem document."""
    return not is_for_programs(request.path) and "text/html" in request.headers.get("Accept", "")


def tells(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a page of ours says already what is wrong."""
    is_page = response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming
    return is_page and bool(response.content) and not is_for_programs(request.path)


def fault(request: HttpRequest, status: int) -> HttpResponse:
    """The problem as a page; asks no store and no session, for they may be what is wrong."""
    content = render_to_string("web/fault.html", {"problem": body(request, status=status)})
    return HttpResponse(content, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent from elsewhere, or too long after it was read."""
    return page(request, 403)


@read_only
def problem_page(request: HttpRequest, code: str) -> HttpResponse:
    if code not in TITLES:
        return not_found(request, Exception())
    return HttpResponse(
        format_html(
            '<!doctype html><html lang="nl"><meta charset="utf-8"><title>{0}</title>'
            "<h1>{0}</h1><p><code>{1}</code></p></html>",
            TITLES[code],
            code,
        )
    )


@read_only
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116; municipalities must have one. Good for half a year from when it is read."""
    until = (timezone.now() + timedelta(days=180)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}", f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}", "Preferred-Languages: nl, en",
        f"Canonical: {settings.PUBLIC_URL}/.well-known/security.txt",
    ]  # fmt: skip
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
