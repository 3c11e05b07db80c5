"""The page behind a problem's `type`: what the code means, for a person; and whom to tell of a leak."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from config.api.problems import TITLES, not_found


@require_safe
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


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116; municipalities must have one. Good for half a year from when it is read."""
    until = (timezone.now() + timedelta(days=180)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}", f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}", "Preferred-Languages: nl, en",
        f"Canonical: {settings.PUBLIC_URL}/.well-known/security.txt",
    ]  # fmt: skip
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
