"""Serializer fields that several resources share."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from config import personal_data
from config.languages import label


class Label(serializers.CharField):
    """`name_nl` or `name_en` by the language of the request; `Label("definition")` for another pair."""

    def __init__(self, field: str = "name", **kwargs: Any) -> None:
        self.pair = field
        super().__init__(read_only=True, source="*", **kwargs)

    def to_representation(self, value: Any) -> str:
        return label(value, self.pair)


class FreeText(serializers.CharField):
    """What people write in words of their own: no citizen service number, mail address or telephone number.

    Dates may stand there: plans and results have many. Source: conventions.md §6.
    """

    def to_internal_value(self, data: Any) -> str:
        text = str(super().to_internal_value(data))
        if kinds := [kind for kind in personal_data.found_in(text) if kind != "date"]:
            raise serializers.ValidationError(personal_data.refusal(kinds), "personal-data")
        return text


class Day(serializers.DateField):
    """A day that is asked about or entered, in the years 1900–2999.

    A slip of the pen (0202) would ask for reports over centuries, and the years around the last day do not exist.
    """

    def to_internal_value(self, value: Any) -> Any:
        day = super().to_internal_value(value)
        if not 1900 <= day.year < 3000:
            text = _("Kies een dag in de jaren 1900 tot en met 2999. Laat een einde leeg als er geen is.")
            raise serializers.ValidationError(text, "out-of-range")
        return day


class Codes(serializers.ListField):
    """A list of codes."""

    child = serializers.CharField()


class Moment(serializers.DateTimeField):
    """A moment with its offset from UTC, any offset; without one nobody knows which moment is meant."""

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            raise serializers.ValidationError(_("Noem ook de tijdzone, bijvoorbeeld Z of +01:00."), "no-offset")
        return super().enforce_timezone(value)
