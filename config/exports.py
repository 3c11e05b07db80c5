"""Files that leave with what is not public: who took which, for whom, when and how much, in the audit of their store.

A file is an answer to a read that is no plain JSON, or that is sent to be kept. Whatever somebody known gets as a file
counts as not public, unless its view says that everybody may have it (`Resource.tells_of`): a view that forgets to say
so writes too much down, never too little.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from config.api.access import Principal
from config.ledger import records

ACTION = "file.exported"
JSON = "application/json"
Owner = tuple[str, str]
"""Municipality and organisation; no organisation: the municipality itself."""


@dataclass(frozen=True)
class Export:
    """What may leave. store: where the data are kept. rows: how many, where the view counts them.

    subject: what the trail calls it, as `resource/code`; empty: as in the path of the request.
    """

    actor: str
    store: str
    owners: frozenset[Owner]
    rows: int | None = None
    subject: str = ""


def of(principal: Principal, *, store: str, municipality_codes: Collection[str] = (), rows: int | None = None,
       subject: str = "") -> Export:  # fmt: skip
    """For the municipalities named; for none in particular: for all that the principal works for."""
    owners = frozenset((g.municipality_code, g.organisation_code) for g in principal.grants)
    named = frozenset(owner for owner in owners if owner[0] in municipality_codes)
    return Export(principal.id, store, named or owners, rows, subject)


def is_file(response: HttpResponseBase) -> bool:
    kept = response.headers.get("Content-Disposition", "").startswith("attachment")
    return kept or response.headers.get("Content-Type", JSON) != JSON


def write_down(export: Export, request: HttpRequest, response: HttpResponse) -> None:
    """One entry per owner, committed before the first byte leaves. Raises OperationalError when the store is away."""
    resource, _slash, code = (export.subject or request.path.removeprefix("/v1").strip("/")).partition("/")
    told = {
        "path": request.path, "query": request.META.get("QUERY_STRING", "")[:1000], "rows": export.rows,
        "mediaType": response.headers.get("Content-Type", ""), "entityTag": response.headers.get("ETag"),
        "bytes": None if response.streaming else len(response.content),
    }  # fmt: skip
    entries = [
        {"action": ACTION, "resource": resource[:60], "resource_code": code[:200], "after": told,
         "municipality_code": city, "organisation_code": organisation}
        for city, organisation in sorted(export.owners) or [("", "")]
    ]  # fmt: skip
    records.audit_all(store=export.store, actor=export.actor, entries=entries)
