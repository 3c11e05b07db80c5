"""One measured value, and the values it replaced (DOMAIN.md §4)."""

from django.db import models
from django.db.models.functions import Now

from monitoring.querysets.observations import ObservationQuerySet


class ObservationBase(models.Model):
    """Indicator × area × period × definition × population × statistic × source: a value, or why there is none."""

    indicator_code = models.CharField(max_length=100)
    area_code = models.CharField(max_length=100)
    area_year = models.PositiveSmallIntegerField()  # the year the area code belongs to
    period_kind = models.CharField(max_length=12)
    period_start = models.DateField()
    period_end = models.DateField()  # exclusive
    definition_version = models.CharField(max_length=60, blank=True)
    population = models.CharField(max_length=200, blank=True)
    statistic = models.CharField(max_length=20)
    source_code = models.CharField(max_length=100)
    value = models.FloatField(null=True)
    unit = models.CharField(max_length=40, blank=True)
    qualifier = models.CharField(max_length=12, default="exact")
    status = models.CharField(max_length=14, default="final")
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    interval_low = models.FloatField(null=True)
    interval_high = models.FloatField(null=True)
    basis = models.TextField(blank=True)
    areas_used = models.PositiveIntegerField(null=True)
    areas_total = models.PositiveIntegerField(null=True)
    conflict = models.TextField(blank=True)
    note = models.TextField(blank=True)
    citation = models.TextField(blank=True)
    origin = models.CharField(
        max_length=10, default="published"
    )  # published | computed (by us, from published figures)
    demo = models.BooleanField(default=False)

    class Meta:
        abstract = True


KEY = ["area_code", "indicator_code", "period_start", "period_kind", "definition_version", "population", "statistic",
       "source_code", "area_year"]  # fmt: skip


class Observation(ObservationBase):
    """The value known now."""

    municipality_code = models.CharField(max_length=10, blank=True)  # empty: official, shared by all
    recorded_at = models.DateTimeField(db_default=Now())

    objects = ObservationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=KEY, name="observation_once"),
            models.CheckConstraint(
                condition=models.Q(value__isnull=False) | ~models.Q(status__in=["final", "provisional", "estimated"]),
                name="observation_value_or_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(period_end__gt=models.F("period_start")), name="observation_period"
            ),
        ]
        indexes = [models.Index(fields=["indicator_code", "period_start"], name="observation_indicator")]


class ObservationHistory(ObservationBase):
    """A value that was replaced: known from `recorded_at` until `superseded_at`."""

    ledger_rights = "append-only"

    municipality_code = models.CharField(max_length=10, blank=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(db_default=Now())

    objects = ObservationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["area_code", "indicator_code"], name="observation_history_of")]
