"""Areas with their years: a code has meaning only with its year (conventions.md §4)."""

from typing import Any

from django.db import models

from monitoring.querysets.areas import AreaQuerySet, MembershipQuerySet


class AreaLevel(models.TextChoices):
    COUNTRY = "country"
    MUNICIPALITY = "municipality"
    DISTRICT = "district"  # gebied; no CBS code
    NEIGHBOURHOOD = "neighbourhood"  # wijk
    SUB_NEIGHBOURHOOD = "sub-neighbourhood"  # buurt
    FOCUS_AREA = "focus-area"
    GROUP = "group"  # a free group that cuts across


_Areas = models.Manager.from_queryset(AreaQuerySet)


class AreaManager(_Areas):  # type: ignore[misc, valid-type]
    """Borders are large and seldom wanted: they stay behind unless `defer(None)` brings them along."""

    def get_queryset(self) -> Any:
        return super().get_queryset().defer("geometry")


class Area(models.Model):
    """An area while its name, level and borders held: from a year, until (exclusive) another or still."""

    code = models.CharField(max_length=100)
    level = models.CharField(max_length=20, choices=AreaLevel)
    name_nl = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    aliases_nl = models.TextField(blank=True)
    municipality_code = models.CharField(max_length=10, blank=True)  # the city it lies in, if one
    municipality_name = models.CharField(max_length=100, blank=True)
    valid_from = models.PositiveSmallIntegerField(default=0)  # year; 0: the source gives none
    valid_until = models.PositiveSmallIntegerField(null=True)
    geometry = models.JSONField(null=True)  # GeoJSON, CRS84
    west = models.FloatField(null=True)  # the rectangle round it, in degrees
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    demo = models.BooleanField(default=False)
    source = models.TextField(blank=True)

    objects = AreaManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="area_vintage_once")]
        indexes = [models.Index(fields=["level", "code"], name="area_level")]


class AreaMembership(models.Model):
    """A child lies in a parent within one hierarchy: `cbs`, `district`, or a group."""

    hierarchy = models.CharField(max_length=60)
    parent_code = models.CharField(max_length=100)
    child_code = models.CharField(max_length=100)
    valid_from = models.PositiveSmallIntegerField(default=0)
    valid_until = models.PositiveSmallIntegerField(null=True)
    source = models.TextField(blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hierarchy", "parent_code", "child_code", "valid_from"], name="area_membership_once"
            )
        ]
        indexes = [
            models.Index(fields=["child_code"], name="area_membership_child"),
            models.Index(fields=["parent_code"], name="area_membership_parent"),
        ]


class AreaSuccession(models.Model):
    """From a year on, (a part of) an area is called, or lies in, another. weight: share 0-1 of what was counted there.

    The weights of one predecessor and basis add up to 1. basis: what they are a share of (addresses, inhabitants, …).
    """

    from_code = models.CharField(max_length=100)
    to_code = models.CharField(max_length=100)
    year = models.PositiveSmallIntegerField()  # first year of the successor
    basis = models.CharField(max_length=40)
    weight = models.FloatField(default=1.0)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["from_code", "to_code", "year", "basis"], name="area_succession_once"),
            models.CheckConstraint(condition=models.Q(weight__gt=0, weight__lte=1), name="area_succession_weight"),
        ]
        indexes = [models.Index(fields=["to_code"], name="area_succession_to")]
