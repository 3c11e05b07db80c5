"""Base classes of all endpoints: a resource states who may call it, which query keys it takes and what it answers.

A view does three things: it takes validated parameters, makes one domain call, and shapes the answer.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import MethodNotAllowed, UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

from config import exports, walls
from config.api import quota
from config.api.access import Access, Principal, rights_read_now
from config.api.query import ListQuery, Query, checked
from config.api.sparse import NAMES, Expansion, Names, expanded, keys_for, narrowed
from config.api.writing import KEPT_TO_RIGHTS, kept_to_rights
from config.errors import NotFound
from config.routers import store_of

Rows = QuerySet[Any] | Sequence[Any]


class Resource(APIView):
    """One endpoint.

    access: who may call which method. query: its query keys. item: serializer of one answer.
    bodies: per writing method the request serializer and the serializer per status, for the documentation.
    cache: value of Cache-Control for successful reads. matched: the methods that need If-Match, for the documentation.
    expansions: related objects that a read may ask for. store: where the data of the answer are kept.
    takes_rights: its changes take rights, perhaps one's own, so these are not asked again at their end.
    open_data: everybody may have whatever this answers; a file of the rest is written down (config/exports.py).
    """

    access: ClassVar[dict[str, Access]]
    query: ClassVar[type[Query]] = Query
    item: ClassVar[type[BaseSerializer]]
    bodies: ClassVar[dict[str, tuple[type[BaseSerializer] | None, dict[int, type[BaseSerializer] | None]]]] = {}
    idempotent_store: ClassVar[str] = ""
    cache: ClassVar[str] = "no-store"
    tag: ClassVar[str] = ""
    matched: ClassVar[frozenset[str]] = frozenset({"PUT", "PATCH", "DELETE"})
    expansions: ClassVar[Mapping[str, Expansion]] = {}
    store: ClassVar[str]
    takes_rights: ClassVar[bool] = False
    open_data: bool = False
    owners: frozenset[str] = frozenset()
    rows_told: int | None = None
    usage: quota.Usage | None = None
    narrowing: Mapping[str, Sequence[str]] = {}  # what the reader asked with `fields` and `expand`

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        handled = {m.upper() for m in ("get", "post", "put", "patch", "delete") if hasattr(cls, m)}
        if handled and not handled <= set(getattr(cls, "access", {})) and not cls.__module__.startswith("config."):
            raise TypeError(f"{cls.__name__} must state access for {sorted(handled)}")
        cls.store = store_of(cls.__module__.partition(".")[0])
        for name in ("put", "patch", "delete"):
            if (change := getattr(cls, name, None)) and change not in KEPT_TO_RIGHTS:
                setattr(cls, name, kept_to_rights(change))

    @property
    def principal(self) -> Principal:
        """Whoever asks."""
        return cast(Principal, self.request.user)

    @property
    def most_bytes(self) -> int:
        """Largest request body that is read."""
        return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)

    @property
    def allowed_methods(self) -> list[str]:
        return [*self.access, *(["HEAD"] if "GET" in self.access else []), "OPTIONS"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method not in self.allowed_methods:
            raise MethodNotAllowed(request.method or "")
        if _length(request) > self.most_bytes:
            raise RequestDataTooBig()  # nothing of it has been read
        if (coding := request.META.get("HTTP_CONTENT_ENCODING", "identity")) != "identity":
            raise UnsupportedMediaType(coding[:40])  # what is packed has no size that can be held to a limit
        rights_read_now(request)
        self.usage = quota.spend(request)
        if self.usage and self.usage.violated:
            raise quota.QuotaExceeded(self.usage)
        super().initial(request, *args, **kwargs)
        walls.open_for(self.principal)
        if any("\x00" in str(part) for part in kwargs.values()):
            raise NotFound()  # PostgreSQL keeps no NUL, so nothing can have this name
        reads = request.method in {"GET", "HEAD"} and NAMES & request.query_params.keys()
        self.params = checked(self.query, request, self.names_taken() if reads else None)
        self.narrowing = {key: self.params.pop(key) for key in NAMES & self.params.keys()} if reads else {}

    def tells_of(self, municipality_code: str, *, everybody: bool = False, rows: int | None = None) -> None:
        """Whose data the answer holds, whether everybody may have them, and how many rows there are."""
        self.open_data, self.owners, self.rows_told = everybody, frozenset({municipality_code}), rows

    def names_taken(self) -> dict[str, Names]:
        """What a read takes besides its own query keys: `fields` and `expand`."""
        described = hasattr(self, "item") and "GET" in self.access and "GET" not in self.bodies
        return keys_for(self.item, self.expansions) if described else {}

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        told = response.status_code == 200 and getattr(request, "accepted_renderer", None)
        if told and told.format == "json" and "fields" in self.narrowing:
            response.data = narrowed(response.data, self.narrowing["fields"], many=isinstance(self, ListResource))
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in (self.usage.headers() if self.usage else {}).items():
            response[name] = value
        if response.status_code == 200 and request.method in {"GET", "HEAD"}:
            response.headers.setdefault("Cache-Control", self.cache)
            if self.principal.is_authenticated and not self.open_data:
                response.export = exports.of(
                    self.principal, store=self.store, municipality_codes=self.owners, rows=self.rows_told
                )
        return response

    def shape(self, thing: Any, *, many: bool = False) -> Any:
        told = self.item(thing, many=many, context={"request": self.request, "params": self.params}).data
        chosen = {name: self.expansions[name] for name in self.narrowing.get("expand", ())}
        return expanded(told, chosen, self.principal) if chosen else told


def _length(request: Request) -> int:
    """Bytes that the request says it brings; Django reads no further than that."""
    stated = request.META.get("CONTENT_LENGTH") or ""
    return int(stated) if stated.isdecimal() else 0


class ListResource(Resource):
    """A list: `{count, next, previous, results}` with Link header, `page` and `pageSize`."""

    query: ClassVar[type[Query]] = ListQuery
    besides: ClassVar[dict[str, Any]] = {}
    """Serializer fields that stand beside `results`; `beside` fills them."""

    def beside(self, shown: list[Any]) -> dict[str, Any]:
        """What stands beside the rows shown, by the names in `besides`."""
        return {}

    def rows(self) -> Rows:
        """What to list, in a stable order that ends in a unique key."""
        raise NotImplementedError

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.rows()
        page, size = self.params["page"], self.params["pageSize"]
        count = rows.count() if isinstance(rows, QuerySet) else len(rows)
        last = max(1, -(-count // size))
        if page > last:
            raise NotFound(_("Deze bladzijde bestaat niet; de laatste is %(last)d.") % {"last": last})
        shown = list(rows[(page - 1) * size : page * size])
        links = self._links(request, page, last)
        body = {"count": count, "next": links.get("next"), "previous": links.get("prev"),
                "results": self.shape(shown, many=True), **self.beside(shown)}  # fmt: skip
        return Response(body, headers={"Link": ", ".join(f'<{url}>; rel="{rel}"' for rel, url in links.items())})

    def _links(self, request: Request, page: int, last: int) -> dict[str, str]:
        base = request.build_absolute_uri()

        def url(number: int) -> str:
            return remove_query_param(base, "page") if number == 1 else replace_query_param(base, "page", number)

        links = {"first": url(1), "last": url(last)}
        if page > 1:
            links["prev"] = url(page - 1)
        if page < last:
            links["next"] = url(page + 1)
        return links


class SingleResource(Resource):
    """One resource, with an ETag (config/middleware.py)."""

    def thing(self) -> Any:
        """The resource; raises NotFound."""
        raise NotImplementedError

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.shape(self.thing()))
