from django.contrib.postgres.fields import ArrayField
from django.db import models


def codes() -> ArrayField:
    return ArrayField(models.CharField(max_length=100), default=list)


class OfferingFact(models.Model):
    """A dated copy of what monitoring must know of an offering: facts and codes, no labels. The newest is current."""

    offering_code = models.CharField(max_length=100)
    xid = models.BigIntegerField()  # the outbox row it came from
    position = models.BigIntegerField()
    known_from = models.DateTimeField(auto_now_add=True)
    current = models.BooleanField(default=True)
    municipality_code = models.CharField(max_length=10)
    organisation_code = models.CharField(max_length=100)
    intervention_code = models.CharField(max_length=100)
    service_type = models.CharField(max_length=60)
    city_wide = models.BooleanField()
    area_codes = codes()
    factor_codes = codes()
    domain_codes = codes()  # of the goals it serves
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)  # exclusive
    agreements = models.JSONField(default=list)  # [{"validFrom", "validUntil"}], no amounts
    intended_reach = models.PositiveIntegerField(null=True)
    demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offering_code", "position"], name="offering_fact_once"),
            models.UniqueConstraint(
                fields=["offering_code"], condition=models.Q(current=True), name="offering_fact_one_current"
            ),
        ]
