"""Serializer fields that several resources share."""

from typing import Any

from rest_framework import serializers

from config.languages import label


class Label(serializers.CharField):
    """`name_nl` or `name_en` by the language of the request; `Label("definition")` for another pair."""

    def __init__(self, field: str = "name", **kwargs: Any) -> None:
        self.pair = field
        super().__init__(read_only=True, source="*", **kwargs)

    def to_representation(self, value: Any) -> str:
        return label(value, self.pair)


class Codes(serializers.ListField):
    """A list of codes."""

    child = serializers.CharField()
