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
    minimums = models.JSONField(default=list)  # where a measure had its own: [{"measure", "minimum", "reason"}]
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
    unpaired = ArrayField(models.CharField(max_length=40), default=list)  # ratios that its counts do not give
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


class ReleaseBasis(models.Model):
    """The true numbers behind one table of a release, withheld ones included; never shown to anyone.

    A later release weighs with them what the two together would give away.
    """

    ledger_rights = "append-only"

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="bases")
    municipality_code = models.CharField(max_length=10)
    intervention_code = models.CharField(max_length=100)
    measure = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    atoms = models.JSONField()  # monitoring/services/releasing/release_bases.py

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "intervention_code", "measure", "year"], name="release_basis_once"
            )
        ]


class DisclosureMinimum(models.Model):
    """The smallest count that a municipality's releases may show, with the reason; the newest one counts."""

    ledger_rights = "append-only"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    municipality_code = models.CharField(max_length=10)
    measure = models.CharField(max_length=40, blank=True)  # empty: every measure without one of its own
    minimum = models.PositiveSmallIntegerField()
    reason = models.TextField()
    decided_by = models.CharField(max_length=100)
    decided_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["municipality_code", "measure", "decided_at"], name="disclosure_minimum")]
        constraints = [
            models.CheckConstraint(condition=models.Q(minimum__gte=3), name="disclosure_minimum_protects"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="disclosure_minimum_reason"),
        ]
