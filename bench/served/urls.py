"""Ours, and `/constant/SIZE`: as many bytes, always the same, through the same middleware."""

import os
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


@cache
def _bytes(size: int) -> bytes:
    return os.urandom(size)


def constant(request: HttpRequest, size: int) -> HttpResponse:
    headers = {"ETag": f'"constant-{size}"', "Content-Encoding": "gzip", "Cache-Control": "no-cache"}
    return HttpResponse(_bytes(size), content_type="application/json", headers=headers)


urlpatterns = [path("constant/<int:size>", constant), path("", include("config.urls"))]
