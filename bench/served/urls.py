"""Ours, and `/constant/SIZE`: as many bytes, always the same, through the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from bench.served.constant import constant_bytes


def constant(request: HttpRequest, size: int) -> HttpResponse:
    headers = {"ETag": f'"constant-{size}"', "Content-Encoding": "gzip", "Cache-Control": "no-cache"}
    return HttpResponse(constant_bytes(size), content_type="application/json", headers=headers)


urlpatterns = [path("constant/<int:size>", constant), path("", include("config.urls"))]
