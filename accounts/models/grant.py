from django.db import models

from accounts.models.client import Client
from accounts.models.municipality import Municipality
from accounts.models.user import User
from accounts.roles import ROLES


class RoleGrant(models.Model):
    """A role for one client or person at one municipality; for a partner also the organisation."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, related_name="grants")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="grants")
    role = models.CharField(max_length=30, choices=[(role, role) for role in ROLES])
    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE)
    organisation_code = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(client__isnull=False, user__isnull=True)
                | models.Q(client__isnull=True, user__isnull=False),
                name="grant_for_one",
            ),
            models.CheckConstraint(
                condition=~models.Q(role="partner") | ~models.Q(organisation_code=""),
                name="partner_has_organisation",
            ),
            models.UniqueConstraint(
                fields=["client", "user", "role", "municipality", "organisation_code"],
                nulls_distinct=False,
                name="grant_once",
            ),
        ]
