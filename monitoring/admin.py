"""Sources of figures, to look at."""

from django.contrib import admin

from config.administration import ReadOnly
from monitoring.models import DataSource


@admin.register(DataSource)
class DataSources(ReadOnly):
    list_display = ("code", "name_nl", "licence")
    ordering = ("code",)
