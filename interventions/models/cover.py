"""What readers who keep coverage between requests look at, to know what they must read again."""

from django.db import models


class CoverMark(models.Model):
    """An offering, with the revision of its city in which what it covers last changed.

    Written in the transaction of the change. Within a city revisions follow the order of commits: a writer holds the
    city until its commit (services/register/marking.py).
    """

    offering_code = models.CharField(max_length=100, primary_key=True)
    municipality_code = models.CharField(max_length=10)
    revision = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["municipality_code", "revision"], name="cover_mark_of_city")]
