"""Serializer fields that several resources share."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
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


class Moment(serializers.DateTimeField):
    """A moment with its offset from UTC, any offset; without one nobody knows which moment is meant."""

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            raise serializers.ValidationError(_("Noem ook de tijdzone, bijvoorbeeld Z of +01:00."), "no-offset")
        return super().enforce_timezone(value)
