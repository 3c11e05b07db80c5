"""The page behind a problem's `type`: what the code means, for a person."""

from django.http import HttpRequest, HttpResponse
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
