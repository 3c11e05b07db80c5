"""Long tasks of either store, for who asked for them."""

from typing import Any

from rest_framework import serializers

from config.api.access import Needs
from config.api.resources import SingleResource
from config.errors import NotFound
from config.ledger import records
from config.stores import STORES
from factors.access import principal_of
from factors.api.fields import Text


class JobSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    status = serializers.CharField(help_text="queued, running, succeeded, failed of cancelled.")
    doneCount = serializers.IntegerField(source="done_count")
    totalCount = serializers.IntegerField(source="total_count", allow_null=True)
    resultPath = Text(source="result_path", help_text="Waar het resultaat staat, als het er is.")
    errors = serializers.ListField(child=serializers.JSONField())  # type: ignore[assignment]
    createdAt = serializers.DateTimeField(source="created_at")
    finishedAt = serializers.DateTimeField(source="finished_at", allow_null=True)


class JobView(SingleResource):
    """Een lange taak: hoe ver zij is en wat eruit kwam. Alleen voor wie erom vroeg."""

    access, item, cache = {"GET": Needs("jobs.read")}, JobSerializer, "no-store"

    def thing(self) -> Any:
        for store in STORES:
            jobs = records.model(store, "Job")._default_manager
            if job := jobs.filter(pk=self.kwargs["id"], requested_by=principal_of(self.request).id).first():
                return job
        raise NotFound
