"""Released figures: frozen, numbered editions under disclosure control (DOMAIN.md §8)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class Release(models.Model):
    """One edition of a municipality's safe figures, with the settings it was made under."""

    ledger_rights = "append-only"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    municipality_code = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    released_at = models.DateTimeField(db_default=Now())
    released_by = models.CharField(max_length=100)
    minimum = models.PositiveSmallIntegerField()  # smallest count that may be shown
    checksum = models.CharField(max_length=64)
    cell_count = models.PositiveIntegerField()
    withheld_count = models.PositiveIntegerField()
    demo = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality_code", "number"], name="release_number_once")]


class ReleasedCell(models.Model):
    """Intervention × area × period × measure of one release: safe counts, or the fact that they are withheld."""

    ledger_rights = "append-only"

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="cells")
    intervention_code = models.CharField(max_length=100)
    measure = models.CharField(max_length=40)
    area_code = models.CharField(max_length=100)
    period_kind = models.CharField(max_length=12)
    period_start = models.DateField()
    period_end = models.DateField()
    counts = ArrayField(models.BigIntegerField(null=True))
    withheld = ArrayField(models.BooleanField())  # per component; never says which is primary
    deliverer_count = models.PositiveIntegerField()
    expected_count = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "release",
                    "intervention_code",
                    "measure",
                    "area_code",
                    "period_kind",
                    "period_start",
                ],
                name="released_cell_once",
            )
        ]
