"""Idempotency-Key: the same request twice has one effect and one answer (IETF draft; conventions.md §3).

The record is written in the transaction of the data. A second request with the same key waits on the unique constraint
for the first one's commit and then gets its answer, so parallel repeats make one row.
"""

import hashlib
from collections.abc import Callable
from typing import Any

import orjson
from django.db import OperationalError, connections, transaction
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.access import require_still
from config.errors import Fault, Refusal
from config.ledger import records

KEPT = range(200, 300)
PATIENCE = "5s"
"""How long a request waits for the one that came before it with the same key."""


class KeyReused(Refusal):
    status = 422
    code = "key-reused"


class KeyInProgress(Refusal):
    status = 409
    code = "key-in-progress"


Again = Callable[[str], Any]


def once(request: Request, *, store: str, produce: Callable[[], Response], again: Again | None = None) -> Response:
    """Run `produce` in one transaction on `store`, at most once per key of this caller, who still may when it ends.

    again: from the address in `Location` to the answer, for what is stored as it is told: then the address is kept.
    Raises Refusal for a malformed key, KeyReused for another body, KeyInProgress when the first takes longer than
    PATIENCE, PermissionDenied or AuthenticationFailed when rights were taken while it ran.
    """
    key = _key(request)
    with transaction.atomic(using=store):
        if key is None:
            response = produce()
            require_still(request)
            return response
        known = _claim(request, store=store, key=key)
        if known is not None:
            return _replay(known, request, again)
        response = produce()
        if response.status_code not in KEPT:
            transaction.set_rollback(True, using=store)
            return response
        require_still(request)
        headers = {name: value for name, value in response.items() if name in {"Location", "Link"}}
        body = "" if again and "Location" in headers else _text(response.data)
        records.finish(store=store, scope=_scope(request), key=key, status=response.status_code, headers=headers,
                       body=body)  # fmt: skip
        return response


def _text(data: Any) -> str:
    return orjson.dumps(data, default=str, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z).decode()


def _key(request: Request) -> str | None:
    raw = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if raw is None:
        return None
    key = raw[1:-1] if len(raw) > 2 and raw[0] == raw[-1] == '"' else raw
    if not 1 <= len(key) <= 255 or not key.isprintable() or not key.isascii():
        detail = _("Idempotency-Key moet 1 tot 255 leesbare tekens hebben.")
        raise Refusal(detail, [Fault("Idempotency-Key", "malformed-key", detail, place="header")])
    return key


def _scope(request: Request) -> str:
    return f"{request.user.id} {request.method} {request.path}"


def _fingerprint(request: Request) -> str:
    return hashlib.sha256(orjson.dumps([request.data, dict(request.query_params.lists())], default=str)).hexdigest()


def _claim(request: Request, *, store: str, key: str) -> Any:
    """None when the key is ours now, else the finished record."""
    with connections[store].cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        try:
            known = records.claim(store=store, scope=_scope(request), key=key, fingerprint=_fingerprint(request))
        except OperationalError as problem:
            raise KeyInProgress(_("Dezelfde aanvraag loopt nog. Probeer het straks opnieuw.")) from problem
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")  # what the request itself waits for is no repeat of it
    return known


def _replay(known: Any, request: Request, again: Again | None) -> Response:
    if known.fingerprint != _fingerprint(request):
        raise KeyReused(_("Deze Idempotency-Key is al gebruikt voor een andere inhoud."))
    headers = {**known.headers, "Idempotent-Replayed": "true"}
    data = again(known.headers["Location"]) if again and not known.body else orjson.loads(known.body)
    return Response(data, status=known.status, headers=headers)
