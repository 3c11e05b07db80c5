"""Which methods a page takes."""

from collections.abc import Callable
from typing import Any

from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

View = Callable[..., Any]


def takes(*methods: str) -> Callable[[View], View]:
    """A page with these methods. Any other is 405, before its sender is asked for a token that would not help."""

    def of(view: View) -> View:
        return csrf_exempt(require_http_methods(methods)(csrf_protect(view)))  # type: ignore[no-any-return]

    return of


read_only = takes("GET", "HEAD")
