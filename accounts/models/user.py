import uuid

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.db import models
from django.utils.functional import cached_property


class User(AbstractBaseUser, PermissionsMixin):
    """A person who logs in to pages. Known elsewhere by id only. A superuser looks after the whole installation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    username = models.CharField("naam om in te loggen", max_length=150, unique=True)
    email = models.EmailField("e-mailadres", blank=True)
    is_active = models.BooleanField("mag inloggen", default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField("sinds", auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name, verbose_name_plural = "persoon", "personen"

    def __str__(self) -> str:
        return str(self.id)

    @cached_property
    def administered(self) -> frozenset[str]:
        """Codes of the municipalities whose accounts this person looks after by a role."""
        grants = self.grants.filter(role="administrator")
        return frozenset(grants.values_list("municipality_id", flat=True))
