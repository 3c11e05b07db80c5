from django.db import models


class Municipality(models.Model):
    """A tenant. Its code is the CBS code (GM0363) and stands on every row that belongs to it."""

    code = models.CharField(max_length=10, primary_key=True)
    name = models.CharField(max_length=100)
    demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.code
