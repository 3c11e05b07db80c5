from django.db import models


class Organisation(models.Model):
    """A provider of activities: welfare, sport, school, youth care. Shared by all municipalities."""

    code = models.CharField(max_length=100, primary_key=True)
    name = models.CharField(max_length=300)
    identifier_kind = models.CharField(max_length=20, blank=True)  # oin | kvk | rsin
    identifier = models.CharField(max_length=30, blank=True)  # text: leading zeros count
    website = models.TextField(blank=True)
    demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.code
