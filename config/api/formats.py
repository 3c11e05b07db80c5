"""JSON in and out, and content negotiation that refuses a format nobody offers."""

import re
from collections.abc import Sequence
from typing import Any

import orjson
from django.http import Http404
from django.http.request import MediaType
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAcceptable, ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from config.errors import Fault, Refusal
from config.loading import not_json

ANY, JSON = "*/*", "application/json"
NUL_ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class JsonRenderer(BaseRenderer):
    media_type = JSON
    format = "json"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if data is None:
            return b""
        return orjson.dumps(data, default=_plain, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z)


def _plain(value: Any) -> Any:
    if hasattr(value, "quantize"):
        return float(value)
    return str(value)


class JsonParser(BaseParser):
    """Strict JSON: no NaN, no NUL (PostgreSQL keeps none), valid UTF-8, bounded depth."""

    media_type = JSON

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        raw = stream.read()
        try:
            found = orjson.loads(raw)
        except orjson.JSONDecodeError as problem:
            raise ParseError(not_json(problem)) from problem
        if b"\\u0000" in raw and NUL_ESCAPED.search(raw):  # in this order: a look costs a hundredth of the pattern
            _refuse_nul(found)
        return found


def _refuse_nul(found: Any) -> None:
    """Raises Refusal with a fault for every text or name with NUL in it."""
    text = _("Een tekst bevat het teken NUL; dat wordt niet bewaard.")
    faults, waiting = [], [("#", found)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str) and "\0" in value:
            faults.append(Fault(path, "unprintable", text))
        elif isinstance(value, list):
            waiting += [(f"{path}/{index}", part) for index, part in enumerate(value)]
        elif isinstance(value, dict):
            faults += [Fault(path, "unprintable", text) for name in value if "\0" in name]
            waiting += [(f"{path}/{_pointed(name)}", part) for name, part in value.items()]
    raise Refusal("", faults)


def _pointed(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


class Negotiation(DefaultContentNegotiation):
    """`?format=` chooses by name; an unknown name is bad input (400), not a missing page.

    What the reader likes better (`q`, RFC 9110 §12.5.1) goes first; q=0 is a refusal. DRF looks at neither.
    """

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        header = request.META.get("HTTP_ACCEPT", ANY)
        name = format_suffix or request.query_params.get(self.settings.URL_FORMAT_OVERRIDE)
        if not name and header in (ANY, JSON) and renderers[0].media_type == JSON:
            return renderers[0], JSON  # as almost everybody asks
        if "q=" not in header.lower():
            return super().select_renderer(request, renderers, format_suffix)
        offered = self.filter_renderers(renderers, name) if name else renderers
        ranges = [MediaType(token) for token in self.get_accept_list(request)]
        ranges.sort(key=lambda one: one.specificity, reverse=True)
        best = max(offered, key=lambda renderer: _liking(renderer.media_type, ranges))  # the first of equals
        if not _liking(best.media_type, ranges)[0]:
            raise NotAcceptable(available_renderers=offered)
        return best, best.media_type

    def filter_renderers(self, renderers: Any, format: str) -> Any:
        try:
            return super().filter_renderers(renderers, format)
        except Http404:
            known = ", ".join(sorted({r.format for r in renderers}))
            detail = _("Onbekend formaat. Mogelijk: %(known)s.") % {"known": known}
            raise Refusal(detail, [Fault("format", "unknown-format", detail, place="query", value=format)]) from None


def _liking(media_type: str, ranges: Sequence[MediaType]) -> tuple[float, int]:
    """Quality and specificity of the range that speaks of the type: the most specific one. ranges: in that order."""
    told = MediaType(media_type)
    found = next((one for one in ranges if _speaks_of(one, told)), None)
    return (found.quality, found.specificity) if found else (0.0, 0)


def _speaks_of(one: MediaType, told: MediaType) -> bool:
    main, sub = one.main_type in {"*", told.main_type}, one.sub_type in {"*", told.sub_type}
    return main and sub and all(one.params.get(name) == value for name, value in told.params.items())
