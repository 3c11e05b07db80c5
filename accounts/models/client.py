from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class Client(models.Model):
    """A machine client: another program, or a partner's own system."""

    code = models.CharField(max_length=100, primary_key=True)
    name = models.CharField(max_length=200)
    demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.code


class ApiKey(models.Model):
    """One key of a client. Only its SHA-256 is kept; two may live at once, for rotation."""

    prefix = models.CharField(max_length=12, primary_key=True)
    digest = models.CharField(max_length=64)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="keys")
    scopes = ArrayField(models.CharField(max_length=60), default=list, blank=True)  # empty: all that the roles give
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)  # written by a task, a minute late at most

    def __str__(self) -> str:
        return self.prefix
