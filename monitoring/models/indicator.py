"""What is measured, in which definition, and what it speaks about (DOMAIN.md §4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DataSource(models.Model):
    """A body that publishes figures."""

    code = models.CharField(max_length=100, primary_key=True)
    name_nl = models.CharField(_("naam"), max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    url = models.TextField(blank=True)
    licence = models.CharField(_("licentie"), max_length=60, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("bron van cijfers"), _("bronnen van cijfers")

    def __str__(self) -> str:
        return self.code


class Indicator(models.Model):
    """Something measured per area and period."""

    code = models.CharField(max_length=100, primary_key=True)
    municipality_code = models.CharField(max_length=10, blank=True)  # empty: shared by all
    name_nl = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    kind = models.CharField(max_length=12)  # effect | realisation | context | process
    unit = models.CharField(max_length=40, blank=True)
    decimals = models.PositiveSmallIntegerField(default=1)
    direction = models.CharField(max_length=14, blank=True)  # higher-better | lower-better | neutral; empty: not said
    direction_basis = models.CharField(max_length=40, blank=True)
    themes = models.JSONField(default=list)
    population_nl = models.TextField(blank=True)
    frequency = models.CharField(max_length=200, blank=True)
    every_months = models.PositiveSmallIntegerField(null=True)  # how often it appears; null: not regularly, or not said
    next_expected = models.CharField(max_length=40, blank=True)  # a period, ISO 8601
    source_body = models.TextField(blank=True)
    how_measured_nl = models.TextField(blank=True)
    combine_areas = models.CharField(
        max_length=20, default="none"
    )  # sum | pooled-ratio | weighted-mean | mean-of-areas | none
    combine_periods = models.CharField(max_length=20, default="none")  # sum | pooled-ratio | mean | last | none
    relevant_difference = models.FloatField(null=True)  # in the unit; decides where no counts are known
    relevant_difference_basis = models.CharField(max_length=40, blank=True)  # who says so; `our reading` if we do
    source = models.TextField(blank=True)
    demo = models.BooleanField(default=False)


class IndicatorDefinition(models.Model):
    """One definition version; series of different versions are never joined."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="definitions")
    version = models.CharField(max_length=60, blank=True)  # empty: the source names none
    description_nl = models.TextField(blank=True)
    valid_from = models.PositiveSmallIntegerField(null=True)
    valid_until = models.PositiveSmallIntegerField(null=True)
    order = models.PositiveSmallIntegerField(default=0)  # the highest is the current one
    source = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "version"], name="indicator_definition_once")]


class IndicatorLink(models.Model):
    """The indicator speaks about a factor or a domain. `inverse`: more of the one is less of the other."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="links")
    target_kind = models.CharField(max_length=10)  # factor | domain
    target_code = models.CharField(max_length=100)
    role = models.CharField(max_length=20)  # prevalence | measures | context
    inverse = models.BooleanField(default=False)
    basis = models.CharField(max_length=40)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "target_kind", "target_code", "role"], name="indicator_link_once"
            )
        ]
