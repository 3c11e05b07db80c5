"""An intervention is described once; its ladder level has history (DOMAIN.md §6)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from interventions.models.codelist import EffectLevel, InterventionDatabase
from interventions.querysets import InterventionQuerySet


def codes(length: int = 60) -> ArrayField:
    return ArrayField(models.CharField(max_length=length), default=list, blank=True)


class Intervention(models.Model):
    """A method, programme or activity, by the elements the databases ask for. Shared by all municipalities."""

    code = models.CharField(max_length=100, primary_key=True)
    name_nl = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    kind = models.CharField(max_length=40)
    themes = codes()
    categories = codes()
    parent_code = models.CharField(max_length=100, blank=True)
    goal_nl = models.TextField(blank=True)
    target_group_nl = models.TextField(blank=True)
    approach_nl = models.TextField(blank=True)
    preconditions_nl = models.TextField(blank=True)
    effects_elsewhere_nl = models.TextField(blank=True)
    domain_codes = codes()
    life_phases = codes()
    life_domains = codes()
    prevention_levels = codes()  # universal | selective | indicated
    duration = models.CharField(max_length=12, blank=True)  # incidental | structural
    cost_indication = models.TextField(blank=True)
    focus_area_codes = codes(100)
    organisations_named = codes(300)
    reported_results = models.TextField(blank=True)
    result_type = models.CharField(max_length=60, blank=True)
    notes = models.TextField(blank=True)
    source = models.TextField(blank=True)
    demo = models.BooleanField(default=False)

    objects = InterventionQuerySet.as_manager()

    def __str__(self) -> str:
        return self.code


class InterventionFactor(models.Model):
    """The intervention works on this factor. `direction` is reduce, strengthen, or empty when no source says."""

    intervention = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="factors")
    factor_code = models.CharField(max_length=100)
    direction = models.CharField(max_length=12, blank=True)
    basis = models.CharField(max_length=60)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["intervention", "factor_code"], name="intervention_factor_once"),
            models.CheckConstraint(
                condition=models.Q(direction__in=["", "reduce", "strengthen"]), name="intervention_factor_direction"
            ),
        ]


class Recognition(models.Model):
    """An effect-ladder level of an intervention from–until, with who recognised it. No current one: not listed."""

    intervention = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="recognitions")
    level = models.ForeignKey(EffectLevel, on_delete=models.PROTECT)
    database = models.ForeignKey(InterventionDatabase, on_delete=models.PROTECT, null=True)
    committee = models.CharField(max_length=300, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)  # exclusive
    url = models.TextField(blank=True)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["intervention", "valid_from"], name="recognition_once"),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gt=models.F("valid_from")),
                name="recognition_period",
            ),
        ]
