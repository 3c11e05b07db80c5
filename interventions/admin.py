"""The code lists of interventions, to look at."""

from django.contrib import admin

from config.administration import ReadOnly
from interventions.models import EffectLevel, InterventionDatabase, ServiceType


@admin.register(EffectLevel)
class EffectLevels(ReadOnly):
    list_display = ("level", "name_nl")
    ordering = ("level",)


@admin.register(InterventionDatabase)
class InterventionDatabases(ReadOnly):
    list_display = ("code", "name", "institute")
    ordering = ("code",)


@admin.register(ServiceType)
class ServiceTypes(ReadOnly):
    list_display = ("code", "name_nl", "group_nl")
    ordering = ("code",)
