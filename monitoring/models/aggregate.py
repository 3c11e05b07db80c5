"""Working aggregates, kept by workers (DOMAIN.md §8)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class AggregateMark(models.Model):
    """The cells of reports alike in all but their area are stale. Written with the reports, claimed by deleting it."""

    municipality_code = models.CharField(max_length=10)
    offering_code = models.CharField(max_length=100)
    measure = models.CharField(max_length=40)
    area_codes = ArrayField(models.CharField(max_length=100))
    period_kind = models.CharField(max_length=12)
    period_start = models.DateField()
    marked_at = models.DateTimeField(db_default=Now())


class Aggregate(models.Model):
    """One working cell: subject × measure × area × period, recomputed from its reports, never incremented."""

    # what tells cells apart comes first: a row is written in less than half the time
    pk = models.CompositePrimaryKey(
        "municipality_code", "subject_code", "area_code", "period_start", "measure", "period_kind", "subject_kind"
    )
    municipality_code = models.CharField(max_length=10)
    subject_kind = models.CharField(max_length=12)  # offering | intervention | factor | goal
    subject_code = models.CharField(max_length=100)
    organisation_code = models.CharField(max_length=100, blank=True)  # of an offering
    measure = models.CharField(max_length=40)
    area_code = models.CharField(max_length=100)
    period_kind = models.CharField(max_length=12)
    period_start = models.DateField()
    period_end = models.DateField()
    counts = ArrayField(models.BigIntegerField(null=True))
    paired = ArrayField(models.BigIntegerField(null=True), null=True)  # see Combined; mostly null
    lowest = models.SmallIntegerField(null=True)
    highest = models.SmallIntegerField(null=True)
    report_count = models.PositiveIntegerField()
    deliverer_count = models.PositiveIntegerField()
    expected_count = models.PositiveIntegerField(null=True)


class AggregateCheck(models.Model):
    """One comparison of a municipality's working cells with a rebuild; what differed was repaired in it."""

    ledger_rights = "append-only"

    municipality_code = models.CharField(max_length=10)
    checked_at = models.DateTimeField(db_default=Now())
    cell_count = models.PositiveBigIntegerField()
    differing_count = models.PositiveBigIntegerField()  # 0: the incremental state was right

    class Meta:
        indexes = [models.Index(fields=["municipality_code", "-checked_at"], name="aggregate_check_newest")]
