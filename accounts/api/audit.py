"""What was written down for a municipality, in both stores, newest first."""

from collections.abc import Sequence
from functools import partial
from heapq import merge
from itertools import islice
from typing import Any, ClassVar

from django.db import InterfaceError, OperationalError
from django.db.models import Q, QuerySet
from rest_framework import serializers

from accounts import access
from config.api.access import Needs
from config.api.fields import Moment
from config.api.query import ListQuery
from config.api.resources import ListResource
from config.ledger import records
from config.stores import STORES, StoreAway


class AuditQuery(ListQuery):
    """resource and resourceCode together give the trail of one thing."""

    resource = serializers.CharField(required=False, max_length=60, help_text="Soort, zoals `api-clients`.")
    resourceCode = serializers.CharField(required=False, max_length=200, help_text="Alleen over dit ding.")
    actor = serializers.CharField(required=False, max_length=100, help_text="Alleen van deze toepassing.")
    action = serializers.CharField(required=False, max_length=60, help_text="Alleen deze handeling.")
    atFrom = Moment(required=False, help_text="Vanaf dit moment.")
    atUntil = Moment(required=False, help_text="Tot dit moment.")


class AuditEntrySerializer(serializers.Serializer):
    """Eén handeling: wie (een code, nooit een naam), voor wie, wanneer, wat het was en wat het werd."""

    at = serializers.DateTimeField()
    actor = serializers.CharField()
    municipalityCode = serializers.CharField(source="municipality_code")
    organisationCode = serializers.SerializerMethodField()
    action = serializers.CharField()
    resource = serializers.CharField()
    resourceCode = serializers.CharField(source="resource_code")
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)
    requestId = serializers.SerializerMethodField()

    def get_organisationCode(self, row: Any) -> str | None:
        return row.organisation_code or None

    def get_requestId(self, row: Any) -> str | None:
        return row.request_id or None


class BothStores(Sequence[Any]):
    """The entries of both stores as one list in order of time; reads no further than the page asked for.

    of: the code of the one thing they are about; without it an entry of many things says how many.
    """

    def __init__(self, chosen: Q, of: str = "") -> None:
        self.of = of
        self.parts: dict[str, QuerySet[Any]] = {
            store: records.model(store, "AuditEntry")._default_manager.filter(chosen).order_by("-at", "-id")
            for store in STORES
        }
        if not of:
            self.parts = {store: part.defer("codes", "details") for store, part in self.parts.items()}

    def __len__(self) -> int:
        return sum(_asked(store, part.count) for store, part in self.parts.items())

    def __getitem__(self, chosen: Any) -> Any:
        """A slice: (from, until) of the merged order."""
        pages = [_asked(store, partial(list, part[: chosen.stop])) for store, part in self.parts.items()]
        ordered = merge(*pages, key=lambda entry: entry.at, reverse=True)
        page = islice(ordered, chosen.start, chosen.stop)
        return [entry.about(self.of) for entry in page] if self.of else list(page)


def _asked(store: str, question: Any) -> Any:
    try:
        return question()
    except (OperationalError, InterfaceError) as problem:
        raise StoreAway(store) from problem


def _of(code: str) -> Q:
    return Q(resource_code=code) | Q(codes__contains=[code])


class AuditEntriesView(ListResource):
    """Wie wat deed voor uw gemeente, met hoe het was en hoe het werd."""

    access, query, item = {"GET": Needs("audit.read")}, AuditQuery, AuditEntrySerializer
    columns = {"resource": "resource", "actor": "actor", "action": "action", "atFrom": "at__gte", "atUntil": "at__lt"}

    def rows(self) -> Sequence[Any]:
        chosen = Q(**{self.columns[key]: value for key, value in self.params.items() if key in self.columns})
        code = self.params.get("resourceCode", "")
        return BothStores(access.audit(self.principal) & chosen & (_of(code) if code else Q()), of=code)


class AuditTrailView(ListResource):
    """Wie iets deed met dit ding en wat eronder valt, nieuwste eerst; alleen handelingen voor uw gemeente."""

    access, item = {"GET": Needs("audit.read")}, AuditEntrySerializer
    resource: ClassVar[str]
    parameter: ClassVar[str]

    def rows(self) -> Sequence[Any]:
        code = self.kwargs[self.parameter]
        of_it = _of(code) | Q(resource_code__startswith=f"{code}/")
        return BothStores(access.audit(self.principal) & Q(resource=self.resource) & of_it, of=code)


TRAILS = {
    "agreements": "agreementCode", "api-clients": "clientCode", "area-analyses": "documentId", "factor-models": "code",
    "improvement-actions": "actionId", "interventions": "interventionCode", "measurement-plans": "planId",
    "observation-files": "fileId", "offerings": "offeringCode", "organisations": "organisationCode",
    "outcome-reports": "reportId", "plans-of-action": "documentId", "ranking-definitions": "code", "rankings": "id",
    "releases": "releaseId", "societal-results": "resultId",
}  # fmt: skip
"""Resources whose changes are written down, each with the path parameter that names one of them."""


def trail_of(resource: str) -> type[AuditTrailView]:
    """The trail of one kind of thing, under a class of its own: the OpenAPI document names operations after classes."""
    name = "".join(word.capitalize() for word in resource.split("-"))
    members = {"resource": resource, "parameter": TRAILS[resource], "__doc__": AuditTrailView.__doc__,
               "__module__": __name__}  # fmt: skip
    return type(f"{name}TrailView", (AuditTrailView,), members)
