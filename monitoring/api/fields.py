"""Fields that only this app needs."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from monitoring.periods import BadPeriod, Period, parse


class Text(serializers.CharField):
    """A text that may be missing: null, never empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, allow_null=True, **kwargs)

    def to_representation(self, value: Any) -> str | None:  # type: ignore[override]
        return str(value) if value else None


class PeriodText(serializers.CharField):
    """The period of an observation (a row as mapping, or an object with `period`) in ISO 8601."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, source="*", **kwargs)

    def to_representation(self, value: Any) -> str:
        return period_of(value).iso


class PeriodKind(PeriodText):
    """year, quarter, month, school-year or survey-wave."""

    def to_representation(self, value: Any) -> str:
        return period_of(value).kind


class Year(serializers.IntegerField):
    """A year in a query key."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, min_value=1900, max_value=2200, **kwargs)


class AskedPeriod(serializers.CharField):
    """A period in a query key: any spelling that periods.parse knows."""

    def to_internal_value(self, data: Any) -> Period:  # type: ignore[override]
        try:
            return parse(super().to_internal_value(data))
        except BadPeriod:
            text = _("Dit is geen periode. Voorbeelden: 2024, 2024-03, 2024-Q1, 2023/2024.")
            raise serializers.ValidationError(text, code="bad-period") from None


def period_of(thing: Any) -> Period:
    if isinstance(thing, Mapping):
        return Period(thing["period_kind"], thing["period_start"], thing["period_end"])
    period: Period = thing.period
    return period
