"""What changed, for programs that keep a copy: in an order that misses no late commit."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any

import orjson
from django.db import InterfaceError, OperationalError
from django.db.models import Q
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from accounts import access
from config.api.access import Public
from config.api.fields import Moment
from config.api.query import Query
from config.api.resources import Resource
from config.errors import Fault, Refusal
from config.ledger.changes import LARGEST, MOST_THINGS, Horizon, Position, changes_after, horizon
from config.stores import STORES

Positions = dict[str, Position]
BAD_CURSOR = gettext_lazy("Dit is geen cursor van ons.")


class ForeignCursor(Refusal):
    """A position that this server has not reached: of another server, from before a restore, or made up."""

    code = "bad-cursor"


class CursorField(serializers.CharField):
    """An opaque text that an earlier answer gave."""

    def to_internal_value(self, data: Any) -> Positions:  # type: ignore[override]
        try:
            pairs = orjson.loads(urlsafe_b64decode(super().to_internal_value(data)))
            found = {store: Position(*pair) for store, pair in zip(STORES, pairs, strict=True)}
            if all(map(_is_position, found.values())):
                return found
        except (ValueError, TypeError, binascii.Error):
            pass
        raise serializers.ValidationError(BAD_CURSOR, "bad-cursor")


def _is_position(one: Position) -> bool:
    """Whether the database can look for it."""
    whole = all(type(n) is int for n in (one.xid, one.id, one.place))
    return whole and max(abs(one.xid), abs(one.id)) <= LARGEST and 0 <= one.place <= MOST_THINGS


class ChangesQuery(Query):
    updatedAfter = Moment(required=False, help_text="Alleen wat na dit moment veranderde: `updatedUntil` van eerder.")
    cursor = CursorField(required=False, max_length=200, help_text="Verder vanaf een eerder antwoord.")
    resource = serializers.CharField(required=False, max_length=60, help_text="Alleen deze bron, zoals `releases`.")
    limit = serializers.IntegerField(min_value=1, max_value=500, default=100, help_text="Aantal per antwoord.")


class ChangeSerializer(serializers.Serializer):
    """Eén verandering: van welke bron, welk ding, en wat ermee gebeurde. Lees het ding zelf voor de stand van nu."""

    resource = serializers.CharField()
    code = serializers.CharField(help_text="Welk ding: de code of id in het adres.")
    action = serializers.CharField()
    municipalityCode = serializers.SerializerMethodField(help_text="Leeg: van alle gemeenten samen.")
    organisationCode = serializers.SerializerMethodField()
    changedAt = serializers.DateTimeField(source="at")

    def get_municipalityCode(self, row: Any) -> str | None:
        return row.municipality_code or None

    def get_organisationCode(self, row: Any) -> str | None:
        return row.organisation_code or None


class ChangesSerializer(serializers.Serializer):
    """Veranderingen op volgorde. Vraag later verder met `cursor`: u mist niets, ook niet wat laat kwam."""

    count = serializers.IntegerField(allow_null=True, help_text="Altijd leeg: er wordt niet geteld.")
    next = serializers.URLField(allow_null=True, help_text="De volgende veranderingen, als die er al zijn.")
    previous = serializers.URLField(allow_null=True, help_text="Altijd leeg.")
    results = ChangeSerializer(many=True)
    cursor = serializers.CharField(help_text="Hier bent u nu.")
    updatedUntil = serializers.DateTimeField(
        allow_null=True,
        help_text="Van vóór dit moment komt niets meer; neem het als `updatedAfter`. Leeg als er meer volgt of een "
        "deel van de dienst weg was.",
    )
    absent = serializers.ListField(child=serializers.CharField(), help_text="Delen die even niet antwoorden.")


class ChangesView(Resource):
    """Wat er veranderde, voor programma's die een kopie bijhouden."""

    access = {"GET": Public("changes.read")}
    query = ChangesQuery
    item = ChangesSerializer

    def get(self, request: Request) -> Response:
        """De veranderingen die u mag kennen, op volgorde van vastleggen."""
        limit, cursor = self.params["limit"], self.params.get("cursor")
        may = access.changes(self.principal)
        if resource := self.params.get("resource"):
            may &= Q(resource=resource)
        at: Positions = cursor or dict.fromkeys(STORES, Position())
        reads = {store: _read(store, at[store], may, limit, self.params.get("updatedAfter")) for store in STORES}
        if any(read and at[store] > read.horizon.position for store, read in reads.items()):
            raise ForeignCursor("", [Fault("cursor", "bad-cursor", str(BAD_CURSOR), place="query")])
        answer = _answer(request, at, reads, limit)
        following = {"Link": f'<{answer["next"]}>; rel="next"'} if answer["next"] else {}
        return Response(answer, headers=following)


@dataclass(frozen=True)
class Read:
    """What a store said: as far as it can be read, and its rows, one more than asked when there are more."""

    horizon: Horizon
    rows: Sequence[tuple[str, Any]]


def _read(store: str, position: Position, may: Q, limit: int, since: datetime | None) -> Read | None:
    """None when the store does not answer."""
    try:
        seen = horizon(store=store)
        rows = changes_after(store=store, position=position, horizon=seen, may=may, limit=limit + 1, since=since)
    except (OperationalError, InterfaceError):
        return None
    return Read(seen, [(store, row) for row in rows])


def _answer(request: Request, at: Positions, reads: dict[str, Read | None], limit: int) -> dict[str, Any]:
    """Stores in turn by time; each goes on after its last row shown, or at its horizon when all are shown."""
    said = {store: read for store, read in reads.items() if read is not None}
    shown = list(islice(merge(*(read.rows for read in said.values()), key=lambda pair: pair[1].at), limit))
    more = sum(len(read.rows) for read in said.values()) > limit
    after = at | {store: Position(row.xid, row.id, row.place) for store, row in shown}
    if not more:
        after |= {store: max(at[store], read.horizon.position) for store, read in said.items()}
    cursor = urlsafe_b64encode(orjson.dumps([astuple(after[store]) for store in STORES])).decode()
    settled = None if more or len(said) < len(reads) else min(read.horizon.until for read in said.values())
    return {
        "count": None, "previous": None, "next": replace_query_param(request.build_absolute_uri(), "cursor", cursor)
        if more else None,
        "results": ChangeSerializer([row for _store, row in shown], many=True).data, "cursor": cursor,
        "updatedUntil": settled, "absent": [store for store in reads if store not in said],
    }  # fmt: skip
