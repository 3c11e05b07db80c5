"""Code lists of interventions: effect ladder, databases of recognised interventions, types of service."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EffectLevel(models.Model):
    """A step of the effect ladder, 0 to 4."""

    level = models.PositiveSmallIntegerField(_("trede"), primary_key=True)
    code = models.CharField(max_length=60, unique=True)
    name_nl = models.CharField(_("naam"), max_length=300)
    name_en = models.CharField(max_length=300)
    question_nl = models.TextField(blank=True)
    question_en = models.TextField(blank=True)
    recognition_nl = models.TextField(blank=True)
    recognition_en = models.TextField(blank=True)
    required_nl = models.TextField(blank=True)
    required_en = models.TextField(blank=True)
    databank_eligible = models.CharField(max_length=10, blank=True)
    source = models.TextField()

    class Meta:
        verbose_name, verbose_name_plural = _("trede van de effectladder"), _("effectladder")

    def __str__(self) -> str:
        return self.code


class InterventionDatabase(models.Model):
    """A database in which committees recognise interventions."""

    code = models.CharField(max_length=60, primary_key=True)
    name = models.CharField(_("naam"), max_length=300)
    institute = models.CharField(_("instituut"), max_length=300)
    theme_nl = models.CharField(max_length=300)
    theme_en = models.CharField(max_length=300)
    url = models.TextField()
    source = models.TextField()

    class Meta:
        verbose_name, verbose_name_plural = _("databank met interventies"), _("databanken met interventies")

    def __str__(self) -> str:
        return self.code


class ServiceType(models.Model):
    """A type of service; it decides which outcome measures fit."""

    code = models.CharField(max_length=60, primary_key=True)
    name_nl = models.CharField(_("naam"), max_length=300)
    name_en = models.CharField(max_length=300)
    group_code = models.CharField(max_length=60)
    group_nl = models.CharField(_("groep"), max_length=300)
    group_en = models.CharField(max_length=300)
    source = models.TextField()

    class Meta:
        verbose_name, verbose_name_plural = _("soort dienst"), _("soorten diensten")

    def __str__(self) -> str:
        return self.code
