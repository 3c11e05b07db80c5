"""All routes of the service with the methods they take, read from the URL configuration."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver

from config.pages import is_for_programs

SAMPLES = {"year": "2024", "version": "latest", "number": "1", "planId": "1"}
UUID = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Route:
    """A path template such as `/v1/areas/{areaCode}`, the methods its view takes and the formats it answers in."""

    template: str
    methods: frozenset[str]
    formats: frozenset[str] = frozenset()
    view: Any = None

    @property
    def sample(self) -> str:
        """The path with something in place of each parameter."""
        return re.sub(r"\{(\w+)\}", lambda found: _sample(found[1]), self.template)


def _sample(name: str) -> str:
    return SAMPLES.get(name, UUID if name.lower().endswith("id") else "sample")


def all_routes() -> list[Route]:
    """The API and what stands beside it for programs."""
    return [route for route in _everything() if is_for_programs(route.template) or "problems" in route.template]


def page_routes() -> list[Route]:
    """The pages for people; which methods they take, their answers tell."""
    known = {route.template for route in all_routes()}
    return [route for route in _everything() if route.template not in known]


def _everything() -> list[Route]:
    return sorted(_walk(get_resolver(), "/"), key=lambda route: route.template)


def _walk(resolver: Any, prefix: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        template = prefix + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(entry.pattern))
        if not isinstance(entry, URLPattern):
            yield from _walk(entry, template)
            continue
        view = getattr(entry.callback, "view_class", None) or getattr(entry.callback, "cls", None)
        formats = frozenset(one.format for one in getattr(view, "renderer_classes", ()))
        yield Route(template, frozenset(getattr(view, "access", {"GET": None})), formats, view)
