"""If-Match: a change is made to what its maker saw, or not at all (RFC 9110 §13.1.1; conventions.md §3)."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

import orjson
from django.utils import translation
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from rest_framework.request import Request

from config.errors import Refusal
from config.languages import language


class PreconditionFailed(Refusal):
    status = 412
    code = "precondition-failed"


class PreconditionRequired(Refusal):
    status = 428
    code = "precondition-required"


def tag(*state: object) -> str:
    """A strong ETag from what changes whenever the resource does; each language has a tag of its own."""
    return quote_etag(".".join(str(part) for part in (*state, language())))


def state_of(shape: Callable[[Any], Any], thing: Any) -> str:
    """Changes whenever the answer about the thing does, in either language."""
    shown = []
    for name in ("nl", "en"):
        with translation.override(name):
            shown.append(orjson.dumps(shape(thing), default=str))
    return hashlib.sha256(b"".join(shown)).hexdigest()[:32]


def require_match(request: Request, *state: object) -> None:
    """Hold a change to the state its maker saw, in any language. Raises PreconditionRequired, PreconditionFailed."""
    header = request.headers.get("If-Match")
    if header is None:
        raise PreconditionRequired(_("Stuur If-Match mee met de ETag van wat u gelezen hebt."))
    if not _meets(parse_etags(header), quote_etag(".".join(map(str, state)))):
        raise PreconditionFailed(_("Dit is intussen gewijzigd. Lees het opnieuw en pas uw wijziging daarop aan."))


def _meets(known: Iterable[str], current: str) -> bool:
    return any(given == "*" or given.rpartition(".")[0] + '"' == current for given in known)
