"""Query keys: declared by hand in camelCase, checked, and refused when unknown."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

ALWAYS = {"format", "lang"}


class Query(serializers.Serializer):
    """Base of every view's query keys."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - set(self.fields) - ALWAYS)
        if unknown:
            text = _("Deze sleutel kennen wij niet. Mogelijk: %(known)s.") % {
                "known": ", ".join(sorted(self.fields)) or "-"
            }
            raise serializers.ValidationError({key: [ErrorDetail(text, "unknown-key")] for key in unknown})
        return super().to_internal_value(data)


class ListQuery(Query):
    """Query keys of every list."""

    page = serializers.IntegerField(min_value=1, default=1, help_text="Bladzijde, vanaf 1.")
    pageSize = serializers.IntegerField(min_value=1, max_value=500, default=100, help_text="Aantal per bladzijde.")


def checked(
    serializer: type[Query], request: Any, beside: Mapping[str, serializers.Field] | None = None
) -> dict[str, Any]:
    """Validated query parameters by API name. beside: fields that are allowed as well.

    Raises ValidationError marked as faults of the query.
    """
    bound = serializer(data=request.query_params)
    bound.fields.update(beside or {})
    try:
        bound.is_valid(raise_exception=True)
    except serializers.ValidationError as problem:
        problem.place = "query"  # type: ignore[attr-defined]
        raise
    return dict(bound.validated_data)
