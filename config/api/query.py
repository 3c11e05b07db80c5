"""Query keys: declared by hand in camelCase, checked, and refused when unknown or said twice; all faults at once."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

ALWAYS = {"format", "lang"}
SEVERAL = (serializers.ListField, serializers.MultipleChoiceField)


class Query(serializers.Serializer):
    """Base of every view's query keys."""

    def to_internal_value(self, data: Any) -> Any:
        errors = self._unknown(data) | self._repeated(data)
        values: Any = None
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as problem:
            errors = dict(problem.detail) | errors  # type: ignore[arg-type]
        if errors:
            raise serializers.ValidationError(errors)
        return values

    def _unknown(self, data: Any) -> dict[str, Any]:
        text = _("Deze sleutel kennen wij niet. Mogelijk: %(known)s.") % {
            "known": ", ".join(sorted(self.fields)) or "-"
        }
        return {key: [ErrorDetail(text, "unknown-key")] for key in sorted(set(data) - set(self.fields) - ALWAYS)}

    def _repeated(self, data: Any) -> dict[str, Any]:
        """A second value would be dropped in silence."""
        text = _("Deze sleutel mag maar één keer.")
        single = {name for name, field in self.fields.items() if not isinstance(field, SEVERAL)}
        twice = [key for key in sorted(single & set(data)) if len(data.getlist(key)) > 1]
        return {key: [ErrorDetail(text, "repeated-key")] for key in twice}


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
    if not request.query_params and not beside:
        if serializer not in _unasked:
            _unasked[serializer] = _validated(serializer, request, {})
        return {name: copy(value) for name, value in _unasked[serializer].items()}  # a list is the view's own
    return _validated(serializer, request, beside or {})


_unasked: dict[type[Query], dict[str, Any]] = {}  # what holds for a view when nothing is asked: always the same


def _validated(serializer: type[Query], request: Any, beside: Mapping[str, serializers.Field]) -> dict[str, Any]:
    bound = serializer(data=request.query_params)
    bound.fields.update(beside)
    try:
        bound.is_valid(raise_exception=True)
    except serializers.ValidationError as problem:
        problem.place = "query"  # type: ignore[attr-defined]
        raise
    return dict(bound.validated_data)
