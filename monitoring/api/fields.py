"""Fields that only this app needs."""

from math import isfinite
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from monitoring.geometry import CRS84, Box
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


class AskedCrs(serializers.CharField):
    """A coordinate reference system by its URI, with or without angle brackets; only CRS84 is served."""

    def to_internal_value(self, data: Any) -> str:
        asked = str(super().to_internal_value(data)).removeprefix("<").removesuffix(">")
        if asked != CRS84:
            raise serializers.ValidationError(
                _("Dit coördinatenstelsel wordt niet geleverd. Mogelijk: %(known)s.") % {"known": CRS84}, "unknown-crs"
            )
        return asked


class AskedBox(serializers.CharField):
    """A rectangle `west,south,east,north` in degrees."""

    def to_internal_value(self, data: Any) -> Box:  # type: ignore[override]
        parts = str(super().to_internal_value(data)).split(",")
        try:
            numbers = [float(part) for part in parts]
        except ValueError:
            numbers = []
        if len(numbers) == 6:  # with heights, which areas have none of
            numbers = [*numbers[:2], *numbers[3:5]]
        if len(numbers) != 4 or not all(map(isfinite, numbers)):
            raise serializers.ValidationError(_("Dit zijn geen vier getallen: west,zuid,oost,noord."), "bad-bbox")
        west, south, east, north = numbers
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            text = _("Noem west,zuid,oost,noord in graden, west voor oost en zuid voor noord.")
            raise serializers.ValidationError(text, "bad-bbox")
        return west, south, east, north


def period_of(thing: Any) -> Period:
    if isinstance(thing, dict):
        return Period(thing["period_kind"], thing["period_start"], thing["period_end"])
    period: Period = thing.period
    return period
