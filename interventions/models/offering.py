"""An offering delivers an intervention somewhere, for someone, for some time (DOMAIN.md §6)."""

from django.db import models

from interventions.models.codelist import ServiceType
from interventions.models.intervention import Intervention, codes
from interventions.models.organisation import Organisation
from interventions.querysets import AgreementQuerySet, OfferingQuerySet


class Offering(models.Model):
    """One organisation delivers one intervention in some areas (or the whole city) over some period."""

    code = models.CharField(max_length=100, primary_key=True)
    municipality_code = models.CharField(max_length=10)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="offerings")
    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, related_name="offerings")
    service_type = models.ForeignKey(ServiceType, on_delete=models.PROTECT)
    name_nl = models.CharField(max_length=300)
    city_wide = models.BooleanField(default=False)
    area_codes = codes(100)
    target_group_nl = models.TextField(blank=True)
    life_phases = codes()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)  # exclusive
    intended_reach = models.PositiveIntegerField(null=True)
    volume = models.TextField(blank=True)
    dose = models.TextField(blank=True)
    adaptations_nl = models.TextField(blank=True)
    demo = models.BooleanField(default=False)

    objects = OfferingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="offering_period",
            ),
            models.CheckConstraint(
                condition=models.Q(city_wide=True) | ~models.Q(area_codes=[]), name="offering_is_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Agreement(models.Model):
    """What the municipality and the provider agreed about an offering. Amounts stay inside the municipality."""

    code = models.CharField(max_length=100, primary_key=True)
    municipality_code = models.CharField(max_length=10)
    offering = models.ForeignKey(Offering, on_delete=models.CASCADE, related_name="agreements")
    order_number = models.CharField(max_length=60, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # euro
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)  # exclusive
    account_holder = models.CharField(max_length=100, blank=True)  # an id, never a name
    quality_nl = models.TextField(blank=True)
    quality_status = models.CharField(max_length=12, blank=True)  # kept | partly-kept | not-kept; empty: not discussed
    measuring_nl = models.TextField(blank=True)
    demo = models.BooleanField(default=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            # equal dates are a zero-day agreement, which holds on no day
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=models.F("valid_from")),
                name="agreement_period",
            ),
            models.CheckConstraint(
                condition=models.Q(quality_status__in=["", "kept", "partly-kept", "not-kept"]),
                name="agreement_quality_status",
            ),
        ]

    def __str__(self) -> str:
        return self.code
