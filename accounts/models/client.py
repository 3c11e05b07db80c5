from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from accounts.tokens import Bearer


class Client(models.Model):
    """A machine client: another program, or a partner's own system."""

    code = models.CharField(max_length=100, primary_key=True)
    name = models.CharField(max_length=200)
    demo = models.BooleanField(default=False)

    class Meta:
        verbose_name, verbose_name_plural = "toepassing", "toepassingen"

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


class OutsideIdentity(models.Model):
    """How an outside issuer of access tokens names a client of ours. `subject` is the `sub` of its own tokens."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=255)
    issuer_client = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    created_at = models.DateTimeField(db_default=Now())
    last_used_at = models.DateTimeField(null=True)  # written by a task, a minute late at most

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "issuer_client"], name="identity_of_one_client")]

    @property
    def bearer(self) -> Bearer:
        return Bearer(self.issuer, self.issuer_client, self.subject)

    def __str__(self) -> str:
        return f"{self.issuer_client} at {self.issuer}"
