"""What is derived from observations to read them fast (docs/adr/0009). The rows stay the truth."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.expressions import RawSQL

from monitoring.models.observation import KEY

SERIES_KEY = [*(name for name in KEY if not name.startswith(("period", "area_year"))), "municipality_code"]
"""What the points of one series share: never another definition, statistic, population or source."""


class ObservationSeries(models.Model):
    """All observations of one area, indicator, definition, population, statistic, source and owner, by time.

    Arrays of one length: period_starts, period_ends, area_years, values and, unless none is known, numerators and
    denominators. details: JSON list of what else a point says (services/figures/series.py DETAILS), one entry per
    point, or a single entry that holds for all of them.
    """

    pk = models.CompositePrimaryKey(*SERIES_KEY)
    area_code = models.CharField(max_length=100)
    indicator_code = models.CharField(max_length=100)
    definition_version = models.CharField(max_length=60, blank=True)
    population = models.CharField(max_length=200, blank=True)
    statistic = models.CharField(max_length=20)
    source_code = models.CharField(max_length=100)
    municipality_code = models.CharField(max_length=10, blank=True)
    period_starts = ArrayField(models.DateField())
    period_ends = ArrayField(models.DateField())
    area_years = ArrayField(models.SmallIntegerField())
    values = ArrayField(models.FloatField(null=True))
    numerators = ArrayField(models.FloatField(null=True), null=True)
    denominators = ArrayField(models.FloatField(null=True), null=True)
    details = models.TextField()


class FigureState(models.Model):
    """How far what is derived follows one area's observations. Area '' stands for what figures mean: areas, indicators.

    stamp: another number after every transaction that changed them. folded: the stamp at which the series were last
    made; series count only while both are equal.
    """

    area_code = models.CharField(max_length=100, primary_key=True)
    stamp = models.BigIntegerField(db_default=RawSQL("nextval('monitoring_figure_stamp')", []))
    folded = models.BigIntegerField(null=True)


class ProfileDocument(models.Model):
    """The profile of an area as it was sent, compressed. It counts only while the stamps are those of its areas.

    audience: who may see what is in it; only `public` so far. areas: whose figures it shows, sorted, '' among them.
    made_from: what else it depends on (the register's names and ranks, the code that made it), as a hash.
    """

    pk = models.CompositePrimaryKey("area_code", "language", "audience")
    area_code = models.CharField(max_length=100)
    language = models.CharField(max_length=2)
    audience = models.CharField(max_length=20, default="public")
    areas = ArrayField(models.CharField(max_length=100))
    stamps = ArrayField(models.BigIntegerField())
    made_from = models.CharField(max_length=64)
    tag = models.CharField(max_length=64)
    content = models.BinaryField()  # gzip
