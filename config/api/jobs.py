"""A long task over HTTP: the answer to who asks for one, and how far it is."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

RETRY_AFTER = "1"  # seconds


class JobSerializer(serializers.Serializer):
    """Een lange taak."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    status = serializers.CharField(help_text="queued, running, succeeded, failed of cancelled.")
    doneCount = serializers.IntegerField(source="done_count")
    totalCount = serializers.IntegerField(source="total_count", allow_null=True)
    resultUrl = serializers.SerializerMethodField(help_text="Waar het resultaat staat, als het er is.")
    errors = serializers.ListField(child=serializers.JSONField())  # type: ignore[assignment]
    createdAt = serializers.DateTimeField(source="created_at")
    finishedAt = serializers.DateTimeField(source="finished_at", allow_null=True)

    def get_resultUrl(self, job: Any) -> str | None:
        return self.context["request"].build_absolute_uri(job.result_path) if job.result_path else None


def accepted(job: Any, request: Request) -> Response:
    """202: the work is queued; where to look and when."""
    answer = JobSerializer(job, context={"request": request}).data
    headers = {"Location": request.build_absolute_uri(f"/v1/jobs/{job.id}"), "Retry-After": RETRY_AFTER}
    return Response(answer, status=202, headers=headers)
