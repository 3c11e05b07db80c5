"""A societal result: a concrete, dated, measurable aim for one area, made with partners (DOMAIN.md §5)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class ResultKind(models.TextChoices):
    CONTENT = "content"
    PROCESS = "process"  # noted, but it does not count
    PRECONDITION = "precondition"  # likewise


class SocietalResult(models.Model):
    """One aim for one area. `version` rises with every change, so that two writers cannot overwrite each other."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    municipality_code = models.CharField(max_length=10)
    area_code = models.CharField(max_length=100)
    ambition_code = models.CharField(max_length=100)
    statement_nl = models.TextField()
    motivation_nl = models.TextField(blank=True)
    kind = models.CharField(max_length=12, choices=ResultKind, default=ResultKind.CONTENT)
    rule = models.CharField(max_length=12)  # monitoring/results.py: each | combination | average
    target_kind = models.CharField(max_length=12)  # improvement | level | benchmark
    target_amount = models.FloatField(null=True)  # in the unit; percentage points for percentages
    benchmark_code = models.CharField(max_length=100, blank=True)  # the area whose figure is the target
    baseline_kind = models.CharField(max_length=12)
    baseline_start = models.DateField()
    baseline_end = models.DateField()  # exclusive
    target_period_kind = models.CharField(max_length=12)
    target_start = models.DateField()
    target_end = models.DateField()  # exclusive
    partner_codes = ArrayField(models.CharField(max_length=100), default=list)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(target_start__gte=models.F("baseline_end")), name="result_target_after_baseline"
            ),
            models.CheckConstraint(
                condition=models.Q(target_kind="benchmark") ^ models.Q(target_amount__isnull=False),
                name="result_amount_or_benchmark",
            ),
            models.CheckConstraint(
                condition=models.Q(target_kind="benchmark") ^ models.Q(benchmark_code=""), name="result_benchmark_named"
            ),
        ]
        indexes = [models.Index(fields=["municipality_code", "area_code"], name="result_of_area")]


class ResultIndicator(models.Model):
    """An indicator by which the result is measured, what must hold for a person to count, and which way is better."""

    result = models.ForeignKey(SocietalResult, on_delete=models.CASCADE, related_name="indicators")
    place = models.PositiveSmallIntegerField()
    indicator_code = models.CharField(max_length=100)
    condition_nl = models.TextField(blank=True)
    direction = models.CharField(max_length=14)  # higher-better | lower-better

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["result", "indicator_code"], name="result_indicator_once"),
            models.CheckConstraint(
                condition=models.Q(direction__in=["higher-better", "lower-better"]), name="result_indicator_direction"
            ),
        ]
