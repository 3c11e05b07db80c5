"""Fields that only this app needs."""

from typing import Any

from rest_framework import serializers

from config.api.fields import Label


class Text(serializers.CharField):
    """A text that may be missing: null, never empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, allow_null=True, **kwargs)

    def to_representation(self, value: Any) -> str | None:  # type: ignore[override]
        return str(value) if value else None


class CodeOrNull(serializers.ChoiceField):
    """A code of a closed list that may be missing: null, never empty."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        super().__init__(choices, read_only=True, allow_null=True, **kwargs)

    def to_representation(self, value: Any) -> Any:
        return value or None


class LabelOrNull(Label):
    """A label that may be missing: null, never empty."""

    def __init__(self, field: str = "name") -> None:
        super().__init__(field, allow_null=True)

    def to_representation(self, value: Any) -> Any:
        return super().to_representation(value) or None
