from datetime import date

from django.db import models

from monitoring.periods import overlap


class MeasurementPlan(models.Model):
    """For one offering and one measure: how it is measured, how often, among whom, how many are expected."""

    municipality_code = models.CharField(max_length=10)
    organisation_code = models.CharField(max_length=100)
    offering_code = models.CharField(max_length=100)
    measure = models.CharField(max_length=40)  # monitoring/measures.py
    monitor_type = models.CharField(max_length=12)  # sample | periodic | continuous
    period_kind = models.CharField(max_length=12)
    among_nl = models.TextField(blank=True)
    expected_count = models.PositiveIntegerField(null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)  # exclusive
    version = models.PositiveIntegerField(default=1)
    demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offering_code", "measure", "valid_from"], name="measurement_plan_once"),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gt=models.F("valid_from")),
                name="measurement_plan_validity",
            ),
        ]
        indexes = [
            # every delivery is told how much of what its organisation is asked has come
            models.Index(fields=["municipality_code", "organisation_code"], name="measurement_plan_owner")
        ]

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def overlaps(self, start: date, end: date | None) -> bool:
        """Does it hold on any day of start..end? Half-open; None is open."""
        return overlap(self.valid_from, self.valid_until, start, end)
