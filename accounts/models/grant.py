from django.db import models

from accounts.models.client import Client
from accounts.models.municipality import Municipality
from accounts.models.user import User
from accounts.roles import NAMES, ROLES


class RoleGrant(models.Model):
    """A role for one client or person at one municipality; for a partner also the organisation."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, related_name="grants")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="grants")
    role = models.CharField("rol", max_length=30, choices=[(role, NAMES[role]) for role in ROLES])
    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, verbose_name="gemeente")
    organisation_code = models.CharField("organisatie (alleen bij partner)", max_length=100, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "rol", "rollen"
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

    def __str__(self) -> str:
        return f"{self.role} {self.municipality_id} {self.organisation_code}".strip()
