"""Fields and query keys that the resources of the register share."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from config.api.fields import Label


class Text(serializers.CharField):
    """A text that may be missing: null, never empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, allow_null=True, **kwargs)

    def to_representation(self, value: Any) -> str | None:  # type: ignore[override]
        return value or None


class LabelOrNull(Label):
    """A label that may be missing: null, never empty."""

    def __init__(self, field: str = "name") -> None:
        super().__init__(field, allow_null=True)

    def to_representation(self, value: Any) -> Any:
        return super().to_representation(value) or None


class Key(serializers.CharField):
    """A query key that narrows a list by equality."""

    def __init__(self, help_text: str) -> None:
        super().__init__(required=False, help_text=help_text)


def narrowed(rows: QuerySet[Any], params: dict[str, Any], lookups: Mapping[str, str]) -> QuerySet[Any]:
    """The rows that equal what was asked; lookups: query key → field."""
    return rows.filter(**{field: params[key] for key, field in lookups.items() if params.get(key) is not None})
